/** The commands about the policy: `policy check`, `explain`, `test`, `add-person` and `guidelines`. */

import type { Command } from 'commander';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { unsignedWarning } from '../../policy/unsigned.ts';
import { apiFromShell } from './api.ts';
import { readOrTell, tell, tellingFaults } from './tell.ts';

const POLICY = '.github/debug-approval.yml';

/** Adds `policy` to the program. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('The policy.');
  policy
    .command('check')
    .description('Check a policy file; every mistake is named with its line and column.')
    .argument('[file]', 'the policy', POLICY)
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  debug-approval policy check ${POLICY}`)
    .action((file: string, options: { json?: true }) => tellingFaults(options.json, () => check(file, options)));
  policy
    .command('explain')
    .description('Say who may ask and who must approve: which rules apply, what the verdict is, who is pinged.')
    .argument('[file]', 'the policy', POLICY)
    .requiredOption('--runbook <key>', 'what is asked for')
    .requiredOption('--target <key>', 'where it is to run')
    .requiredOption('--as <person>', 'who asks: a key of people')
    .option('--inputs <json>', "the runbook's inputs, as a JSON object", '{}')
    .option('--urgency <urgency>', 'low, normal or high', 'normal')
    .option('--at <time>', 'when it is asked, RFC 3339 (default: now)')
    .option('--break-glass', 'as an emergency')
    .option('--approved-by <person>', 'what if they approved; may be given several times', collect)
    .option('--denied-by <person>', 'what if they denied; may be given several times', collect)
    .option('--member <group=person>', 'who is in a group of a directory; may be given several times', collect)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nExit code 0: it may be asked and could be, or is, approved. 1: not so. 2: wrong usage.',
        '\nExamples:',
        '  debug-approval policy explain --runbook hello --target staging --as ana',
        '  debug-approval policy explain --runbook hello --target staging --as ana --approved-by bo --json',
      ].join('\n'),
    )
    .action((file: string, options: ExplainOptions) =>
      tellingFaults(options.json, async () => {
        const { explainCommand } = await import('./explain-policy.ts');
        await explainCommand(file, options);
      }),
    );
  policy
    .command('test')
    .description('Hold the policy to cases that say what it must decide; for your CI.')
    .argument('<cases>', 'a file of cases; it names the policy, beside it')
    .option('--policy <file>', 'the policy, instead of the one that the cases name')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nExit code 0: every case holds. 1: one does not. 2: the cases or the policy cannot be read.',
        '\nExample:\n  debug-approval policy test examples/solo-team/cases.yml',
      ].join('\n'),
    )
    .action((cases: string, options: TestOptions) =>
      tellingFaults(options.json, async () => {
        const { testCommand } = await import('./test-policy.ts');
        await testCommand(cases, options);
      }),
    );
  policy
    .command('add-person')
    .description('Look a human up on GitHub and in Slack, and add them to the policy file; comments and layout stay.')
    .argument('<github-login>', 'their GitHub login')
    .argument('[slack-handle]', 'their Slack handle, display name or member id; left out: decides on GitHub only')
    .option('--key <key>', 'their key in the policy (default: the login)')
    .option('--name <name>', 'the name that people read (default: that of their GitHub or Slack profile)')
    .option('--group <group>', 'a group that they join; may be given several times', collect)
    .option('--file <file>', 'the policy', POLICY)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      [
        '\nEnvironment: GITHUB_TOKEN or GH_TOKEN; for Slack SLACK_BOT_TOKEN with the scope users:read;',
        'GITHUB_API_URL for GitHub Enterprise Server.',
        '\nExample:\n  debug-approval policy add-person ana-dev @ana --group sre',
      ].join('\n'),
    )
    .action((login: string, slack: string | undefined, options: AddPersonOptions) =>
      tellingFaults(options.json, async () => {
        const { addPersonCommand } = await import('./add-person.ts');
        await addPersonCommand(login, slack ?? null, options);
      }),
    );
  policy
    .command('guidelines')
    .description("Print what the channel's people must know, made from the policy; --post posts and pins it.")
    .argument('[file]', 'the policy', POLICY)
    .option('--post', "post it to the policy's channel with SLACK_BOT_TOKEN, and pin it")
    .option(
      '--repository <owner/name>',
      'the repository that it speaks of (default: GITHUB_REPOSITORY, or the remote origin)',
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  debug-approval policy guidelines --post')
    .action((file: string, options: GuidelinesOptions) =>
      tellingFaults(options.json, async () => {
        const { guidelinesCommand } = await import('./guidelines.ts');
        await guidelinesCommand(file, options);
      }),
    );
}

export interface ExplainOptions {
  runbook: string;
  target: string;
  as: string;
  inputs: string;
  urgency: string;
  at?: string;
  breakGlass?: true;
  approvedBy?: string[];
  deniedBy?: string[];
  member?: string[];
  json?: true;
}

export interface TestOptions {
  policy?: string;
  json?: true;
}

export interface GuidelinesOptions {
  post?: true;
  repository?: string;
  json?: true;
}

export interface AddPersonOptions {
  key?: string;
  name?: string;
  group?: string[];
  file: string;
  json?: true;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

async function check(file: string, options: { json?: true }): Promise<void> {
  const text = await readOrTell(file, options.json);
  if (text === null) return;
  const { loopback } = apiFromShell();
  const loaded = loadPolicy(text, { apiIsLoopback: loopback });
  if (loaded.ok) {
    const warnings = loaded.policy.signers.unsigned === 'accept' ? [unsignedWarning(file)] : [];
    const words = [`${file}: no mistakes.`, ...warnings.map((one) => `Warning: ${one}`)];
    return tell(0, words.join('\n'), options.json, { problems: [], warnings });
  }
  tell(1, formatProblems(file, loaded.problems), options.json, { problems: loaded.problems });
}
