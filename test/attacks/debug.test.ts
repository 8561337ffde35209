/** Attacks on the debug job: another policy than the one asked under, files that nobody can vouch for, floods of denials. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { workingCopy } from '../../src/runner/working-copy.ts';
import { account, createWorld, eventsOf, faultOf, type World } from '../app/world.ts';
import { directory } from '../runner/rig.ts';

async function approved() {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  return { w, asked: await asking.result };
}

test('§4.1 an approval under one policy file is none under another: nothing runs', async () => {
  const { w, asked } = await approved();
  const path = '.github/strict.yml';
  if (w.github.policy !== null) w.github.policy = { ...w.github.policy, path };
  // As if ask had been given `policy: .github/lenient.yml`, and debug the strict one that names the signers.
  const fault = await faultOf(w.debug(asked, { input: { policyPath: path } }));
  expect(fault).toMatchObject({ code: 'refused', message: expect.stringContaining('differs in: policy') });
  expect(w.commands).toEqual([]);
  expect(eventsOf(w)).not.toContain('started');
});

test('§4.5 files that stand in the workspace without a checkout there are an error: nobody approved them', async () => {
  // `actions/checkout` with `path: src` (any ref), a downloaded archive, or what an earlier job left on the runner.
  const dir = directory();
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'src', 'status.sh'), 'echo evil\n');
  await expect(workingCopy(dir, process.env).state()).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining('src'),
  });
});

test.each(['ana', 'ed', 'nobody', 'di'])(
  "§4.6 hundreds of /deny by %s use up nothing of GitHub's limit before the start",
  async (person) => {
    const { w, asked } = await approved();
    for (let n = 0; n < 300; n += 1) w.comment(person, '/deny');
    const ran = w.debug(asked);
    if (person === 'di') expect((await faultOf(ran)).message).toContain('Di denied');
    else await ran;
    expect(w.github.done.filter((what) => what === 'readComment').length).toBeLessThan(3);
  },
);

test.each([
  ['bo', '/withdraw', 'Bo took their approval back'],
  ['ana', '/cancel', 'Ana cancelled'],
])("§4.6 hundreds of %s's %s use up nothing of GitHub's limit before the start", async (person, body, why) => {
  const { w, asked } = await approved();
  for (let n = 0; n < 300; n += 1) w.comment(person, body);
  expect((await faultOf(w.debug(asked))).message).toContain(why);
  expect(w.github.done.filter((what) => what === 'readComment').length).toBeLessThan(3);
});

test.each(['/deny', '/withdraw', '/cancel'])(
  "§4.6 hundreds of %s that an app writes in people's names use up nothing either: nothing runs, and the message says why",
  async (body) => {
    const { w, asked } = await approved();
    for (let n = 0; n < 300; n += 1) {
      for (const person of ['ana', 'bo', 'cy', 'di']) w.github.write(account(person), body, { throughApp: true });
    }
    expect((await faultOf(w.debug(asked))).message).toContain('An app wrote so many comments');
    expect(w.github.done.filter((what) => what === 'readComment').length).toBeLessThan(30);
    expect(w.commands).toEqual([]);
  },
);

test('a few comments that an app writes in the name of an approver stop nothing', async () => {
  const { w, asked } = await approved();
  for (let n = 0; n < 5; n += 1) w.github.write(account('di'), '/deny', { throughApp: true });
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

const ANA = 101;
test.each([
  ['edits it', (w: World, id: number) => w.github.edit(id, 'fine', ANA)],
  ['deletes it', (w: World, id: number) => w.github.remove(id, ANA)],
])('§4.7 a /deny is not undone by a writer who %s before the debug job looks: nothing runs', async (_, silence) => {
  const { w, asked } = await approved();
  silence(w, w.comment('di', '/deny I see an incident'));
  const fault = await faultOf(w.debug(asked));
  expect(fault).toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/comment of Di .*by another account/),
  });
  expect(w.commands).toEqual([]);
  expect(eventsOf(w)).not.toContain('started');
});

test('§4.7 a /deny that a writer takes away while the start is being recorded: nothing runs, and the log says so', async () => {
  const { w, asked } = await approved();
  w.github.slow = { comment: 500 };
  void w.after(0.3, () => w.github.remove(w.comment('di', '/deny'), ANA));
  expect((await faultOf(w.debug(asked))).message).toContain('by another account');
  expect(w.commands).toEqual([]);
  expect(w.records().at(-1)?.events[0]).toMatchObject({ type: 'ended', outcome: 'failed', reason: 'refused' });
});

test('§4.7 a /deny that a writer takes away while ask waits is not undone by approvals that follow', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(10.1, () => w.github.remove(w.comment('di', '/deny'), ANA));
  void w.after(20, () => w.press('bo'));
  void w.after(30, () => w.press('cy'));
  expect((await faultOf(w.debug(await asking.result))).message).toContain('comment of Di');
  expect(w.commands).toEqual([]);
});

test('§4.8 what deciders do to their own comments, and others to those of strangers, stops nothing', async () => {
  const { w, asked } = await approved();
  w.github.edit(w.comment('di', 'fien'), 'fine');
  w.github.remove(w.comment('di', '/deny'));
  w.github.edit(w.comment('nobody', '/deny'), 'x', ANA);
  w.github.remove(w.comment('ed', '/deny'), ANA);
  await w.debug(asked);
  expect(w.commands).toHaveLength(1);
});

test('§4.8 a transcript is handed on though its end cannot be recorded: what ran in production is not lost', async () => {
  const { w, asked } = await approved();
  w.during.run = async () =>
    w.github.fail('comment', { fault: new Fault('not-written', 'GitHub answered 403.', 'Wait a minute.') });
  const kept: string[] = [];
  expect((await faultOf(w.debug(asked, { onRan: ({ transcriptPath }) => kept.push(transcriptPath) }))).code).toBe(
    'not-written',
  );
  expect(kept).toEqual(['/tmp/transcript.log']);
});
