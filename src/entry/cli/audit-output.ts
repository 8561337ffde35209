/** Where an audit writes: a file that stands beside its place as `.part` until it is whole, or standard output. */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { Fault } from '../../app/fault.ts';

/** Takes pieces of text. A piece that it took stays, whatever happens to the next. */
export interface Output {
  put(piece: string): Promise<void>;
  /** What was put is whole: it gets its name. */
  finish(): Promise<void>;
  /** What was put stays as it is, to be gone on with. */
  leave(): Promise<void>;
  /** What was put is worth nothing. */
  drop(): Promise<void>;
}

/** Where a file stands until it is whole. */
export const partOf = (file: string): string => `${file}.part`;

/** So many characters are written at once. */
const PIECE = 65_536;

/** Writes all that comes, some at a time; where what comes ends in an error, all that came before is written first. */
export async function writeAll(lines: AsyncIterable<string>, output: Output): Promise<void> {
  let held = '';
  try {
    for await (const line of lines) {
      held += line;
      if (held.length < PIECE) continue;
      const piece = held;
      held = '';
      await output.put(piece);
    }
  } finally {
    if (held !== '') await output.put(held);
  }
}

/**
 * A file that is written anew, or gone on with behind its first `bytes`. Throws a Fault `input` where one stands there already
 * and must not be overwritten, or where nothing can be written.
 */
export async function fileOutput(file: string, how: { force: boolean; bytes: number | null }): Promise<Output> {
  const part = partOf(file);
  if (!how.force) await refuseExisting(file, how.bytes === null);
  const handle = await writing(part, () => open(part, how.bytes === null ? 'w' : 'r+'));
  const { bytes } = how;
  if (bytes !== null) await writing(part, () => handle.truncate(bytes));
  let at = bytes ?? 0;
  return {
    async put(piece) {
      at = await writing(part, () => writeWhole(handle, piece, at));
    },
    async finish() {
      await writing(part, () => handle.sync());
      await handle.close();
      await writing(file, () => rename(part, file));
    },
    leave: () => handle.close(),
    async drop() {
      await handle.close();
      await writing(part, () => rm(part));
    },
  };
}

async function refuseExisting(file: string, anew: boolean): Promise<void> {
  if (await isThere(file)) {
    throw new Fault('input', `${file} is there already; it is not overwritten.`, 'Name another file, or give --force.');
  }
  if (anew && (await isThere(partOf(file)))) {
    throw new Fault(
      'input',
      `${partOf(file)} is there: what was cut short left it.`,
      'Go on with an export by --resume, or begin anew with --force.',
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw unwritable(path, error);
  }
}

async function writeWhole(handle: FileHandle, piece: string, from: number): Promise<number> {
  const bytes = Buffer.from(piece);
  let done = 0;
  while (done < bytes.length) {
    done += (await handle.write(bytes, done, bytes.length - done, from + done)).bytesWritten;
  }
  return from + done;
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return new Fault('input', `${path} could not be written: ${why}.`, 'Name a file in a folder that you may write to.', {
    cause: error,
  });
}

/** Standard output. Throws a Fault `input` where nobody reads it any more. */
export function standardOutput(stream: NodeJS.WriteStream = process.stdout): Output {
  // Each failure is told to the write that it meets; without a listener it would end the process besides.
  stream.on('error', () => {});
  return {
    put: (piece) =>
      new Promise((done, fail) => {
        stream.write(piece, (error) => (error ? fail(unwritable('Standard output', error)) : done()));
      }),
    finish: async () => {},
    leave: async () => {},
    drop: async () => {},
  };
}
