/** The line that says what to try next. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { awaitedBy, nextHint } from '../../../../src/sandbox/page/browser/hint.ts';
import type { Scene, ScenePerson, SceneRun } from '../../../../src/sandbox/page/scene.ts';

const person = (key: string, name: string, slackLinked = true): ScenePerson => ({
  key,
  name,
  login: `${key}-dev`,
  slack: `U${key.toUpperCase()}`,
  groups: [],
  slackLinked,
});
const ana = person('ana', 'Ana');
const cy = person('cy', 'Cy');
const di = person('di', 'Di', false);
const people = [ana, cy, di];

const Card = v.object({ blocks: v.array(v.unknown()) });
const golden = (name: string): string => readFileSync(`test/slack/golden/${name}`, 'utf8');
const cardIn = (json: string): unknown[] => v.parse(Card, JSON.parse(json)).blocks;
const blocks = cardIn(golden('card-pending-one-of-two.json').replace('1 more of Cy', '1 more of Cy, Di'));

const run: SceneRun = {
  id: 1,
  attempt: 1,
  name: 'Debug hello on production',
  by: 'ana',
  status: 'in_progress',
  conclusion: null,
  issue: 1,
  jobs: [{ key: 'ask', environment: null, status: 'in_progress', conclusion: null, log: [] }],
  artifacts: [],
};
const author = { name: 'Debug Approval', bot: true };
const card = { ts: '1.000001', author, text: '', blocks, pings: ['UCY'], onlyFor: null, thread: [] };
const empty = {
  repository: 'acme/shop',
  channelName: 'x',
  people,
  form: [],
  dialogs: [],
  directs: [],
  lessons: [],
  attacks: [],
};
const pending: Scene = { ...empty, messages: [card], issues: [], runs: [run] };

test('it begins with the one press that starts the story', () => {
  expect(nextHint({ ...pending, messages: [], runs: [] }, ana).act).toMatchObject({ submits: 'run' });
});

test('it names whom the policy still waits for, and never who asked', () => {
  expect(awaitedBy(card, people)).toEqual([cy, di]);
  expect(nextHint(pending, ana)).toMatchObject({ text: expect.stringMatching(/^Act as Cy/), act: { as: 'cy' } });
});

test('it sends whoever is not linked in Slack to the issue', () => {
  expect(nextHint(pending, cy).act).toMatchObject({ as: null, show: 'slack' });
  expect(nextHint(pending, di)).toMatchObject({ text: expect.stringContaining('/approve'), act: { show: 'issue' } });
});

test('it says where Approve opens a dialog, and that a comment must tick its checklist', () => {
  const asked = cardIn(golden('card-dialog.json').replace('1 more of Bo, Cy', '1 more of Cy, Di'));
  const waiting: Scene = { ...pending, messages: [{ ...card, blocks: asked }] };
  expect(nextHint(waiting, cy).text).toContain('press “Approve…”');
  expect(nextHint(waiting, di).text).toContain('with its checklist ticked');
});

test('it does not suggest again what was tried: to approve one’s own request', () => {
  const told = { ...card, ts: '1.000002', blocks: [], pings: [], onlyFor: 'UANA' };
  expect(nextHint(pending, ana).text).toContain('press Approve as Ana');
  expect(nextHint({ ...pending, messages: [card, told] }, ana).text).not.toContain('as Ana');
});

test('once a log is broken it leads to the mark that shows it', () => {
  const issue = {
    number: 1,
    title: '',
    body: '',
    open: false,
    labels: [],
    status: 'error',
    comments: [],
    broken: ['x'],
  };
  const over = { ...run, status: 'completed' as const, conclusion: 'failure' as const };
  expect(nextHint({ ...pending, issues: [issue], runs: [over] }, ana).act).toMatchObject({ show: 'issue' });
});
