/** The commands about logs as evidence: `audit verify`, `audit export`, `audit report`. */
import { type Command, Option } from 'commander';
import { tellingFaults } from './tell.ts';

interface Where {
  repository?: string;
  policy: string;
  trust?: string[];
  issuer?: string;
  gatewayKey?: string[];
  json?: true;
}

export interface VerifyOptions extends Where {
  head?: string;
  sha256?: string;
  require?: string;
}

export const FORMATS = ['jsonl', 'cloudevents', 'ocsf'] as const;
export type Format = (typeof FORMATS)[number];

export interface ExportOptions extends Where {
  since?: string;
  until?: string;
  state?: string[];
  format: Format;
  output?: string;
  resume?: true;
  force?: true;
}

export interface ReportOptions extends Where {
  format: 'html' | 'md';
  output?: string;
  force?: true;
}

const ENVIRONMENT =
  '\nEnvironment, for what stands on GitHub: GITHUB_TOKEN or GH_TOKEN (reading issues and contents is enough);\nGITHUB_API_URL for GitHub Enterprise Server.';

/** What an option that may be repeated collects. */
const also = (value: string, before: string[] = []): string[] => [...before, value];

/** Adds `audit` to the program. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('Logs as evidence: verify them, keep them elsewhere, look at them.');
  addVerify(audit);
  addExport(audit);
  addReport(audit);
}

function where(command: Command): Command {
  return command
    .showHelpAfterError(`(see debug-approval audit ${command.name()} --help)`)
    .option('--repository <owner/name>', 'which repository (default: GITHUB_REPOSITORY, or the remote origin)')
    .option('--policy <path>', 'where the policy is on the default branch', '.github/debug-approval.yml')
    .option(
      '--trust <export>',
      'an export kept elsewhere: vouches for keys that GitHub publishes no more (repeatable)',
      also,
    )
    .option(
      '--issuer <url>',
      "who signs the jobs' OIDC tokens, where the API's address does not tell; another that the policy names proves nothing",
    )
    .option(
      '--gateway-key <thumbprint>',
      "a key of the gateway's, as the gateway prints it when it starts; others that the policy names prove nothing (repeatable)",
      also,
    );
}

function addVerify(audit: Command): void {
  where(audit.command('verify'))
    .description("Verify each record's hash, chain, signature and role, and that nothing was lost or changed.")
    .argument(
      '[what]',
      'an issue (number or address), owner/name, an export, or - for standard input (default: the whole repository)',
    )
    .option('--json', 'print one JSON object')
    .option('--head <hash>', 'a record that must be there, as known from elsewhere (`log-head`, a summary, an export)')
    .option('--sha256 <hex>', 'what `audit export` printed for the file, kept elsewhere: covers every byte of it')
    .option('--require <grade>', '`proven`: exit 2 unless every key is live, or vouched for by --trust')
    .addHelpText(
      'after',
      [
        ENVIRONMENT,
        'A file is verified without a network, unless --repository says whose keys and workflows to believe.',
        'Exit code 0: whole. 1: broken. 2: not determined, or less than --require.',
        '\nExamples:',
        '  debug-approval audit verify --repository acme/shop',
        '  debug-approval audit verify 12',
        '  debug-approval audit verify log.jsonl --trust last-year.jsonl --require proven',
        '  debug-approval audit verify acme/shop --json | jq \'.requests[] | select(.status != "whole")\'',
      ].join('\n'),
    )
    .action((what: string | undefined, options: VerifyOptions) =>
      tellingFaults(options.json, async () => {
        const { verifyCommand } = await import('./audit-verify.ts');
        await verifyCommand(what, options);
      }),
    );
}

function addExport(audit: Command): void {
  where(audit.command('export'))
    .description('Write logs to a file that anybody can verify, or as events for other systems.')
    .argument('[issue...]', 'these requests only (default: all of the repository)')
    .option(
      '--since <time|export>',
      'only what changed at or after it; of an export: since ten minutes before its newest change',
    )
    .option('--until <time>', 'only what changed last at or before it (a day: to its end)')
    .option('--state <state>', 'only requests that stand like this, such as finished or denied (repeatable)', also)
    .addOption(
      new Option('--format <format>', 'JSON lines each: the log itself, CloudEvents 1.0, or OCSF')
        .choices(FORMATS)
        .default('jsonl'),
    )
    .option('--output <file>', 'where to write (default: standard output); it stands as <file>.part until it is whole')
    .option('--resume', 'go on with the <file>.part that an export left which was cut short')
    .option('--force', 'overwrite the file, or begin anew where a <file>.part stands')
    .option('--json', 'print what was written as one JSON object; needs --output')
    .addHelpText(
      'after',
      [
        ENVIRONMENT,
        'Exit code 0: written. 1: written as events, and a log is broken. 2: not, or not all; what was written stays, and is gone on with by --resume.',
        '\nExamples:',
        '  debug-approval audit export --repository acme/shop --output 2026.jsonl',
        '  debug-approval audit export --since 2026.jsonl --output 2027.jsonl',
        '  debug-approval audit export 12 14 > two.jsonl',
        '  debug-approval audit export --since 2026-11-01T00:00:00Z --format ocsf | gzip > events.jsonl.gz',
      ].join('\n'),
    )
    .action((issues: string[], options: ExportOptions) =>
      tellingFaults(options.json, async () => {
        const { exportCommand } = await import('./audit-export.ts');
        await exportCommand(issues, options);
      }),
    );
}

function addReport(audit: Command): void {
  where(audit.command('report'))
    .description('Show what the logs say, for people who would rather look than read.')
    .argument('[what]', 'owner/name, an issue, an export, or - for standard input (default: the whole repository)')
    .addOption(
      new Option('--format <format>', 'one page that needs nothing else, or Markdown')
        .choices(['html', 'md'])
        .default('html'),
    )
    .option('--output <file>', 'where to write (default: debug-approval-report.html; Markdown to standard output)')
    .option('--force', 'overwrite the file')
    .option('--json', 'print what was written as one JSON object; needs a file')
    .addHelpText(
      'after',
      [
        ENVIRONMENT,
        'Exit code 0: written, and every log holds. 1: written, and a log is broken. 2: not determined.',
        '\nExamples:',
        '  debug-approval audit report --repository acme/shop',
        '  debug-approval audit report 2026.jsonl --output 2026.html',
        '  debug-approval audit report acme/shop --format md >> "$GITHUB_STEP_SUMMARY"',
      ].join('\n'),
    )
    .action((what: string | undefined, options: ReportOptions) =>
      tellingFaults(options.json, async () => {
        const { reportCommand } = await import('./audit-report.ts');
        await reportCommand(what, options);
      }),
    );
}
