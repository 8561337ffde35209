/** Given these events, when this command, then these events: every command in every state, and what refused people read. */
import { expect, test } from 'vitest';
import { type Command, decide, type Outcome } from '../../src/request/decide.ts';
import { fold, type LoggedRecord, type Status } from '../../src/request/state.ts';
import * as g from './given.ts';

const NOW = { now: g.T0 + 60_000 };
const OVER = { now: g.T0 + g.EXPIRY_S * 1000 };
const when = (records: LoggedRecord[], command: Command, facts = NOW): Outcome =>
  decide(g.POLICY, fold(g.POLICY, records), command, facts);
const start = (unrecordedDenials: string[] = []): Command => ({
  type: 'start',
  started: g.started(),
  unrecordedDenials,
  unrecordedWithdrawals: [],
  unrecordedCancels: [],
});
const CANCEL: Command = { type: 'cancel', reason: 'The workflow run was cancelled.' };
const FAIL: Command = { type: 'fail', code: 'slack', message: 'Slack does not answer.' };
const END: Command = { type: 'end', ended: g.ended() };

const APPROVED = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy')];
const RUNNING = [...APPROVED, g.record(4, g.started())];
const STATES: { [status in Status]: LoggedRecord[] } = {
  pending: [g.opened()],
  approved: APPROVED,
  running: RUNNING,
  finished: [...RUNNING, g.record(5, g.ended())],
  failed: [...RUNNING, g.record(5, g.ended({ outcome: 'failed', exitCode: 3 }))],
  denied: [g.opened(), g.denial(2, 'bo')],
  expired: [g.opened(), g.record(2, { type: 'expired' })],
  cancelled: [g.opened(), g.record(2, { type: 'cancelled', reason: 'Stopped.' })],
  error: [g.opened(), g.record(2, { type: 'errored', code: 'slack', message: 'No card.' })],
};
const ALL = Object.keys(STATES).filter((name): name is Status => name in STATES);
const OPEN: Status[] = ['pending', 'approved'];
const OVER_AND_DONE = ALL.filter((status) => !OPEN.includes(status));

test.each(ALL)('these events make a request %s', (status) => {
  expect(fold(g.POLICY, STATES[status]).status).toBe(status);
});

test('nothing but an opening begins a request', () => {
  for (const command of [g.press('bo'), start(), END, { type: 'expire' } as const, CANCEL, FAIL]) {
    expect(when([], command, OVER)).toEqual({ kind: 'nothing', why: 'There is no request here.' });
  }
  expect(when([], { type: 'open', opening: g.opening() })).toEqual({
    kind: 'append',
    events: [g.opening()],
    sentence: 'Ana asks to run status on production.',
    person: 'ana',
    name: 'Ana',
  });
});

test.each(ALL)('an issue whose request is %s opens no second one', (status) => {
  expect(when(STATES[status], { type: 'open', opening: g.opening() }).kind).toBe('nothing');
});

test.each(OPEN)('an eligible person may approve and deny while the request is %s', (status) => {
  for (const decision of ['approve', 'deny'] as const) {
    for (const command of [g.press('di', { decision }), g.written('di', { decision, comment: 'Because' })]) {
      expect(when(STATES[status], command)).toEqual({
        kind: 'append',
        events: [{ ...g.decided('di', decision), comment: command.comment }],
        sentence: decision === 'approve' ? 'Di approved this request.' : 'Di denied this request.',
        person: 'di',
        name: 'Di',
      });
    }
  }
});

test('whoever approved may still deny: a doubt is never too late before the start', () => {
  expect(when(APPROVED, g.press('bo', { decision: 'deny' })).kind).toBe('append');
});

test.each(OVER_AND_DONE)('nobody decides on a request that is %s', (status) => {
  for (const decision of ['approve', 'deny'] as const) {
    expect(when(STATES[status], g.press('di', { decision }))).toMatchObject({ kind: 'refuse', code: 'not-open' });
  }
});

test.each(ALL)('a job may start a request that is %s only if that is approved', (status) => {
  const outcome = when(STATES[status], start());
  if (status === 'approved') expect(outcome).toMatchObject({ kind: 'append', events: [g.started()] });
  else expect(outcome).toMatchObject({ kind: 'refuse', code: 'not-approved', record: null });
});

test('the instant at which a request expires is too late to approve, deny or start', () => {
  const last = { now: OVER.now - 1 };
  expect(when(APPROVED, g.press('di'), last).kind).toBe('append');
  expect(when(APPROVED, start(), last).kind).toBe('append');
  for (const decision of ['approve', 'deny'] as const) {
    expect(when(APPROVED, g.press('di', { decision }), OVER)).toMatchObject({ kind: 'refuse', code: 'expired' });
  }
  expect(when(APPROVED, start(), OVER)).toMatchObject({ kind: 'refuse', code: 'expired' });
});

test('§4.7 a denial on the issue that nobody recorded keeps the job from starting, and says so even after expiry', () => {
  for (const facts of [NOW, OVER]) {
    expect(when(APPROVED, start(['di']), facts)).toMatchObject({ kind: 'refuse', code: 'denied' });
  }
  expect(when(APPROVED, start(['ana', 'ed'])).kind).toBe('append');
});

test.each(ALL)('an end is recorded only of a request that is running, not of one that is %s', (status) => {
  const outcome = when(STATES[status], END);
  if (status === 'running') expect(outcome).toMatchObject({ kind: 'append', events: [g.ended()] });
  else expect(outcome.kind).toBe('nothing');
});

test.each(ALL)('a request that is %s expires, is cancelled or fails only while it is open', (status) => {
  const outcomes = [
    when(STATES[status], { type: 'expire' }, OVER),
    when(STATES[status], CANCEL),
    when(STATES[status], FAIL),
  ];
  const expected = OPEN.includes(status) ? ['expired', 'cancelled', 'errored'] : ['nothing', 'nothing', 'nothing'];
  expect(outcomes.map((o) => (o.kind === 'append' ? o.events[0]?.type : o.kind))).toEqual(expected);
});

test('a request does not expire before its time', () => {
  expect(when([g.opened()], { type: 'expire' }, { now: OVER.now - 1 }).kind).toBe('nothing');
});

const ELSEWHERE = { team: 'T1', channel: 'C0APPROVE', ts: '1740909600.000999' };
const CLAIM = { request: '70/9001/1', digest: g.opening().digest, policyBlob: g.BLOB };
const STRANGER = { github: null, slack: { team: 'T1', user: 'UNOBODY' }, via: 'slack-button' as const, evidence: {} };

/** Every way of being refused: the code, who, and whether the first attempt gets a record of its own. */
const REFUSALS: [
  name: string,
  code: string,
  recorded: boolean,
  records: LoggedRecord[],
  command: Command,
  facts?: { now: number },
][] = [
  ['a stranger in Slack', 'unknown-person', true, STATES.pending, g.press('bo', { by: STRANGER })],
  [
    "Bo's user id in another workspace",
    'unknown-person',
    true,
    STATES.pending,
    g.press('bo', { by: { ...STRANGER, slack: { team: 'T2', user: 'UBO' } } }),
  ],
  ['a stranger on GitHub', 'unknown-person', true, STATES.pending, g.written('stranger')],
  [
    "a stranger who took over Bo's login",
    'unknown-person',
    true,
    STATES.pending,
    g.written('bo', { by: { ...g.byGithub('x', '1', 'bo-dev') } }),
  ],
  ['the requester in Slack', 'own-request', true, STATES.pending, g.press('ana')],
  ['the requester on GitHub', 'own-request', true, STATES.pending, g.written('ana')],
  [
    'whoever the run belongs to',
    'own-request',
    true,
    [g.opened({ actor: { id: 102, login: 'bo-dev', person: 'bo' } })],
    g.written('bo'),
  ],
  ['a known person whom no rule names', 'not-eligible', true, STATES.pending, g.press('ed')],
  [
    'somebody eligible who was not asked',
    'not-eligible',
    true,
    [g.record(1, { ...g.opening(), approvers: ['bo', 'cy'] })],
    g.press('di'),
  ],
  ['a bot', 'bot', true, STATES.pending, g.written('bo', { bot: true })],
  [
    "another request's button",
    'wrong-digest',
    true,
    STATES.pending,
    g.press('bo', { claim: { ...CLAIM, request: '70/9002/1' } }),
  ],
  [
    'a button with another digest',
    'wrong-digest',
    true,
    STATES.pending,
    g.press('bo', { claim: { ...CLAIM, digest: `sha256:${'0'.repeat(64)}` } }),
  ],
  [
    'a button with another policy',
    'wrong-digest',
    true,
    STATES.pending,
    g.press('bo', { claim: { ...CLAIM, policyBlob: 'd'.repeat(40) } }),
  ],
  ['a copy of the card', 'wrong-card', true, STATES.pending, g.press('bo', { card: ELSEWHERE })],
  [
    'a card of a request that has none',
    'wrong-card',
    true,
    [g.record(1, { ...g.opening(), card: null })],
    g.press('bo'),
  ],
  ['a second approval by the same human', 'already-decided', false, [g.opened(), g.approval(2, 'bo')], g.written('bo')],
  ['an approval too late', 'expired', false, STATES.pending, g.press('bo'), OVER],
  ...OVER_AND_DONE.map((status): (typeof REFUSALS)[number] => [
    `an approval of what is ${status}`,
    'not-open',
    false,
    STATES[status],
    g.press('di'),
  ]),
];

test.each(REFUSALS)('§4.6 %s is refused (%s)', (_, code, recorded, records, command, facts = NOW) => {
  const outcome = when(records, command, facts);
  expect(outcome).toMatchObject({ kind: 'refuse', code });
  if (outcome.kind === 'refuse') expect(outcome.record?.type ?? null).toBe(recorded ? 'refused' : null);
});

test.each([
  ['team', 'T2'],
  ['channel', 'C0OTHER'],
  ['ts', '1740909600.000999'],
])('§4.6 a press on a message with another %s than the card’s decides nothing', (part, other) => {
  const command = g.press('bo', { card: { ...g.CARD, [part]: other } });
  expect(when(STATES.pending, command)).toMatchObject({ kind: 'refuse', code: 'wrong-card' });
});

test('§4.6 the first refused attempt of an account is put on record, the next ones are not', () => {
  const first = when(STATES.pending, g.press('bo', { by: STRANGER }));
  if (first.kind !== 'refuse' || first.record === null) throw new Error('the first attempt has no record');
  expect(first.name).toBe('Somebody');
  expect(first.record).toEqual({
    type: 'refused',
    code: 'unknown-person',
    decision: 'approve',
    account: 'slack:T1/UNOBODY',
  });
  const after = [...STATES.pending, g.record(2, first.record, { ...STRANGER, person: null, name: 'Somebody' })];
  expect(when(after, g.press('bo', { by: STRANGER }))).toMatchObject({ kind: 'refuse', record: null });
  expect(when(after, g.press('bo', { by: STRANGER, decision: 'deny' }))).toMatchObject({
    kind: 'refuse',
    record: null,
  });
  expect(when(after, g.press('ed'))).toMatchObject({ kind: 'refuse', record: { account: 'slack:T1/UED' } });
});

test('§4.6 whoever is refused reads what happened, why, and what to do', async () => {
  const START_REFUSED: [string, string, boolean, LoggedRecord[], Command, { now: number }?][] = [
    ['a start without approval', '', false, STATES.pending, start()],
    ['a start after the denial', '', false, STATES.denied, start()],
    ['a second start', '', false, STATES.running, start()],
    ['a start too late', '', false, APPROVED, start(), OVER],
    ['a start with an unrecorded denial', '', false, APPROVED, start(['di'])],
  ];
  const lines = [...REFUSALS, ...START_REFUSED].flatMap(([name, , , records, command, facts]) => {
    const verbs = command.type === 'decide' ? (['approve', 'deny'] as const) : [null];
    return verbs.map((decision) => {
      const asked = command.type === 'decide' && decision !== null ? { ...command, decision } : command;
      const outcome = when(records, asked, facts);
      const title = decision === null ? name : `${name}: ${decision}`;
      if (outcome.kind === 'refuse') return `# ${title} (${outcome.code})\n${outcome.message}\n`;
      return `# ${title}\n(${outcome.kind}: ${outcome.kind === 'append' ? outcome.sentence : outcome.why})\n`;
    });
  });
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/refusals.txt');
});

test('how a job ended is told with the real exit code or signal', async () => {
  const ends = [
    g.ended(),
    g.ended({ outcome: 'failed', exitCode: 3 }),
    g.ended({ outcome: 'failed', reason: 'signal', exitCode: null, signal: 'SIGKILL' }),
    g.ended({ outcome: 'failed', reason: 'signal', exitCode: null }),
    g.ended({ outcome: 'failed', exitCode: null }),
    g.ended({ reason: 'steps', exitCode: null }),
    g.ended({ outcome: 'failed', reason: 'steps', exitCode: null }),
    ...(['window', 'cancelled', 'interrupted', 'spawn-failed', 'refused'] as const).map((reason) =>
      g.ended({ outcome: 'failed', reason, exitCode: null }),
    ),
  ];
  const told = ends.map((event) => {
    const outcome = when(RUNNING, { type: 'end', ended: event });
    return outcome.kind === 'append' ? outcome.sentence : outcome.kind;
  });
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('golden/ends.txt');
});
