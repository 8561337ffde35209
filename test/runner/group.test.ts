/** The end comes for all that a command started, in its process group or out of it, and when nobody watches any more. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { launch } from '../../src/runner/starter.ts';
import { lives, rig, STARTER, windowThatEnds } from './rig.ts';

const WINDOW_MS = 3_600_000;
/** Prints its id and stays, deaf to SIGTERM. */
const DEAF = `process.on('SIGTERM', () => {}); fs.writeSync(1, 'deaf ' + process.pid + '.\\n'); setInterval(() => {}, 1000);`;
/** Starts a program in a session of its own, as timeout(1), sudo(8) and setsid(1) take theirs out of the group, and stays. */
const APART = (argv: readonly string[]) =>
  `spawn(${JSON.stringify(argv[0])}, ${JSON.stringify(argv.slice(1))}, { stdio: 'inherit', detached: true }); setInterval(() => {}, 1000);`;
const pidIn = (text: string) => Number(/deaf (\d+)\./.exec(text)?.[1]);

describe.runIf(process.platform === 'linux')('what left the process group', () => {
  it('ends at the window, though it is deaf to SIGTERM', async () => {
    const { run, program, log } = rig();
    const { clock, end } = windowThatEnds(WINDOW_MS);
    const setting = { clock, graceMs: 100, drainMs: 100 };
    const running = run(program(APART(program(DEAF))), { windowMs: WINDOW_MS, setting });
    await log.until('deaf');
    end();
    const result = await running;
    expect(result).toMatchObject({ outcome: 'failed', reason: 'window' });
    expect(lives(pidIn(result.transcriptText))).toBe(false);
  });

  it('ends with the command, where its parent is gone: a job of a shell with job control', async () => {
    const { run } = rig();
    const script = 'set -m; (sleep 60 & echo "deaf $!."); exit 3';
    const result = await run(['bash', '-c', script], { setting: { graceMs: 1_000, drainMs: 100 } });
    expect(result).toMatchObject({ reason: 'exit', exitCode: 3 });
    expect(lives(pidIn(result.transcriptText))).toBe(false);
  });

  it('ends with the command that left it itself', async () => {
    const { run, log } = rig();
    const job = new AbortController();
    const setting = { graceMs: 1_000, drainMs: 100 };
    const running = run(['timeout', '60', 'bash', '-c', 'echo "deaf $$."; sleep 60'], { signal: job.signal, setting });
    await log.until('deaf');
    job.abort();
    const result = await running;
    expect(result.reason).toBe('cancelled');
    expect(lives(pidIn(result.transcriptText))).toBe(false);
  });

  it('ends when the watching process is gone', async () => {
    const { program, dir } = rig();
    await goneWithItsWatcher(program(APART(program(DEAF))), dir);
  });
});

describe.runIf(process.platform !== 'win32')('what stayed in it', () => {
  it('ends when the watching process is gone', async () => {
    const { program, dir } = rig();
    await goneWithItsWatcher(program(DEAF), dir);
  });
});

async function goneWithItsWatcher(argv: string[], cwd: string): Promise<void> {
  const starter = await launch(STARTER, { argv, cwd, env: {} });
  if ('type' in starter) throw new Error(starter.message);
  const [first] = await once(starter.output, 'data');
  starter.release();
  await starter.ending;
  await expect.poll(() => lives(pidIn(String(first)))).toBe(false);
}
