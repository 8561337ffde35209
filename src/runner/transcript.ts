/** Writes the masked output to the job log and to the transcript file, and knows the digest of what it wrote. */
import { createHash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';

export interface Transcript {
  write(chunk: Buffer): Promise<void>;
  /** Closes the file and lets log commands work again. `sha256:` and hex of the file's bytes. */
  close(): Promise<string>;
}

/**
 * Opens the transcript at `path`, which must not exist yet (so that no file or link placed there beforehand is written to),
 * and silences the runner's log commands: from here to `close` no line of the log that begins with `::` or `##[` is obeyed.
 * The log itself stays open. Throws the file system's error.
 */
export async function openTranscript(path: string, log: Writable): Promise<Transcript> {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  const resume = randomUUID();
  let lineOpen = false;
  await put(log, `::stop-commands::${resume}\n`);
  return {
    async write(chunk) {
      hash.update(chunk);
      await file.appendFile(chunk);
      await put(log, chunk);
      if (chunk.length > 0) lineOpen = chunk.at(-1) !== 0x0a;
    },
    async close() {
      await file.close();
      // The runner sees a command at the beginning of a line only.
      await put(log, `${lineOpen ? '\n' : ''}::${resume}::\n`);
      return `sha256:${hash.digest('hex')}`;
    },
  };
}

function put(log: Writable, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    log.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
