/** Rules of the run: what was approved runs literally, under a clock, and nothing of it stays behind or leaks. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICE } from '../../src/redact/redactor.ts';
import { announceWindow } from '../../src/runner/announce.ts';
import { directory, lives, realClock, rig, windowThatEnds } from './rig.ts';

const WINDOW_MS = 3_600_000;
const posix = process.platform !== 'win32';
/** Prints its id and stays, deaf to SIGTERM. */
const DEAF = `process.on('SIGTERM', () => {}); fs.writeSync(1, 'deaf ' + process.pid + '.\\n'); setInterval(() => {}, 1000);`;
const pidAfter = (word: string, text: string) => Number(new RegExp(`${word} (\\d+)\\.`).exec(text)?.[1]);

describe('a command that ends by itself', () => {
  it('has its output kept in the order of its writes to stdout and stderr', async () => {
    const { run, program } = rig();
    const source = `for (let i = 0; i < 200; i++) fs.writeSync(i % 3 ? 1 : 2, i + '\\n');`;
    const result = await run(program(source));
    expect(result.transcriptText).toBe(Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''));
    expect(result).toMatchObject({ outcome: 'finished', reason: 'exit', exitCode: 0, signal: null });
    expect(result.bytes).toBe(Buffer.byteLength(result.transcriptText));
  });

  it.runIf(posix)('writes to a pipe, which it may open anew by its name, as to that of any other step', async () => {
    const script = 'echo one > /dev/stdout; echo two | tee /dev/stderr > /dev/null; echo three';
    expect((await rig().run(['sh', '-c', script])).transcriptText).toBe('one\ntwo\nthree\n');
  });

  it('is finished only with exit code 0', async () => {
    const { run, program } = rig();
    expect(await run(program('process.exit(7)'))).toMatchObject({ outcome: 'failed', reason: 'exit', exitCode: 7 });
  });

  it.runIf(posix)('tells the signal that ended it', async () => {
    const { run, program } = rig();
    const result = await run(program(`process.kill(process.pid, 'SIGUSR2'); setInterval(() => {}, 1000);`));
    expect(result).toMatchObject({ outcome: 'failed', reason: 'signal', exitCode: null, signal: 'SIGUSR2' });
  });

  it('receives each argument literally, through no shell', async () => {
    const { run, program } = rig();
    const args = ['a b', '"q"', "'s'", '$(id)', '`id`', 'x\ny', '', '*', '--flag=1;ls', '\\', '%PATH%', 'ö🔑'];
    const result = await run(program('fs.writeSync(1, JSON.stringify(process.argv.slice(2)))', ...args));
    expect(JSON.parse(result.transcriptText)).toEqual(args);
  });

  it('sees the given environment and nothing else, and an empty stdin', async () => {
    process.env['INPUT_GITHUB-TOKEN'] = 'token-of-the-job';
    const { run, program } = rig();
    const source = `fs.writeSync(1, JSON.stringify([process.env, fs.readFileSync(0, 'utf8')]))`;
    const result = await run(program(source), { env: { GIVEN: 'yes' } }).finally(() => {
      delete process.env['INPUT_GITHUB-TOKEN'];
    });
    const [env, stdin] = JSON.parse(result.transcriptText);
    expect(env).toMatchObject({ GIVEN: 'yes' });
    if (process.platform === 'linux') expect(env).toEqual({ GIVEN: 'yes' });
    expect(JSON.stringify(env)).not.toContain('token-of-the-job');
    expect(stdin).toBe('');
  });

  it.runIf(process.platform === 'linux')('finds no token in the environment of its parent either', async () => {
    process.env['INPUT_GITHUB-TOKEN'] = 'token-of-the-job';
    const { run, program } = rig();
    const source = "fs.writeSync(1, fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8') + 'end')";
    const result = await run(program(source)).finally(() => {
      delete process.env['INPUT_GITHUB-TOKEN'];
    });
    expect(result.transcriptText).toMatch(/end$/);
    expect(result.transcriptText).not.toContain('token-of-the-job');
  });

  it.runIf(posix)('is found from the working directory when its name holds a slash', async () => {
    const { run, dir } = rig();
    writeFileSync(join(dir, 'tool'), '#!/bin/sh\necho "here: $1"\n');
    chmodSync(join(dir, 'tool'), 0o755);
    expect((await run(['./tool', 'x'])).transcriptText).toBe('here: x\n');
  });
});

describe('a command that cannot be started', () => {
  it('is told apart, with the reason, from one that fails', async () => {
    const { run, said } = rig();
    const result = await run(['no-such-program-anywhere']);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'spawn-failed', exitCode: null, bytes: 0 });
    expect(said.join('\n')).toContain('no-such-program-anywhere was not found');
  });

  it.runIf(posix)('says that a file is not executable', async () => {
    const { run, dir, said } = rig();
    writeFileSync(join(dir, 'tool'), 'x', { mode: 0o644 });
    expect(await run(['./tool'])).toMatchObject({ reason: 'spawn-failed' });
    expect(said.join('\n')).toContain('./tool is not executable');
  });

  it('says that the working directory is missing', async () => {
    const { run, dir, said, program } = rig();
    expect(await run(program(''), { cwd: join(dir, 'gone') })).toMatchObject({ reason: 'spawn-failed' });
    expect(said.join('\n')).toContain('working directory');
  });

  it.each([[[]], [['a\0b']]])('refuses an impossible argument vector %j', async (argv) => {
    expect(await rig().run(argv)).toMatchObject({ outcome: 'failed', reason: 'spawn-failed' });
  });

  it('tells when the starter itself is missing', async () => {
    const { run, dir, program } = rig();
    const result = await run(program(''), { setting: { starter: join(dir, 'gone.js') } });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'spawn-failed' });
  });
});

describe('the end of a run', () => {
  it.runIf(posix)('ends at the window the command and a grandchild that ignores SIGTERM', async () => {
    const { run, program, log } = rig();
    const [node = '', file = ''] = program(DEAF);
    const source = `spawn(${JSON.stringify(node)}, [${JSON.stringify(file)}], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
    const { clock, end } = windowThatEnds(WINDOW_MS);
    const running = run(program(source), { windowMs: WINDOW_MS, setting: { clock, graceMs: 200 } });
    await log.until('deaf');
    end();
    const result = await running;
    expect(result).toMatchObject({ outcome: 'failed', reason: 'window' });
    const pid = pidAfter('deaf', result.transcriptText);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => lives(pid)).toBe(false);
  });

  it('counts as the window even if the command then exits with 0', async () => {
    const { run, program, log } = rig();
    const source = `process.on('SIGTERM', () => process.exit(0)); fs.writeSync(1, 'up\\n'); setInterval(() => {}, 1000);`;
    const { clock, end } = windowThatEnds(WINDOW_MS);
    const running = run(program(source), { windowMs: WINDOW_MS, setting: { clock } });
    await log.until('up');
    end();
    const result = await running;
    expect(result).toMatchObject({ outcome: 'failed', reason: 'window' });
  });

  it('lets the command say its last words after SIGTERM, and keeps them', async () => {
    const { run, program, log } = rig();
    const job = new AbortController();
    const source = `process.on('SIGTERM', () => { fs.writeSync(1, 'bye\\n'); process.exit(3); }); fs.writeSync(1, 'up\\n'); setInterval(() => {}, 1000);`;
    const running = run(program(source), { signal: job.signal });
    await log.until('up\n');
    job.abort();
    const result = await running;
    expect(result).toMatchObject({ outcome: 'failed', reason: 'cancelled' });
    if (posix) expect(result).toMatchObject({ exitCode: 3, transcriptText: 'up\nbye\n' });
  });

  it.runIf(posix)('ends a deaf command by SIGKILL when the job is cancelled', async () => {
    const { run, program, log } = rig();
    const job = new AbortController();
    const running = run(program(DEAF), { signal: job.signal, setting: { graceMs: 100 } });
    await log.until('deaf');
    job.abort();
    const result = await running;
    expect(result).toMatchObject({ reason: 'cancelled', signal: 'SIGKILL' });
    await expect.poll(() => lives(pidAfter('deaf', result.transcriptText))).toBe(false);
  });

  it('starts nothing in a job that is already cancelled', async () => {
    const { run, program, dir } = rig();
    const signal = AbortSignal.abort();
    const result = await run(program(`fs.writeFileSync('made', '')`), { signal });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'cancelled', bytes: 0 });
    expect(existsSync(join(dir, 'made'))).toBe(false);
  });

  it.runIf(posix)('does not wait for a background process that holds the output, and ends it', async () => {
    const { run, program } = rig();
    const [node = '', file = ''] = program(DEAF);
    const source = `spawn(${JSON.stringify(node)}, [${JSON.stringify(file)}], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.once('data', (d) => { fs.writeSync(1, d); process.exit(0); });`;
    const result = await run(program(source), { setting: { graceMs: 100, drainMs: 100 } });
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 0 });
    await expect.poll(() => lives(pidAfter('deaf', result.transcriptText))).toBe(false);
  });

  it.runIf(posix)('survives a process that left the group and holds the output', async () => {
    const { run, program } = rig();
    const [node = '', file = ''] = program(DEAF);
    const source = `const c = spawn(${JSON.stringify(node)}, [${JSON.stringify(file)}], { stdio: 'inherit', detached: true }); fs.writeSync(1, 'left ' + c.pid + '.\\n'); process.exit(0);`;
    const result = await run(program(source), { setting: { graceMs: 100, drainMs: 100 } });
    process.kill(pidAfter('left', result.transcriptText), 'SIGKILL');
    expect(result).toMatchObject({ outcome: 'finished', reason: 'exit' });
  });

  it.runIf(posix)('is a failure when the command kills its own starter', async () => {
    const { run, program } = rig();
    const source = `process.kill(process.ppid, 'SIGKILL'); setInterval(() => {}, 1000);`;
    const result = await run(program(source));
    expect(result).toMatchObject({ outcome: 'failed', reason: 'signal', signal: 'SIGKILL', exitCode: null });
  });

  it.runIf(posix)('comes for the command when its output can no longer be kept, and is an error', async () => {
    const { run, program } = rig();
    const pidFile = join(directory(), 'pid');
    const source = `fs.writeFileSync(${JSON.stringify(pidFile)}, 'deaf ' + process.pid + '.'); ${DEAF}`;
    const log = new Writable({
      write: (chunk, _encoding, done) => done(String(chunk).includes('deaf') ? new Error('log is full') : null),
    });
    log.on('error', () => {});
    await expect(run(program(source), { setting: { log, graceMs: 100, drainMs: 100 } })).rejects.toThrow();
    await expect.poll(() => lives(pidAfter('deaf', readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  it('is announced at the start, at half time and one minute before', async () => {
    let now = Date.parse('2026-01-31T12:00:00Z');
    const said: string[] = [];
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    };
    const info = (text: string) => said.push(`${new Date(now).toISOString().slice(11, 19)} ${text}`);
    await announceWindow(600_000, clock, { info, warn: info }, new AbortController().signal);
    expect(said).toEqual([
      '12:00:00 The command may run for 10 min; at 2026-01-31T12:10:00Z it is ended with all it started.',
      '12:05:00 5 min of the window left.',
      '12:09:00 1 min of the window left.',
    ]);
  });

  it('tells at the start how long the command may run', async () => {
    const { run, program, said } = rig();
    await run(program(''), { windowMs: 1_800_000 });
    expect(said[0]).toContain('may run for 30 min');
  });
});

describe('what a run leaves', () => {
  it('masks a secret that the command writes in two halves, in log and transcript', async () => {
    const { run, program, log } = rig();
    const source = `fs.writeSync(1, 'pw=hun'); setTimeout(() => fs.writeSync(2, 'ter2\\n'), 20);`;
    const result = await run(program(source), { secrets: ['hunter2'] });
    expect(result.transcriptText).toBe('pw=‹secret#1›\n');
    expect(log.text()).not.toContain('hunter2');
    expect(result).toMatchObject({ redactions: { registered: 1 }, bytes: 'pw=hunter2\n'.length });
  });

  it('masks in the last lines a secret that colours cut in two, too', async () => {
    const { run, program } = rig();
    const source = `fs.writeSync(1, 'pw=\\u001b[1mhun\\u001b[0mter2\\n')`;
    expect(await run(program(source), { secrets: ['hunter2'] })).toMatchObject({ lastLines: 'pw=‹secret#1›' });
  });

  it('took no less than no time, though the clock was set back meanwhile', async () => {
    const { run, program } = rig();
    let now = Date.now();
    const clock = { ...realClock, now: () => (now -= 60_000) };
    expect(await run(program(''), { setting: { clock } })).toMatchObject({ outcome: 'finished', durationMs: 0 });
  });

  it('masks what the policy chooses, and leaves what it lets stay', async () => {
    const { run, program } = rig();
    const choice = { ...DEFAULT_CHOICE, off: ['ipv4'], patterns: [{ id: 'order', pattern: 'ORD-[0-9]{8}' }] };
    const result = await run(program(`fs.writeSync(1, 'ORD-12345678 of bo@example.com at 10.20.30.40')`), { choice });
    expect(result.transcriptText).toBe('‹order#1› of ‹email#1› at 10.20.30.40');
    expect(result.redactions).toEqual({ order: 1, email: 1 });
  });

  it('warns of a secret that is too short to be masked, without printing it', async () => {
    const { run, program, said } = rig();
    await run(program(''), { secrets: ['xyz'] });
    expect(said.join('\n')).toContain('not masked');
    expect(said.join('\n')).not.toContain('xyz');
  });

  it('gives the digest of the very bytes in the transcript', async () => {
    const { run, program } = rig();
    const result = await run(program(`fs.writeSync(1, 'hunter2 '.repeat(5000))`), { secrets: ['hunter2'] });
    expect(result.transcript).toBe(result.fileDigest);
  });

  it('makes log commands in the output inert, and lets them work again afterwards', async () => {
    const { run, program, log } = rig();
    await run(program(`fs.writeSync(1, '::add-mask::x\\n##[error]y\\n::set-output name=a::b')`));
    const lines = log.text().split('\n');
    const word = /^::stop-commands::([0-9a-f-]{36})$/.exec(lines[0] ?? '')?.[1];
    expect(lines.slice(1)).toEqual([': :add-mask::x', '# #[error]y', ': :set-output name=a::b', `::${word}::`, '']);
  });

  it('uses another word for stopping commands in each run, so that no command can know it', async () => {
    const [one, two] = [rig(), rig()];
    await one.run(one.program(''));
    await two.run(two.program(''));
    expect(one.log.text().split('\n')[0]).not.toBe(two.log.text().split('\n')[0]);
  });

  it('refuses to write over a file that already stands where the transcript goes', async () => {
    const { run, program, dir } = rig();
    writeFileSync(join(dir, 'transcript.log'), 'mine');
    await expect(run(program(''))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
