/** Runs an approved argument vector under a clock, masks what it prints, and tells how it ended. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock, Progress, Runner } from '../app/ports.ts';
import { type RedactedStream, redactedStream } from '../redact/stream.ts';
import { redactText } from '../redact/text.ts';
import type { RefusedValue } from '../redact/values/values.ts';
import type { EndReason } from '../request/events.ts';
import { announceWindow } from './announce.ts';
import { endGroup } from './group.ts';
import { type LastLines, lastLines } from './last-lines.ts';
import { type Ending, launch, type Starter } from './starter.ts';
import { openTranscript, type Transcript } from './transcript.ts';

export interface RunnerSetting {
  /** Path of the starter: action/dist/exec.js, or src/runner/exec.ts where Node reads TypeScript. */
  starter: string;
  clock: Clock;
  progress: Progress;
  /** The job log; it stays open. */
  log: Writable;
  /** Where the masked transcript goes; there must be no such file yet. */
  transcriptPath: string;
  /** How long the command may take to end by itself after SIGTERM, in ms. The runner kills a cancelled job after 10 s. */
  graceMs?: number;
  /** How long what the command left behind may go on printing after the command's own end, in ms. */
  drainMs?: number;
}

const GRACE_MS = 5_000;
const DRAIN_MS = 1_000;

type Command = Parameters<Runner['run']>[0];
type Result = Awaited<ReturnType<Runner['run']>>;
/** Why the run was ended from outside; null: the command ended by itself. */
type Stop = 'window' | 'cancelled' | null;

/**
 * A Runner for one machine. `run` resolves for every way a command can end, also where it could not be started (then
 * `progress` says why). It rejects only if the transcript or the log cannot be written, after ending the command.
 */
export function createRunner(setting: RunnerSetting): Runner {
  return { run: (command) => runCommand(setting, command) };
}

async function runCommand(setting: RunnerSetting, command: Command): Promise<Result> {
  const redaction = redactedStream(command);
  warnOf(redaction.refused, setting);
  const known = redaction.refused.length;
  const transcript = await openTranscript(setting.transcriptPath, setting.log);
  const began = setting.clock.now();
  const tap = countBytes();
  const last = lastLines();
  const copying = copy(tap.stream, redaction, transcript, last);
  // Awaited below and watched while the command runs; it must not count as unhandled in between.
  copying.catch(() => undefined);
  let course: Course;
  let digest: string;
  try {
    course = command.signal.aborted
      ? { stop: 'cancelled', ending: null, left: [] }
      : await runStarted(setting, command, tap.stream, copying);
    tap.stream.end();
    await copying;
  } finally {
    digest = await transcript.close();
    // Log commands of this process work again only now.
    warnOf(redaction.refused.slice(known), setting);
  }
  const masked = (text: string): string => redactText(text, command).text;
  warnOfLeft(course.left, setting);
  const told = tell(course, (message) => setting.progress.warn(masked(message)));
  return {
    ...told,
    outcome: told.reason === 'exit' && told.exitCode === 0 ? 'finished' : 'failed',
    // The machine's clock may have been set back meanwhile.
    durationMs: Math.max(0, setting.clock.now() - began),
    bytes: tap.bytes(),
    transcript: digest,
    redactions: redaction.counts(),
    transcriptPath: setting.transcriptPath,
    // Once more: without the colours in between, a secret may stand there in one piece.
    lastLines: masked(last.text()),
  };
}

function warnOf(refused: readonly RefusedValue[], { progress }: RunnerSetting): void {
  for (const { index, length, why } of refused) {
    const what = index === null ? 'A value that the command named in ::add-mask::' : `Secret value ${index + 1}`;
    const because =
      why === 'short'
        ? `it has ${length} character(s), which would garble the output. Use a longer secret.`
        : 'the command named more than can be kept. Let it name fewer.';
    progress.warn(`${what} is not masked: ${because}`);
  }
}

function warnOfLeft(left: readonly number[], { progress }: RunnerSetting): void {
  if (left.length === 0) return;
  progress.warn(
    `What the command started still runs (process ${left.join(', ')}): it belongs to another user, as all that sudo starts, so this job may not end it. Look what it does; a machine of GitHub's own is gone with the job.`,
  );
}

/** What happened: `ending` is null where nothing was started; `left` are the processes that could not be ended. */
interface Course {
  stop: Stop;
  ending: Ending | null;
  left: number[];
}

async function runStarted(
  setting: RunnerSetting,
  command: Command,
  sink: Writable,
  copying: Promise<void>,
): Promise<Course> {
  const { argv, cwd, env } = command;
  const starter = await launch(setting.starter, { argv, cwd, env });
  if ('type' in starter) return { stop: null, ending: starter, left: [] };
  const drained = feed(starter.output, sink);
  try {
    const stop = await firstOf(setting, command, starter, copying);
    if (stop === null) await settled(drained, setting);
    const left = await endGroup(starter.pid, setting.graceMs ?? GRACE_MS, setting.clock);
    return { stop, ending: await starter.ending, left };
  } catch (error) {
    await endGroup(starter.pid, setting.graceMs ?? GRACE_MS, setting.clock);
    throw error;
  } finally {
    await settled(drained, setting);
    // Whoever still holds the pipe has left the group; the run does not wait for it.
    starter.output.unpipe();
    starter.output.destroy();
    starter.release();
  }
}

/** Waits for the command's end, the window's or the job's, whichever is first. Rejects if the output cannot be kept. */
async function firstOf(
  { clock, progress }: RunnerSetting,
  command: Command,
  starter: Starter,
  copying: Promise<void>,
): Promise<Stop> {
  const over = new AbortController();
  const announcing = announceWindow(command.windowMs, clock, progress, over.signal);
  try {
    return await Promise.race([
      starter.ending.then((): Stop => null),
      clock.sleep(command.windowMs, over.signal).then((): Stop => 'window'),
      fired(command.signal, over.signal).then((): Stop => 'cancelled'),
      failureOf(copying),
    ]);
  } finally {
    over.abort();
    await announcing;
  }
}

/** Resolves when the output has ended, or after `drainMs` at the latest. */
async function settled(drained: Promise<void>, setting: RunnerSetting): Promise<void> {
  const enough = new AbortController();
  await Promise.race([drained, setting.clock.sleep(setting.drainMs ?? DRAIN_MS, enough.signal)]);
  enough.abort();
}

/** Passes the output on without ever ending the sink; resolves when the output has ended, however it did. */
function feed(output: Readable, sink: Writable): Promise<void> {
  output.pipe(sink, { end: false });
  return new Promise((resolve) => output.once('close', resolve).once('end', resolve));
}

function countBytes(): { stream: PassThrough; bytes(): number } {
  let bytes = 0;
  const stream = new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

function copy(source: Readable, { stream }: RedactedStream, transcript: Transcript, last: LastLines): Promise<void> {
  return pipeline(source, stream, async (masked: AsyncIterable<Buffer>) => {
    for await (const chunk of masked) {
      last.push(chunk);
      await transcript.write(chunk);
    }
  });
}

/** Never resolves; rejects when the promise does. */
function failureOf(promise: Promise<void>): Promise<never> {
  return new Promise((_resolve, reject) => promise.catch(reject));
}

/** Resolves when `signal` fires; lets go of it when `over` does. */
function fired(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}

function tell(
  { stop, ending }: Course,
  warn: (message: string) => void,
): { reason: EndReason; exitCode: number | null; signal: string | null } {
  const none = { exitCode: null, signal: null };
  if (ending === null) return { reason: stop ?? 'interrupted', ...none };
  if (ending.type === 'exited') {
    const reason = stop ?? (ending.signal === null ? 'exit' : 'signal');
    return { reason, exitCode: ending.code, signal: ending.signal };
  }
  if (ending.type === 'spawn-failed') {
    warn(`The command was not started. ${ending.message} Mend the runbook and ask again.`);
    return { reason: 'spawn-failed', ...none };
  }
  if (stop !== null) return { reason: stop, exitCode: null, signal: ending.signal };
  const what = ending.started ? 'ended before the command did' : 'ended before it could start the command';
  warn(`The command's starter ${what} (${ending.signal ?? 'no signal'}). ${ending.message}`.trim());
  if (!ending.started) return { reason: 'spawn-failed', ...none };
  return { reason: ending.signal === null ? 'interrupted' : 'signal', exitCode: null, signal: ending.signal };
}
