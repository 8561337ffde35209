/** A whole story over the page's HTTP alone: a form, a request, an approval, a masked run, a log that holds, and what it taught. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LINES_KEPT } from '../../../src/sandbox/page/runs.ts';
import { pageTown } from '../../../src/sandbox/page/town.ts';
import { cardOf, lessonAfter, type Opened, openSandbox, post, send, type Visitor, visit } from './visitor.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let sandbox: Opened;
let ana: Visitor;
let other: Visitor;
beforeAll(async () => {
  const usual = pageTown();
  sandbox = await openSandbox({
    async prepare(checkout) {
      await appendFile(join(checkout, '.github/runbooks/hello.sh'), `seq ${LINES_KEPT + 100}\n`);
      await usual.prepare?.(checkout);
    },
  });
  [ana, other] = await Promise.all([visit(sandbox.page), visit(sandbox.page)]);
});
afterAll(() => sandbox.close());

const INPUTS = { runbook: 'hello', target: 'production', reason: 'Orders are slow since 14:00.', ticket: 'OPS-42' };
const APPROVE = 'debug-approval:approve';

test("the form is debug.yml's, and the people are the policy's", () => {
  expect(ana.scene.form.map(({ name, type, required }) => [name, type, required])).toEqual([
    ['runbook', 'choice', true],
    ['target', 'choice', true],
    ['inputs', 'string', false],
    ['reason', 'string', true],
    ['ticket', 'string', false],
    ['urgency', 'choice', false],
    ['duration', 'string', false],
    ['break-glass', 'boolean', false],
    ['envelope', 'string', false],
  ]);
  expect(ana.scene.form[1]).toMatchObject({ options: ['staging', 'production'], default: 'staging' });
  expect(ana.scene.people.map(({ key, groups, slackLinked }) => [key, groups, slackLinked])).toEqual([
    ['ana', ['developers'], true],
    ['bo', ['developers', 'sre'], true],
    ['cy', ['sre'], true],
    ['di', ['security'], false],
    ['ed', [], false],
  ]);
});

test('inputs that GitHub would not take are refused with its words, and nothing starts', async () => {
  const answer = await send(sandbox.page, { do: 'run', as: 'ana', inputs: { runbook: 'bash', target: 'production' } });
  expect(answer).toEqual({
    ok: false,
    why: "Input 'runbook' is 'bash', but must be one of hello, service-status, find-order. Required input 'reason' not provided.",
  });
  expect(ana.scene.runs).toEqual([]);
});

test('a request is asked, approved by another person, run and closed', async () => {
  expect(await send(sandbox.page, { do: 'run', as: 'ana', inputs: INPUTS })).toEqual({ ok: true });
  const card = await ana.until((scene) => cardOf(scene, 1));
  expect(card.pings).toEqual(['UBO', 'UCY']);
  const asked = await ana.until(({ issues }) => issues.find(({ status }) => status === 'pending'));
  expect(asked).toMatchObject({ number: 1, open: true, broken: [] });
  expect(await send(sandbox.page, { do: 'press', as: 'bo', ts: card.ts, actionId: APPROVE })).toEqual({ ok: true });
  const run = await ana.until(({ runs }) => runs.find(({ status }) => status === 'completed'));
  expect(run).toMatchObject({
    attempt: 1,
    name: 'Debug hello on production',
    by: 'ana',
    conclusion: 'success',
    issue: 1,
  });
  expect(run.jobs.map(({ key, environment, conclusion }) => [key, environment, conclusion])).toEqual([
    ['ask', 'debug-approval', 'success'],
    ['debug', 'production', 'success'],
    ['close', 'debug-approval', 'success'],
  ]);
  expect(run.artifacts).toMatchObject([{ name: 'transcript-1', digest: expect.stringMatching(/^sha256:/) }]);
  const issue = await ana.until(({ issues }) => issues.find(({ open }) => !open));
  expect(issue).toMatchObject({ status: 'finished', broken: [] });
  const records = issue.comments.filter(({ author }) => author.bot).map(({ mark }) => mark);
  expect(records).toEqual([1, 2, 3, 4].map((seq) => ({ kind: 'verified', seq })));
  const gone = await ana.until((scene) => cardOf(scene, 1) === undefined && 'no buttons');
  expect(gone).toBe('no buttons');
});

test('secrets are masked in the live log, and of a long log the end is kept', () => {
  const log = ana.scene.runs[0]?.jobs.find(({ key }) => key === 'debug')?.log ?? [];
  const all = JSON.stringify(ana.scene);
  expect(all).not.toContain('postgres://');
  expect(log[0]?.text).toMatch(/^… \d+ earlier lines are not shown here\.$/);
  expect(log).toHaveLength(LINES_KEPT + 1);
  expect(log.find(({ text }) => text.includes('Connecting to'))?.text).toContain('Connecting to ‹secret#1›');
});

test('each step says what happened and which rule held', async () => {
  await ana.until((scene) => lessonAfter(scene, 0, /^Issue #1 is closed as finished$/));
  expect(ana.scene.lessons.map(({ tone, title, rule }) => [tone, title, rule?.number ?? null])).toEqual([
    ['step', 'Ana pressed Run workflow', null],
    ['step', 'Slack pings Bo and Cy', 4],
    ['step', 'Ana asks for hello on production', 1],
    ['step', 'Bo approved', 3],
    ['step', 'The rules are met', 3],
    ['step', 'The debug job proved what it runs', 2],
    ['step', 'The command is done', null],
    ['held', 'What it printed was masked', 10],
    ['step', 'Issue #1 is closed as finished', 12],
  ]);
});

test('a re-run of the debug job alone is refused, and the log can still be attacked and shows it', async () => {
  const before = ana.scene.lessons.at(-1)?.id ?? 0;
  expect(await send(sandbox.page, { do: 'attack', id: 'rerun-debug' })).toEqual({ ok: true });
  const refused = await ana.until((scene) => lessonAfter(scene, before, /^The debug job refused$/));
  expect(refused).toMatchObject({ tone: 'held', rule: { number: 1 } });
  expect(refused.text).toContain('An approval counts for one attempt of one run.');
  const again = await ana.until(({ runs }) =>
    runs.find(({ attempt, status }) => attempt === 2 && status === 'completed'),
  );
  expect(again).toMatchObject({ conclusion: 'failure', issue: 1 });
  expect(await send(sandbox.page, { do: 'attack', id: 'edit-record' })).toEqual({ ok: true });
  const shown = await ana.until((scene) => lessonAfter(scene, refused.id, /^The change shows$/));
  expect(shown.rule?.number).toBe(8);
  const [issue] = ana.scene.issues;
  expect(issue).toMatchObject({ status: 'error', broken: [expect.stringMatching(/was edited at/)] });
  const edited = issue?.comments.filter((comment) => comment.edited);
  expect(edited?.map(({ mark }) => mark.kind)).toEqual(['broken']);
  // Who did it is what an attacker would rewrite.
  expect(edited?.[0]?.body).toMatch(/^Ed approved this request\./);
});

test('several runs go on at once: one is denied, and for another nobody is even asked', async () => {
  const before = ana.scene.lessons.at(-1)?.id ?? 0;
  const ask = (as: string) => send(sandbox.page, { do: 'run', as, inputs: { ...INPUTS, target: 'staging' } });
  expect(await Promise.all([ask('bo'), ask('ed')])).toEqual([{ ok: true }, { ok: true }]);
  await ana.until(({ runs }) => runs.filter(({ status }) => status === 'in_progress').length === 2);
  const card = await ana.until((scene) => cardOf(scene, 2));
  expect(card.pings).toEqual(['UCY']);
  await send(sandbox.page, { do: 'comment', as: 'cy', issue: 2, body: 'Let me see.' });
  await send(sandbox.page, { do: 'press', as: 'cy', ts: card.ts, actionId: 'debug-approval:deny' });
  const denied = await ana.until((scene) => lessonAfter(scene, before, /^Cy denied it$/));
  expect(denied).toMatchObject({ tone: 'held', rule: { number: 7 } });
  const unasked = await ana.until((scene) => lessonAfter(scene, before, /^Nobody was asked$/));
  expect(unasked.text).toContain('ed-dev');
  const ended = await ana.until(({ runs }) => runs.every(({ status }) => status === 'completed') && runs.slice(-2));
  expect(ended.map(({ by, conclusion, issue }) => [by, conclusion, issue]).sort()).toEqual([
    ['bo', 'failure', 2],
    ['ed', 'failure', null],
  ]);
  expect(ana.scene.issues[1]?.comments.filter(({ mark }) => mark.kind === 'plain')[0]).toMatchObject({
    author: { name: 'cy-dev', bot: false },
    body: 'Let me see.',
    mark: { why: null },
  });
});

test('whoever breaks the glass starts without approval, and the sweep closes the issue once another signed', async () => {
  const inputs = { ...INPUTS, reason: 'Every order fails and nobody answers.', 'break-glass': 'true' };
  expect(await send(sandbox.page, { do: 'run', as: 'bo', inputs })).toEqual({ ok: true });
  const issue = await ana.until(({ runs }) => runs.at(-1)?.conclusion === 'success' && runs.at(-1)?.issue);
  const review = { do: 'comment', as: 'cy', issue, body: '/review Only the status was read.' } as const;
  expect(await send(sandbox.page, review)).toEqual({ ok: true });
  expect(await send(sandbox.page, { do: 'sweep', as: 'cy' })).toEqual({ ok: true });
  const closed = await ana.until(({ issues }) => issues.find(({ number, open }) => number === issue && !open));
  expect(closed).toMatchObject({ status: 'finished', broken: [] });
  const titles = ana.scene.lessons.map(({ title }) => title);
  expect(titles).toContain('The glass is broken: nobody approved it');
  expect(titles).toContain('Cy signed the after-review');
});

test('what a request shared goes by the same sweep, save that of a log which no longer holds', async () => {
  await ana.until(({ lessons }) => lessons.some(({ title }) => title === 'What was shared is gone'));
  // Two requests go by this sweep, and the lesson is told with the first receipt: the denied one's may come second.
  const receipt = { kind: 'verified', seq: 4 };
  await ana.until(({ issues }) => isDeepStrictEqual(issues[1]?.comments.at(-1)?.mark, receipt));
  const [changed] = ana.scene.issues;
  const tombstones = ana.scene.messages.filter(({ text }) => text.startsWith('This debug request is over (denied).'));
  expect(tombstones).toHaveLength(1);
  expect(changed?.labels).toEqual(expect.arrayContaining(['debug:shared', 'debug:transcript', 'debug:run-logs']));
  expect(ana.scene.runs[0]?.artifacts).toHaveLength(1);
});

test('what nobody receives any more is told to whoever tried it', async () => {
  const [card] = ana.scene.messages;
  const press = { do: 'press', as: 'cy', ts: card?.ts ?? '', actionId: APPROVE } as const;
  const answer = await send(sandbox.page, press);
  expect(answer).toMatchObject({ ok: false, why: expect.stringMatching(/^No button debug-approval:approve stands/) });
  const slash = { do: 'say', as: 'cy', text: '/approve-debug 1', threadTs: card?.ts ?? '' } as const;
  expect(await send(sandbox.page, slash)).toMatchObject({ why: expect.stringMatching(/is not supported in threads/) });
  expect(await send(sandbox.page, { ...slash, threadTs: null })).toEqual({ ok: true });
  const told = await ana.until(({ messages }) => messages.find(({ onlyFor }) => onlyFor === 'UCY'));
  expect(told.text).toBe('/approve-debug failed with the error "dispatch_failed"');
  expect(await send(sandbox.page, { do: 'cancel', as: 'ana', run: ana.scene.runs[0]?.id ?? 0 })).toMatchObject({
    ok: false,
    why: expect.stringMatching(/is over already/),
  });
});

test('two browsers see the same, and nothing is sent while nothing changes', async () => {
  await send(sandbox.page, { do: 'say', as: 'cy', text: 'First.', threadTs: null });
  for (const one of [ana, other]) await one.until(({ messages }) => messages.some(({ text }) => text === 'First.'));
  expect(other.scene).toEqual(ana.scene);
  const [before, beside] = [ana.parts.length, other.parts.length];
  // Deeds that change nothing, and one that does: whatever they had sent would have come before it.
  expect((await post(sandbox.page, '{"do":"dance"}')).status).toBe(400);
  expect(await send(sandbox.page, { do: 'attack', id: 'own-press' })).toMatchObject({ ok: false });
  await (await fetch(`${sandbox.page.url}scene`)).json();
  const ts = ana.scene.messages.find(({ text }) => text === 'First.')?.ts ?? '';
  await send(sandbox.page, { do: 'say', as: 'cy', text: 'Second.', threadTs: ts });
  for (const one of [ana, other])
    await one.until(({ messages }) => messages.some(({ thread }) => thread.some(({ text }) => text === 'Second.')));
  expect(ana.parts.slice(before)).toEqual(['messages']);
  expect(other.parts.slice(beside)).toEqual(['messages']);
});

test('nothing of all this was a mistake of the sandbox', () => {
  expect(sandbox.problems).toEqual([]);
  expect(sandbox.town.github.violations).toEqual([]);
});
