/** A request that the gateway began for somebody in Slack: by the envelope alone, as exactly that person, once. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { askHash, type Enveloped, envelopeToken } from '../../src/log/envelope.ts';
import { gatewayKey } from '../../src/log/gateway-token.ts';
import { T0 } from '../request/given.ts';
import { account, INPUT } from './asked.ts';
import { APP, gatewayPolicy, OTHER_PEM, PEM } from './gateway/gateway-world.ts';
import { oneOf } from './policies.ts';
import { createWorld, eventsOf, faultOf, type World } from './world.ts';

const GATEWAY_BOT = { id: 7_700, login: 'acme-debug[bot]', bot: true };

interface Written extends Partial<Omit<Enveloped, 'request'>> {
  asked?: Partial<typeof INPUT>;
  pem?: string;
  key?: string;
  repository?: { id: number; ownerId: number };
  /** In seconds after the start of the story. */
  at?: number;
}

async function envelope({ asked, pem = PEM, key = 'acme', at = 0, repository, ...change }: Written = {}) {
  const signing = await gatewayKey(key, pem);
  if (signing === null) throw new Error('This is no key.');
  const input = { ...INPUT, ...asked };
  const request = askHash({ ...input, duration: input.windowSeconds }) ?? '';
  const ana = { person: 'ana', slack: { team: 'T1', user: 'UANA' }, github: { id: 101, login: 'ana-dev' } };
  const content: Enveloped = { jti: randomUUID(), ...ana, ...change, request };
  return envelopeToken(signing, repository ?? { id: 70, ownerId: 7 }, content, T0 + at * 1_000);
}

/** A run that the gateway's app began. */
function begun(w: World, id = 9001, change: Partial<ReturnType<typeof runOf>> = {}): void {
  w.github.runs.set(id, { ...runOf(w, id), actor: GATEWAY_BOT, triggeringActor: GATEWAY_BOT, ...change });
}

function runOf(w: World, id: number) {
  w.runOf(id);
  const run = w.github.runs.get(id);
  if (run === undefined) throw new Error(`There is no run ${id}.`);
  return run;
}

async function world(policy = gatewayPolicy()) {
  const w = await createWorld(policy);
  w.github.gates.set('production', [APP]);
  begun(w);
  return w;
}

const asking = (w: World, token: string, change: Partial<typeof INPUT> = {}, id = 9001) =>
  w.ask({ input: { envelope: token, ...change }, job: { run: { id, attempt: 1 } } });

/** Nothing stands in GitHub, and the message says why. */
async function refused(w: World, token: string, change: Partial<typeof INPUT> = {}): Promise<string> {
  const fault = await faultOf(asking(w, token, change).result);
  expect(fault.code).toBe('refused');
  expect(w.github.issues.size).toBe(0);
  return `${fault.message} ${fault.remedy}`;
}

test('the named person is the requester, by both accounts on record; the app only began the run', async () => {
  const w = await world(gatewayPolicy(oneOf('sre')));
  const jti = randomUUID();
  const asked = asking(w, await envelope({ jti }));
  await w.after(30, () => w.press('bo'));
  const { reading, view } = await asked.result;
  expect(reading.state.opening).toMatchObject({
    envelope: { jti },
    request: {
      requester: { id: 101, login: 'ana-dev', person: 'ana' },
      actor: { id: 7_700, login: 'acme-debug[bot]', person: null },
    },
  });
  expect(w.records()[0]).toMatchObject({
    sentence: 'Ana asks in Slack to run status on production.',
    by: {
      ...{ person: 'ana', github: { id: 101, login: 'ana-dev' }, slack: { team: 'T1', user: 'UANA' } },
      ...{ via: 'slack-dialog', evidence: { run: '9001/1', envelope: jti } },
    },
  });
  expect(view).toMatchObject({ askedInSlack: true, status: 'approved' });
  expect(w.github.issue().body).toContain(
    '`Ana` (`ana-dev`), who asked in Slack; `acme-debug[bot]` began the run for them',
  );
});

test('nobody approves what they asked for in Slack', async () => {
  const w = await world();
  const asked = asking(w, await envelope());
  await w.after(30, () => w.press('ana'));
  asked.cancel();
  await asked.result;
  expect(eventsOf(w)).toContain('refused');
  expect(eventsOf(w)).not.toContain('decided');
});

test("who may ask holds for the named person: the gateway's word opens nothing more", async () => {
  const cy = { person: 'cy', slack: { team: 'T1', user: 'UCY' }, github: { id: 103, login: 'cy-dev' } };
  expect(await refused(await world(), await envelope(cy))).toContain('Cy may not request status');
});

test('without an envelope an app asks nothing', async () => {
  expect(await refused(await world(), '')).toContain('bots do not request');
});

test('a human who copies an envelope into a run of their own asks nothing by it', async () => {
  const w = await world();
  w.runOf(9001, { actor: 'cy', triggering: 'cy' });
  expect(await refused(w, await envelope())).toContain('cy-dev started this one');
});

test('a human who re-runs the run asks nothing by it', async () => {
  const w = await world();
  begun(w, 9001, { triggeringActor: account('ana') });
  expect(await refused(w, await envelope())).toContain('ana-dev started this one');
});

test('any workflow can begin runs with GITHUB_TOKEN: by it an envelope asks nothing', async () => {
  const w = await world();
  const actions = { id: 41898282, login: 'github-actions[bot]', bot: true };
  begun(w, 9001, { actor: actions, triggeringActor: actions });
  expect(await refused(w, await envelope())).toContain('github-actions[bot] started this one');
});

test('two apps, one that owns the run and one that started it, ask nothing', async () => {
  const w = await world();
  begun(w, 9001, { triggeringActor: { id: 7_701, login: 'other[bot]', bot: true } });
  expect(await refused(w, await envelope())).toContain('started by other[bot]');
});

test('a second attempt, whoever starts it, asks nothing by it', async () => {
  const w = await world();
  begun(w, 9001, { attempt: 2 });
  const fault = await faultOf(
    w.ask({ input: { envelope: await envelope() }, job: { run: { id: 9001, attempt: 2 } } }).result,
  );
  expect(fault.message).toContain('this is attempt 2');
  expect(w.github.issues.size).toBe(0);
});

test.each<[string, Partial<typeof INPUT>]>([
  ['runbook', { runbook: 'repair' }],
  ['target', { target: 'staging' }],
  ['inputs', { inputs: { service: 'api' } }],
  ['reason', { reason: 'Nothing of note' }],
  ['ticket', { ticket: 'OPS-2' }],
  ['urgency', { urgency: 'low' }],
  ['window', { windowSeconds: 60 }],
  ['waiting place', { wait: 'gateway' }],
])('another %s than what was asked in Slack is refused', async (_, change) => {
  const told = await refused(await world(), await envelope(), change);
  expect(told).toContain('is for something else than this run asks');
});

test('a break-glass is never asked by an envelope', async () => {
  expect(await refused(await world(), await envelope(), { breakGlass: true })).toContain('asks for a break-glass');
});

test.each<[string, Written, string]>([
  ['signed with a key that the policy does not have', { pem: OTHER_PEM }, 'signature verification failed'],
  ['signed in the name of a key that the policy does not have', { key: 'other' }, 'the policy has no key "other"'],
  ['for another repository', { repository: { id: 71, ownerId: 7 } }, 'it is for repository 71'],
  ['for another owner', { repository: { id: 70, ownerId: 8 } }, 'of owner 8'],
  ['older than five minutes when the run began', { at: -301 }, 'written 301 s before this run'],
  ['from the future', { at: 121 }, 'written 121 s after this run began'],
  ['for a stranger', { person: 'eve' }, 'eve, who is nobody in the policy'],
  ['for a name that every object has', { person: 'constructor' }, 'nobody in the policy'],
  ["with somebody else's GitHub account", { github: { id: 102, login: 'bo-dev' } }, 'GitHub id 102'],
  ["with somebody else's Slack account", { slack: { team: 'T1', user: 'UBO' } }, 'as UBO of T1'],
  ['with the same member of another workspace', { slack: { team: 'T2', user: 'UANA' } }, 'as UANA of T2'],
])('an envelope %s is refused', async (_, change, why) => {
  expect(await refused(await world(), await envelope(change))).toContain(why);
});

test('an envelope for somebody without a link to Slack is refused', async () => {
  const unlinked = gatewayPolicy([', slack: { team: T1, user: UANA } }', ' }']);
  expect(await refused(await world(unlinked), await envelope())).toContain('the policy of now does not say so');
});

test('an envelope by a key that was retired since is refused', async () => {
  const retired = gatewayPolicy(['name: acme,', 'name: acme, until: 2030-01-01T00:00:00Z,']);
  expect(await refused(await world(retired), await envelope())).toContain('the key acme is retired');
});

test('where the policy names no gateway nobody asks for anybody', async () => {
  const w = await createWorld();
  begun(w);
  expect(await refused(w, await envelope())).toContain('the policy has no key');
});

test.each(['x', 'a.b.c', `${'a'.repeat(5_000)}`])('what is no envelope at all is refused', async (text) => {
  expect(await refused(await world(), text)).toContain('The envelope does not count');
});

test("a record's signature is no envelope", async () => {
  const w = await world();
  const { gatewayToken } = await import('../../src/log/gateway-token.ts');
  const signing = await gatewayKey('acme', PEM);
  if (signing === null) throw new Error('This is no key.');
  const token = await gatewayToken(signing, { id: 70, ownerId: 7 }, `sha256:${'0'.repeat(64)}`, T0);
  expect(await refused(w, token)).toContain('it is none of the gateway');
});

test('an envelope counts once: a second run with the same one asks nothing', async () => {
  const w = await world();
  const token = await envelope();
  const first = asking(w, token);
  await w.after(60, () => begun(w, 9002));
  const fault = await faultOf(asking(w, token, {}, 9002).result);
  expect(fault.message).toBe('The envelope began #1 already, and counts once.');
  expect(w.github.issues.size).toBe(1);
  first.cancel();
  await first.result;
});

test('taking the label off the first request, or closing it, does not make its envelope good again', async () => {
  const w = await world();
  const token = await envelope();
  const first = asking(w, token);
  await w.after(60, () => Object.assign(w.github.issue(1), { labels: [], open: false }));
  begun(w, 9002);
  expect((await faultOf(asking(w, token, {}, 9002).result)).message).toContain('began #1 already');
  first.cancel();
  await first.result;
});

test('where somebody edited the first record, nobody can tell whether it was used: it is refused', async () => {
  const w = await world();
  const token = await envelope();
  const first = asking(w, token);
  await w.after(60, () => w.github.edit(w.github.issue(1).comments[0]?.id ?? 0, 'nothing to see'));
  begun(w, 9002);
  expect((await faultOf(asking(w, token, {}, 9002).result)).message).toContain('Whether issue #1 used the envelope');
  expect(w.github.issues.size).toBe(1);
  await first.result.catch(() => undefined);
});

test('among more issues than can be looked through nobody can tell: it is refused', async () => {
  const w = await world();
  const token = await envelope();
  for (let count = 0; count <= 50; count += 1) {
    await w.github.client().createIssue({ title: 'Update', body: 'By a bot', labels: [] });
  }
  expect((await faultOf(asking(w, token).result)).message).toContain('Bots opened 51 issues since');
  expect(w.github.issues.size).toBe(51);
});

test('issues that people and other bots open meanwhile keep nobody from asking', async () => {
  const w = await world();
  const token = await envelope();
  await w.github.client().createIssue({ title: 'Update', body: 'By a bot', labels: ['debug-request'] });
  await w.github.client().createIssue({ title: 'Help', body: 'By a person', labels: [] });
  w.github.issue(2).author = account('cy');
  const asked = asking(w, token);
  await w.after(60, () => undefined);
  expect(w.github.issue(3)).toMatchObject({ open: true });
  asked.cancel();
  await asked.result;
});

test('of two runs at the same moment one keeps it, the other ends as an error that says so', async () => {
  const w = await world();
  begun(w, 9002);
  const token = await envelope();
  const both = [asking(w, token), asking(w, token, {}, 9002)];
  await w.after(60, () => undefined);
  const open = [1, 2].filter((issue) => w.github.issue(issue).open);
  expect(open).toHaveLength(1);
  const [lost] = [1, 2].filter((issue) => !open.includes(issue));
  expect(w.records(lost).at(-1)).toMatchObject({
    events: [{ type: 'errored', code: 'envelope', message: expect.stringContaining(`began #${open[0]} already`) }],
  });
  for (const one of both) one.cancel();
  await Promise.all(both.map(({ result }) => result));
});

test('a request whose own issue the list does not show ends as an error: nobody can tell that it is the only one', async () => {
  const w = await world();
  w.github.listLagMs = 60_000;
  const { view } = await asking(w, await envelope()).result;
  expect(view).toMatchObject({ status: 'error', detail: expect.stringContaining('could not be told') });
});

test('who asks again has another envelope, and that request stands', async () => {
  const w = await world();
  const first = asking(w, await envelope());
  await w.after(60, () => begun(w, 9002));
  const second = asking(w, await envelope({ at: 60 }), {}, 9002);
  await w.after(60, () => undefined);
  expect(w.github.issue(2)).toMatchObject({ open: true });
  expect(eventsOf(w, 2)).toEqual(['requested']);
  for (const one of [first, second]) one.cancel();
  await Promise.all([first.result, second.result]);
});
