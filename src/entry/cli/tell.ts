/** How every command of the command line speaks: to people or as JSON, with exit code 0 yes, 1 no, 2 not determined. */
import { readFile } from 'node:fs/promises';
import { Fault } from '../../app/fault.ts';
import { onTerminal } from '../terminal-text.ts';

export type ExitCode = 0 | 1 | 2;
type Json = true | undefined;

/** Prints for people or machines, and sets the exit code. */
export function tell(code: ExitCode, words: string, json: Json, data: object): void {
  process.exitCode = code;
  if (json === true) console.log(JSON.stringify({ ...data, message: words, exitCode: code }));
  else (code === 0 ? console.log : console.error)(words.split('\n').map(onTerminal).join('\n'));
}

/** A file's text; null once it is told why there is none. */
export async function readOrTell(file: string, json: Json): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { message, remedy } = unreadable(file, error);
    tell(2, `${message}\n${remedy}`, json, {});
    return null;
  }
}

/** That a file could not be opened or read, as a Fault `input`. */
export function unreadable(file: string, error: unknown): Fault {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    const why = `there is no such file, as seen from ${process.cwd()}`;
    const remedy = 'Name the file, or go to the top of the repository that has it.';
    return new Fault('input', `${file} cannot be read: ${why}.`, remedy, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Fault('input', `${file} cannot be read: ${why}.`, 'Name a file that you may read.', { cause: error });
}

/** Does a command's work and tells why it failed: 1 where the answer is no, 2 where there is none. */
export async function tellingFaults(json: Json, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Fault) {
      return tell(error.code === 'refused' ? 1 : 2, `${error.message}\n${error.remedy}`, json, { code: error.code });
    }
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell(2, `Something unexpected went wrong: ${why}`, json, {});
  }
}
