/** The commands about logs as evidence: `audit verify`. */
import type { Command } from 'commander';
import { verifyExport } from '../../log/export.ts';
import { onTerminal } from '../terminal-text.ts';
import { readOrTell, tell } from './tell.ts';

/** Adds `audit` to the program. */
export function addAudit(program: Command): void {
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
    .action(verify);
}

async function verify(file: string, options: { json?: true; require?: string; head?: string }): Promise<void> {
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
}
