/** Asking in Slack: what a person may ask, each mistake at its field, and a run that asks for exactly that person. */
import { expect, test } from 'vitest';
import { Fault } from '../../../src/app/fault.ts';
import { sreFrom } from '../policies.ts';
import { account, eventsOf } from '../world.ts';
import { asGiven, choose, debug, fieldOf, fieldsOf, formFor, send } from './form.ts';
import { ASKED, type GatewayWorld, gatewayPolicy, gatewayWorld } from './gateway-world.ts';

const WORDS = { target: 'production', 'input.service': 'web', reason: 'Orders hang', ticket: 'OPS-1' };
const BOT = { id: 7_700, login: 'acme-debug[bot]', bot: true };

async function statusForm(w: GatewayWorld) {
  return choose(w, 'ana', await formFor(w, 'ana'), { runbook: 'status' });
}

test('what somebody asks in the form is asked by the run that the gateway begins, in their name', async () => {
  const w = await gatewayWorld();
  expect(await send(w, 'ana', await statusForm(w), { ...WORDS, 'input.note': 'a "b"', window: '5m' })).toBeNull();
  expect(w.dispatched).toMatchObject([{ workflow: '.github/workflows/debug.yml', branch: 'main' }]);
  const [begun] = w.dispatched;
  if (begun === undefined) throw new Error('Nothing was begun.');
  expect(begun.inputs).toMatchObject({
    ...{ runbook: 'status', target: 'production', inputs: '{"service":"web","note":"a \\"b\\""}', urgency: 'normal' },
    ...{ reason: 'Orders hang', ticket: 'OPS-1', duration: '5m' },
  });
  const run = w.github.runs.get(9001);
  if (run !== undefined) w.github.runs.set(9001, { ...run, actor: BOT, triggeringActor: BOT });
  const { reading } = await w.ask({ input: asGiven(begun) }).result;
  expect(reading.state.opening.request).toMatchObject({
    ...{ requester: { person: 'ana', id: 101 }, window: 300, inputs: { service: 'web', note: 'a "b"' } },
  });
  expect(w.slack.told).toMatchObject([
    { user: 'UANA', text: expect.stringContaining('https://github.com/acme/shop/actions/runs/9001') },
  ]);
});

test('a form offers only the runbooks and targets that this person may ask for', async () => {
  const w = await gatewayWorld();
  const [ana, cy] = [await formFor(w, 'ana'), await formFor(w, 'cy')];
  expect(fieldOf(ana, 'runbook')).toMatchObject({ choices: [{ value: 'status' }], chosen: 'status' });
  expect(fieldOf(cy, 'runbook')).toMatchObject({ choices: [{ value: 'repair' }], chosen: 'repair' });
  expect(fieldOf(ana, 'target')).toMatchObject({
    choices: [{ value: 'staging' }, { value: 'production' }, { value: 'vault' }],
  });
  expect(fieldsOf(cy)).toEqual(['runbook', 'target', 'reason', 'ticket', 'urgency', 'window']);
});

test('of several runbooks one is chosen first: then the form has its fields, and no target is taken for granted', async () => {
  const w = await gatewayWorld(gatewayPolicy(['requesters: [cy]', 'requesters: [ana]']));
  const first = await formFor(w, 'ana');
  expect(fieldsOf(first)).toEqual(['runbook']);
  const status = await choose(w, 'ana', first, { runbook: 'status' });
  expect(fieldsOf(status)).toEqual([
    ...['runbook', 'target', 'input.service', 'input.note', 'reason', 'ticket', 'urgency', 'window'],
  ]);
  expect(fieldOf(status, 'target')).toMatchObject({ chosen: null });
  const repair = await choose(w, 'ana', status, { runbook: 'repair' });
  expect(fieldsOf(repair)).not.toContain('input.service');
  expect(fieldOf(repair, 'target')).toMatchObject({ chosen: 'staging' });
});

test('of two choices one after the other the form shows what was chosen last, however long each takes', async () => {
  const w = await gatewayWorld(gatewayPolicy(['requesters: [cy]', 'requesters: [ana]']));
  const first = await formFor(w, 'ana');
  w.slack.slow.set('barred', 1_000);
  const slow = choose(w, 'ana', first, { runbook: 'repair' });
  await w.after(0.1, () => w.slack.slow.clear());
  expect(fieldsOf(await choose(w, 'ana', first, { runbook: 'status' }))).toContain('input.service');
  await slow;
  await w.after(5, () => undefined);
  expect(w.slack.dialogs.at(-1)?.content).toMatchObject({ metadata: expect.stringContaining('"runbook":"status"') });
});

test('of several repositories those are offered whose policy lets this person ask, and one is chosen first', async () => {
  const w = await gatewayWorld();
  w.alsoIn('acme/depot');
  const first = await formFor(w, 'ana');
  expect(fieldsOf(first)).toEqual(['repository']);
  expect(fieldOf(first, 'repository')).toMatchObject({
    choices: [
      { label: 'acme/shop', value: '70' },
      { label: 'acme/depot', value: '71' },
    ],
    chosen: null,
  });
  const depot = await choose(w, 'ana', first, { repository: '71' });
  expect(fieldsOf(depot)).toContain('input.service');
  expect(await send(w, 'ana', depot, { ...WORDS, repository: '70' })).toEqual({
    runbook: expect.stringContaining('Choose once more'),
  });
  expect(await send(w, 'ana', depot, WORDS)).toBeNull();
  expect(w.slack.told[0]?.text).toContain('status on production in acme/depot');
  expect(await debug(w, 'U0EVE')).toMatchObject({ content: { kind: 'message' } });
  expect(await debug(w, 'ana', 'list')).toMatchObject({
    content: { text: 'Name the repository: /debug list owner/name.' },
  });
});

test('of very many repositories one is to be named: nobody waits for twenty policies and more', async () => {
  const w = await gatewayWorld();
  w.alsoIn(...Array.from({ length: 20 }, (_, index) => `acme/r${index}`));
  expect(await debug(w, 'ana')).toMatchObject({ content: { text: expect.stringContaining('/debug owner/name') } });
  expect(fieldsOf(await formFor(w, 'ana', 'acme/r7'))).toContain('reason');
});

test('an account that the policy does not name is told so, and by which entry it would be', async () => {
  const shown = await debug(await gatewayWorld(), 'U0EVE');
  expect(shown).toMatchObject({
    content: { kind: 'message', text: expect.stringContaining('no person with your Slack account (U0EVE of T1)') },
  });
});

test('who may ask for nothing is told so', async () => {
  const shown = await debug(await gatewayWorld(), 'ed');
  expect(shown).toMatchObject({ content: { text: expect.stringContaining('lets you ask for nothing') } });
});

test('an account that Slack bars asks for nothing', async () => {
  const w = await gatewayWorld();
  w.slack.barred.set('UANA', 'The Slack account is deactivated.');
  expect(await debug(w, 'ana')).toMatchObject({ content: { text: expect.stringContaining('deactivated') } });
});

test('each mistake stands at its field, and nothing is begun', async () => {
  const w = await gatewayWorld();
  const shown = await statusForm(w);
  const wrong = { target: 'mars', 'input.service': '', reason: 'ugh', ticket: 'X-1', window: '2h', urgency: 'panic' };
  expect(await send(w, 'ana', shown, wrong)).toEqual({
    target: 'Choose one of staging, production, vault.',
    'input.service': 'service: is missing.',
    reason: expect.stringContaining('at least 5 characters'),
    ticket: expect.stringContaining('does not match the pattern'),
    window: expect.stringContaining('outside what is allowed'),
    urgency: 'Choose one of low, normal, high.',
  });
  expect(await send(w, 'ana', shown, { ...WORDS, window: 'soon' })).toEqual({
    window: expect.stringContaining('no duration'),
  });
  expect(w.dispatched).toEqual([]);
});

test('a value that no menu offered is refused, whatever the form that came back says', async () => {
  const w = await gatewayWorld();
  const shown = await statusForm(w);
  expect(await send(w, 'ana', shown, { ...WORDS, 'input.service': 'rm -rf' })).toEqual({
    'input.service': expect.stringContaining('is not allowed; allowed: api, web'),
  });
  expect(await send(w, 'ana', shown, { ...WORDS, runbook: 'repair' })).toEqual({
    runbook: expect.stringContaining('Ana may not request repair'),
  });
});

test("somebody else's form asks for who sends it off, by the policy of then", async () => {
  const w = await gatewayWorld();
  expect(await send(w, 'cy', await statusForm(w), WORDS)).toEqual({
    runbook: expect.stringContaining('Cy may not request status'),
  });
  expect(w.dispatched).toEqual([]);
});

test('a form whose fields are those of another runbook is not taken', async () => {
  const policy = gatewayPolicy(['requesters: [cy]', 'requesters: [ana]']);
  const w = await gatewayWorld(policy);
  expect(await send(w, 'ana', await statusForm(w), { ...WORDS, target: 'staging', runbook: 'repair' })).toEqual({
    runbook: expect.stringContaining('still those of another runbook'),
  });
});

test('a form with words of somebody else beside it is none of ours', async () => {
  const w = await gatewayWorld();
  const shown = await statusForm(w);
  if (shown.content.kind !== 'form') throw new Error('This is no form.');
  const other = { ...shown, content: { ...shown.content, metadata: '{"form":"request","repository":99}' } };
  expect(await send(w, 'ana', other, WORDS)).toEqual({ runbook: expect.stringContaining('none of this gateway') });
});

test('what GitHub does not begin is told at the form, which stays open', async () => {
  const w = await gatewayWorld();
  w.dispatching.fault = new Fault('invalid', 'Unexpected inputs provided: ["envelope"].', 'Mend the workflow.');
  expect(await send(w, 'ana', await statusForm(w), WORDS)).toEqual({
    runbook: 'Nothing was asked: Unexpected inputs provided: ["envelope"]. Mend the workflow.',
  });
});

test('where nobody knows whether the run began, nobody says that nothing was asked', async () => {
  const w = await gatewayWorld();
  w.dispatching.fault = new Fault('not-confirmed', 'Whether the run began is not certain.', 'Look at the runs.');
  expect(await send(w, 'ana', await statusForm(w), WORDS)).toEqual({
    runbook: 'Whether the run began is not certain. Look at the runs.',
  });
});

test('where GitHub takes longer than Slack waits, the form closes and the end is told in person', async () => {
  const w = await gatewayWorld();
  const shown = await statusForm(w);
  Object.assign(w.dispatching, {
    slowMs: 5_000,
    fault: new Fault('unavailable', 'GitHub answered 503.', 'Try later.'),
  });
  const begun = w.clock.now();
  expect(await send(w, 'ana', shown, WORDS)).toBeNull();
  expect(w.clock.now() - begun).toBeLessThan(3_000);
  await w.after(10, () => undefined);
  expect(w.slack.told).toMatchObject([{ user: 'UANA', text: expect.stringContaining('GitHub answered 503') }]);
});

test('a secret in a reason is masked before GitHub sees it', async () => {
  const w = await gatewayWorld();
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  await send(w, 'ana', await statusForm(w), { ...WORDS, reason: `Orders hang, see ${secret}` });
  expect(JSON.stringify(w.dispatched)).not.toContain(secret);
  expect(w.slack.told[0]?.text).toContain('Masked before anybody sees it');
});

test('each form that is sent off has an envelope of its own', async () => {
  const w = await gatewayWorld();
  await send(w, 'ana', await statusForm(w), WORDS);
  await send(w, 'ana', await statusForm(w), WORDS);
  expect(new Set(w.dispatched.map(({ inputs }) => inputs['envelope'])).size).toBe(2);
});

test('members of a group from a directory may ask while they are in it', async () => {
  const policy = gatewayPolicy(['requesters: [developers]', 'requesters: [sre]'], sreFrom('github-team: acme/sre'));
  const w = await gatewayWorld(policy);
  w.teams.teams.set('acme/sre', [account('cy')]);
  expect(fieldOf(await formFor(w, 'cy'), 'runbook')).toMatchObject({
    choices: [{ value: 'status' }, { value: 'repair' }],
  });
  expect(await debug(w, 'ana')).toMatchObject({
    content: { text: expect.stringContaining('lets you ask for nothing') },
  });
});

test('what names no repository or is no command is told, and opens nothing', async () => {
  const w = await gatewayWorld();
  expect(await debug(w, 'ana', 'please help')).toMatchObject({
    kind: 'told',
    text: expect.stringContaining('/debug list'),
  });
  expect(await debug(w, 'ana', '', { trigger: null })).toMatchObject({ kind: 'told' });
  expect(await debug(w, 'ana', 'acme/other')).toMatchObject({
    content: { kind: 'message', text: expect.stringContaining('no such repository') },
  });
  expect(fieldsOf(await formFor(w, 'ana', 'acme/shop'))).toContain('reason');
});

test('the list shows what is open with its state and link, to whom the policy names or who is in the channel', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  const list = {
    content: {
      ...{ kind: 'list', heading: 'Open in acme/shop:', rest: '' },
      lines: [{ text: '#1 pending: status on production, asked by Ana', url: 'https://github.com/acme/shop/issues/1' }],
    },
  };
  expect(await debug(w, 'ed', 'list')).toMatchObject(list);
  expect(await debug(w, 'U0EVE', 'list acme/shop', { channel: 'C0APPROVE' })).toMatchObject(list);
  expect(await debug(w, 'U0EVE', 'list')).toMatchObject({ content: { kind: 'message' } });
  expect(eventsOf(w)).toEqual(['requested']);
});

test('a log that cannot be believed is listed as that', async () => {
  const w = await gatewayWorld();
  await w.ask({ input: ASKED }).result;
  w.github.edit(w.github.issue(1).comments[0]?.id ?? 0, 'gone');
  expect(await debug(w, 'ana', 'list')).toMatchObject({
    content: { lines: [{ text: expect.stringContaining('#1 cannot be believed or read') }] },
  });
});
