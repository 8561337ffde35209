/** Reads the objects of a git repository by one `git cat-file --batch`, which stays: starting a program is what costs most. */
import { spawn } from 'node:child_process';
import { isolated } from './git.ts';

export interface StoredObject {
  oid: string;
  type: string;
  content: Buffer;
}

export interface GitObjects {
  /** What an expression of one line (`main`, `<commit>:<path>`, an object id) names now; null: nothing. Throws where git cannot be asked. */
  read(expression: string): Promise<StoredObject | null>;
  /** Ends git, if it was started; what is read afterwards starts it again. */
  close(): void;
}

interface Waiting {
  resolve(found: StoredObject | null): void;
  reject(error: Error): void;
}

/** Opens the repository in `directory` (bare or not); git is started by the first reading. */
export function openObjects(directory: string): GitObjects {
  let running: ReturnType<typeof startReading> | null = null;
  return {
    read(expression) {
      running ??= startReading(directory, () => {
        running = null;
      });
      return running.ask(expression);
    },
    close() {
      running?.end();
      running = null;
    },
  };
}

/** Starts git; it answers in the order in which it is asked. */
function startReading(directory: string, ended: () => void) {
  const child = spawn('git', ['cat-file', '--batch'], {
    cwd: directory,
    env: isolated(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting: Waiting[] = [];
  const stop = (error: Error): void => {
    ended();
    for (const one of waiting.splice(0)) one.reject(error);
  };
  child.once('error', stop);
  child.once('close', (code) => stop(new Error(`git cat-file ended with ${code} in ${directory}.`)));
  // Whoever is gone reads nothing more; that it is gone is told to all who wait.
  child.stdin.on('error', () => {});
  let unread: Buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (let answer = answerIn(unread); answer !== null; answer = answerIn(unread)) {
      unread = unread.subarray(answer.length);
      waiting.shift()?.resolve(answer.found);
    }
  });
  return {
    ask: (expression: string): Promise<StoredObject | null> =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${expression}\n`);
      }),
    end: (): void => void child.stdin.end(),
  };
}

const FOUND = /^([0-9a-f]{40,64}) (\w+) (\d+)$/;
const LINE_FEED = 10;

/** The first answer that is whole: a line, and after one that names an object its content and a line feed. */
function answerIn(unread: Buffer): { found: StoredObject | null; length: number } | null {
  const end = unread.indexOf(LINE_FEED);
  if (end < 0) return null;
  const [, oid = '', type = '', size = ''] = FOUND.exec(unread.toString('utf8', 0, end)) ?? [];
  if (oid === '') return { found: null, length: end + 1 };
  const from = end + 1;
  const to = from + Number(size);
  if (unread.length <= to) return null;
  return { found: { oid, type, content: Buffer.from(unread.subarray(from, to)) }, length: to + 1 };
}
