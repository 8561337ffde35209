/** A run of a Node program by the real Runner and starter, in a directory of its own. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/app/ports.ts';
import { DEFAULT_CHOICE, type RedactionChoice } from '../../src/redact/redactor.ts';
import { createRunner, type RunnerSetting } from '../../src/runner/run.ts';

export const STARTER = fileURLToPath(new URL('../../src/runner/exec.ts', import.meta.url));

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};

/** A clock on which a window of `windowMs` is over when `end` is called, and not before. */
export function windowThatEnds(windowMs: number): { clock: Clock; end(): void } {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const aborted = (signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  const sleep: Clock['sleep'] = (ms, signal) =>
    ms === windowMs ? Promise.race([over, aborted(signal)]) : realClock.sleep(ms, signal);
  return { clock: { now: realClock.now, sleep }, end };
}

export function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'runner-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface Rig {
  dir: string;
  /** What stands in the job log so far; `until` resolves once a text stands there. */
  log: { text(): string; until(text: string): Promise<void> };
  said: string[];
  /** Writes a program into the directory and gives the argument vector that runs it. */
  program(source: string, ...args: string[]): string[];
  run(
    argv: string[],
    over?: {
      windowMs?: number;
      secrets?: string[];
      choice?: RedactionChoice;
      signal?: AbortSignal;
      env?: Record<string, string>;
      cwd?: string;
      setting?: Partial<RunnerSetting>;
    },
  ): Promise<
    Awaited<ReturnType<ReturnType<typeof createRunner>['run']>> & { transcriptText: string; fileDigest: string }
  >;
}

export function rig(): Rig {
  const dir = directory();
  const said: string[] = [];
  const log = memoryLog();
  let programs = 0;
  return {
    dir,
    log,
    said,
    program(source, ...args) {
      programs += 1;
      const file = join(dir, `program-${programs}.mjs`);
      writeFileSync(file, `import fs from 'node:fs'; import { spawn } from 'node:child_process';\n${source}`);
      return [process.execPath, file, ...args];
    },
    async run(argv, over = {}) {
      const transcriptPath = join(dir, 'transcript.log');
      const progress = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
      const setting = { starter: STARTER, clock: realClock, progress, log: log.stream, transcriptPath };
      const result = await createRunner({ ...setting, graceMs: 5_000, ...over.setting }).run({
        argv,
        cwd: over.cwd ?? dir,
        env: over.env ?? { PATH: process.env['PATH'] ?? '' },
        windowMs: over.windowMs ?? 60_000,
        secrets: over.secrets ?? [],
        choice: over.choice ?? DEFAULT_CHOICE,
        signal: over.signal ?? new AbortController().signal,
      });
      const bytes = readFileSync(transcriptPath);
      const fileDigest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      return { ...result, transcriptText: bytes.toString('utf8'), fileDigest };
    },
  };
}

function memoryLog() {
  let text = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString('utf8');
      for (const one of waiting) if (text.includes(one.text)) one.resolve();
      done();
    },
  });
  const until = (wanted: string) =>
    new Promise<void>((resolve) => {
      if (text.includes(wanted)) resolve();
      else waiting.push({ text: wanted, resolve });
    });
  return { stream, text: () => text, until };
}

/** Whether a process with this id lives (a zombie does not). */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
