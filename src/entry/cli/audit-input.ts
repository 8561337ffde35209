/** The files that an audit reads: opened before anything is said of what they hold. */
import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { unreadable } from './tell.ts';

/** A file's bytes. Throws a Fault `input` where it cannot be opened. */
export async function openFile(path: string): Promise<ReadStream> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw unreadable(path, error);
  }
}
