#!/usr/bin/env node
/** The command line: verify a log, check a policy. Exit codes: 0 yes, 1 no, 2 could not be determined or wrong usage. */
import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { verifyExport } from '../log/export.ts';
import { formatProblems, loadPolicy } from '../policy/load.ts';
import { onTerminal } from './terminal-text.ts';
import { VERSION } from './version.ts';

const program = new Command('debug-approval')
  .description('Debug in production safely: approvals in Slack, the audit log in an issue.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(see debug-approval --help)')
  .addHelpText('after', '\nExit codes: 0 yes, 1 no, 2 could not be determined or wrong usage.');

program
  .command('audit')
  .description('Logs as evidence.')
  .command('verify')
  .description("Verify an exported log: each record's hash, chain, signature and role.")
  .argument('<file>', 'an export, as JSON Lines')
  .option('--json', 'print one JSON object')
  .option(
    '--head <hash>',
    'a record that must be there, as known from elsewhere (`log-head`, a summary, another export)',
  )
  .option('--require <grade>', '`proven`: exit 2 unless the keys come from elsewhere than the file itself')
  .addHelpText(
    'after',
    '\nExamples:\n  debug-approval audit verify log.jsonl\n  debug-approval audit verify log.jsonl --json\n  debug-approval audit verify log.jsonl --head sha256:4f…',
  )
  .action(async (file: string, options: { json?: true; require?: string; head?: string }) => {
    if (options.require !== undefined && options.require !== 'proven') {
      return tell(2, `--require takes "proven", not "${options.require}".`, options.json, {});
    }
    const text = await readOrTell(file, options.json);
    if (text === null) return;
    const verdict = await verifyExport(text, options.head === undefined ? {} : { head: { hash: options.head } });
    const code = ({ whole: 0, broken: 1, unknown: 2 } as const)[verdict.status];
    if (code === 0 && options.require === 'proven') {
      const why = `${onTerminal(verdict.why)} But the keys come from the file itself, so this is ${verdict.grade}.`;
      return tell(2, why, options.json, verdict);
    }
    const where = verdict.record === null ? '' : `Record ${verdict.record}: `;
    const grade = code === 0 ? ` (${verdict.grade}: verified with the keys in the file itself)` : '';
    tell(code, `${verdict.status}: ${where}${onTerminal(verdict.why)}${grade}`, options.json, verdict);
  });

program
  .command('policy')
  .description('The policy.')
  .command('check')
  .description('Check a policy file; every mistake is named with its line and column.')
  .argument('[file]', 'the policy', '.github/debug-approval.yml')
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExample:\n  debug-approval policy check .github/debug-approval.yml')
  .action(async (file: string, options: { json?: true }) => {
    const text = await readOrTell(file, options.json);
    if (text === null) return;
    const loaded = loadPolicy(text, { apiIsLoopback: false });
    if (loaded.ok) return tell(0, `${file}: no mistakes.`, options.json, { problems: [] });
    tell(1, formatProblems(file, loaded.problems), options.json, { problems: loaded.problems });
  });

/** Prints for people or machines, and sets the exit code. */
function tell(code: 0 | 1 | 2, words: string, json: true | undefined, data: object): void {
  process.exitCode = code;
  if (json === true) console.log(JSON.stringify({ ...data, message: words, exitCode: code }));
  else (code === 0 ? console.log : console.error)(words.split('\n').map(onTerminal).join('\n'));
}

async function readOrTell(file: string, json: true | undefined): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    tell(2, `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, json, {});
    return null;
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
