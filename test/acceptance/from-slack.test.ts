/** Requests that people ask for in Slack: from `/debug` through the form and the dispatched workflow to the command's end. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRunners, type Runners } from '../../src/sandbox/dispatched.ts';
import type { Dispatched } from '../../src/sandbox/host.ts';
import { buttonsIn, type Member, slackAs, wordsIn } from '../../src/sandbox/members.ts';
import { CHANNEL, PEOPLE, type Town } from '../../src/sandbox/town.ts';
import { openPlace, type Place } from './modes.ts';
import { audit, endings, logOf, press, start } from './stage.ts';

// Whole jobs: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let place: Place;
let town: Town;
let runners: Runners;
let ana: Member;
/** What the gateway began. */
const dispatched: Pick<Dispatched, 'inputs' | 'actor'>[] = [];
beforeAll(async () => {
  place = await openPlace('gateway');
  town = place.town;
  runners = openRunners(town);
  town.github.onDispatch(({ inputs, actor }) => void dispatched.push({ inputs, actor }));
  ana = slackAs(town, 'ana');
});
afterAll(async () => {
  await runners.close();
  await place.close();
});

const HELLO = 'Say hello, to try everything harmlessly (hello)';
const ASKED = { Target: 'production', Reason: 'Orders are slow since nine', Ticket: 'OPS-42' };

test('what Ana asks for by /debug runs once Bo approved it; the record says who she is in Slack and on GitHub', async () => {
  await ana.slash('/debug');
  const form = await ana.dialog();
  if (form === null) throw new Error('No form was opened for Ana.');
  await ana.choose(form, 'Runbook', { Runbook: HELLO });
  await expect.poll(() => JSON.stringify(town.slack.dialogs())).toContain('Target');
  const filled = await ana.dialog();
  if (filled === null) throw new Error('The form is gone.');
  expect(await ana.sendForm(filled, ASKED)).toMatchObject({ acknowledged: true, kept: null });

  const hasButtons = async () =>
    (await town.slack.messages(CHANNEL)).some(({ blocks }) => buttonsIn(blocks).length > 0);
  await expect.poll(hasButtons, { timeout: 20_000 }).toBe(true);
  expect((await press(town, 'bo', 'approve', 1)).acknowledged).toBe(true);
  const [run] = runners.runs;
  expect(endings(await (run ?? expect.unreachable()))).toBe('ask success, debug success, close success');
  const { status, opening, approvedBy, log } = await audit(town, 1);
  expect([status, approvedBy]).toEqual(['finished', ['Bo']]);
  const requester = { id: PEOPLE.ana.id, login: PEOPLE.ana.login, person: 'ana' };
  expect(opening?.request).toMatchObject({ requester, actor: { login: town.app?.botLogin, person: null } });
  expect(log.entries[0]?.record.by).toMatchObject({ slack: { user: PEOPLE.ana.slack }, via: 'slack-dialog' });
});

test('the envelope of a run opens no second request: not in the hands of a person, and not in a run that the gateway begins', async () => {
  const [sent = expect.unreachable()] = dispatched;
  const byAna = await start(town, { inputs: sent.inputs }).result;
  expect(logOf(byAna, 'ask')).toContain('The envelope counts only in the run that the gateway begins for it');
  const byGateway = await start(town, sent).result;
  expect(logOf(byGateway, 'ask')).toContain('The envelope began #1 already, and counts once.');
  for (const run of [byAna, byGateway]) expect(endings(run)).toBe('ask failure, debug skipped, close success');
  expect(await town.slack.messages(CHANNEL)).toHaveLength(1);
});

test('whoever the policy does not link with Slack gets no form, and is told what to ask for', async () => {
  const ed = slackAs(town, 'ed');
  await ed.slash('/debug');
  const told = await ed.dialog();
  expect(told === null ? null : wordsIn(told)).toMatch(
    /names no person with your Slack account \(UED of T1\).* adds `slack: /,
  );
});
