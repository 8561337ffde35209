/** Every way of being refused, and what whoever is refused reads in every channel. */
import { expect, test } from 'vitest';
import { type Command, type DecideCommand, decide, type Outcome } from '../../src/request/decide.ts';
import type { Actor, EventOf } from '../../src/request/events.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const NOW = { now: g.T0 + 60_000 };
const when = (records: LoggedRecord[], command: Command, facts = NOW): Outcome =>
  decide(f.FULL, fold(f.FULL, records), command, facts);

const MEND = [g.record(1, f.mend())];
const ONE = [...MEND, f.approval(2, 'bo')];
const APPROVED = [...ONE, f.approval(3, 'di')];
const DENIED_ONCE = [...MEND, f.denial(2, 'bo')];
const TURN = [g.record(1, f.turn())];
const PEEK = [g.record(1, f.peek())];
const BROKEN = [g.record(1, f.broken())];
const RUNNING = [...BROKEN, g.record(2, f.startOf(f.broken()))];
const REVIEWABLE = [...RUNNING, g.record(3, g.ended({ outcome: 'failed', exitCode: 3 }))];
const FINISHED = [...PEEK, g.record(2, f.startOf(f.peek())), g.record(3, g.ended())];
const SIGNED = [
  ...REVIEWABLE,
  g.record(4, { type: 'reviewed', person: 'di', comment: 'A lock' }, f.by('di', 'issue-comment')),
];
const LATE = { now: g.T0 + 14_400_000 };

const withoutCard = (opening: EventOf<'requested'>) => [g.record(1, { ...opening, card: null })];
const reviewedWith = (members: Record<string, string[]>) => [
  g.record(1, { ...f.broken(), members }),
  ...REVIEWABLE.slice(1),
];

type Via = Actor['via'];
const withdraw = (person: string, via: Via = 'slack-thread') => f.wish(person, via, { decision: 'withdraw' });
const cancel = (person: string, via: Via = 'issue-comment') => f.wish(person, via, { decision: 'cancel' });
const deny = (person: string, via: Via = 'issue-comment') => f.wish(person, via, { decision: 'deny' });
const review = (person: string, comment = 'A stuck lock', via: Via = 'issue-comment') =>
  f.wish(person, via, { decision: 'review', comment });
const left = (command: DecideCommand, ...groups: string[]) => ({
  ...command,
  standing: { left: groups, barred: null },
});
const barred = (command: DecideCommand, why: string) => ({ ...command, standing: { left: [], barred: why } });
const ticking = (...checklist: string[]) => f.wish('bo', 'issue-comment', { checklist });

/** Those that decide.test.ts has no case of. */
const REFUSALS: [name: string, code: string, recorded: boolean, LoggedRecord[], DecideCommand, { now: number }?][] = [
  ['a one-click approval where a checklist must be ticked', 'needs-dialog', false, MEND, f.wish('bo', 'slack-button')],
  [
    'an approval in the thread where a checklist must be ticked',
    'needs-dialog',
    false,
    MEND,
    f.wish('bo', 'slack-thread'),
  ],
  ['a slash command where a dialog must be read', 'needs-dialog', false, TURN, f.wish('bo', 'slash-command')],
  ['a one-click approval of what has no card', 'needs-dialog', false, withoutCard(f.mend()), f.wish('bo', 'gateway')],
  [
    'a one-click approval of what has no card and no checklist',
    'needs-dialog',
    false,
    withoutCard(f.turn()),
    f.wish('bo', 'slash-command'),
  ],
  ['a dialog without a hash', 'not-shown', true, MEND, f.submit('bo', { shown: null })],
  ['a dialog of another request', 'not-shown', true, MEND, f.submit('bo', {}, f.turn())],
  ['a dialog with one item unticked', 'checklist', false, MEND, f.submit('bo', { checklist: f.CHECKLIST.slice(0, 1) })],
  ['a dialog with nothing ticked', 'checklist', false, MEND, f.submit('bo', { checklist: [] })],
  ['an approval on the issue with one item', 'checklist', false, MEND, ticking('Nobody else works on it')],
  [
    'an approval on the issue with look-alike items',
    'checklist',
    false,
    MEND,
    ticking('the replica is in sync', 'Nobody else works on it!'),
  ],
  ['an approval after a denial', 'already-decided', false, DENIED_ONCE, f.submit('bo')],
  ['a second denial', 'already-decided', false, DENIED_ONCE, deny('bo')],
  ['a second denial in Slack', 'already-decided', false, DENIED_ONCE, deny('bo', 'slack-button')],
  [
    'a second denial beside an approval of another',
    'already-decided',
    false,
    [...DENIED_ONCE, f.approval(3, 'cy')],
    deny('bo'),
  ],
  ['a second approval in Slack', 'already-decided', false, ONE, f.submit('bo')],
  ['who left the team since', 'left-group', true, MEND, left(f.submit('cy'), 'sre')],
  ['who left the team since, on GitHub', 'left-group', true, MEND, left(deny('cy'), 'sre')],
  ['who left all groups', 'left-group', true, MEND, left(f.submit('bo'), 'sre', 'oncall')],
  ['who left a listed group', 'left-group', true, MEND, left(f.submit('ed'), 'leads')],
  [
    'who left a team, and another that the policy no longer names',
    'left-group',
    true,
    MEND,
    left(f.submit('cy'), 'sre', 'gone'),
  ],
  ['a guest’s account', 'account', true, MEND, barred(f.submit('bo'), 'this Slack account is a guest’s')],
  [
    'an account that could not be looked up',
    'account',
    true,
    MEND,
    barred(deny('bo', 'slack-button'), 'it could not be looked up: Slack does not answer.'),
  ],
  [
    'an account of which Slack says more than one sentence',
    'account',
    true,
    MEND,
    barred(f.submit('bo'), 'it was deactivated! Slack keeps it for a while'),
  ],
  ['a withdrawal without an approval', 'nothing-to-withdraw', false, MEND, withdraw('bo')],
  [
    'a withdrawal on the issue without an approval',
    'nothing-to-withdraw',
    false,
    MEND,
    withdraw('bo', 'issue-comment'),
  ],
  ['a withdrawal of a denial', 'nothing-to-withdraw', false, DENIED_ONCE, withdraw('bo')],
  ['a withdrawal twice', 'nothing-to-withdraw', false, [...ONE, f.withdrawal(3, 'bo')], withdraw('bo')],
  ['a withdrawal by another', 'nothing-to-withdraw', false, ONE, withdraw('cy')],
  ['a withdrawal too late', 'expired', false, ONE, withdraw('bo'), LATE],
  ['a withdrawal of what runs', 'not-open', false, RUNNING, withdraw('bo')],
  ['a withdrawal by a stranger', 'unknown-person', true, ONE, withdraw('eve')],
  ['a cancellation by an approver', 'not-requester', true, MEND, cancel('bo', 'slack-thread')],
  [
    'a cancellation by an approver, on an issue without a card',
    'not-requester',
    true,
    withoutCard(f.mend()),
    cancel('bo'),
  ],
  [
    'a cancellation by another, of a run of two',
    'not-requester',
    true,
    [g.record(1, { ...f.mend({ actor: { id: 102, login: 'bo-dev', person: 'bo' } }), approvers: ['cy', 'di'] })],
    cancel('ed'),
  ],
  [
    'a cancellation by another, of a run of an account that nobody knows',
    'not-requester',
    true,
    [g.record(1, f.mend({ actor: { id: 999, login: 'eve', person: null } }))],
    cancel('ed'),
  ],
  ['a cancellation by a stranger', 'unknown-person', true, MEND, cancel('eve')],
  ['a cancellation of what runs', 'not-open', false, RUNNING, cancel('ana')],
  ['a cancellation too late', 'expired', false, MEND, cancel('ana'), LATE],
  [
    'an approval in Slack by whoever the run belongs to',
    'own-request',
    true,
    [g.record(1, f.mend({ actor: { id: 102, login: 'bo-dev', person: 'bo' } }))],
    f.submit('bo'),
  ],
  ['a denial by the requester of what has no card', 'own-request', true, withoutCard(f.mend()), deny('ana')],
  ['a decision on what is pre-approved', 'not-eligible', true, PEEK, f.wish('bo', 'issue-comment')],
  ['a decision of a stranger on what is pre-approved', 'unknown-person', true, PEEK, f.wish('eve', 'issue-comment')],
  ['a bot that cancels', 'bot', true, MEND, f.wish('ana', 'issue-comment', { decision: 'cancel', bot: true })],
  ['a review of what was no break-glass', 'no-review', false, APPROVED, review('di')],
  ['a review of what ended and was no break-glass', 'no-review', false, FINISHED, review('di')],
  ['a review of a break-glass that has not started', 'no-review', false, BROKEN, review('di')],
  ['a review of a break-glass that still runs', 'no-review', false, RUNNING, review('di')],
  ['a review without a word', 'no-review', true, REVIEWABLE, review('di', '. 1 a b 42 !')],
  ['a second review', 'no-review', false, SIGNED, review('ed')],
  ['a review by the requester', 'own-request', true, REVIEWABLE, review('ana')],
  ['a review by who is not named', 'not-eligible', true, reviewedWith({ sre: ['cy'], oncall: [] }), review('bo')],
  [
    'a review in Slack by who is not named',
    'not-eligible',
    true,
    reviewedWith({}),
    review('bo', 'A stuck lock', 'slack-thread'),
  ],
  ['a review by who left the group', 'left-group', true, REVIEWABLE, left(review('cy'), 'sre')],
  ['a review by a stranger of what was no break-glass', 'unknown-person', true, MEND, review('eve')],
  ['a review by a stranger', 'unknown-person', true, REVIEWABLE, review('eve')],
  ['a review by a stranger after it was signed', 'unknown-person', false, SIGNED, review('eve')],
  ['a decision of a stranger on what runs', 'unknown-person', false, RUNNING, f.wish('eve', 'issue-comment')],
];

test.each(REFUSALS)('§4.6 %s is refused (%s)', (_, code, recorded, records, command, facts = NOW) => {
  const outcome = when(records, command, facts);
  expect(outcome).toMatchObject({ kind: 'refuse', code });
  if (outcome.kind !== 'refuse') return;
  const { slack, github } = command.by;
  const account = slack === null ? `github:${github?.id}` : `slack:${slack.team}/${slack.user}`;
  expect(outcome.record).toEqual(recorded ? { type: 'refused', code, decision: command.decision, account } : null);
});

test('§4.6 whoever is refused reads what happened, why, and what to do, in every channel', async () => {
  const lines = REFUSALS.map(([name, code, , records, command, facts]) => {
    const outcome = when(records, command, facts);
    return `# ${name} (${code})\n${outcome.kind === 'refuse' ? outcome.message : outcome.kind}\n`;
  });
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/deeds-refused.txt');
});

test('what comes from no account is refused as a stranger’s', () => {
  const nobody = f.wish('bo', 'gateway', { by: { github: null, slack: null, via: 'gateway', evidence: {} } });
  expect(when(MEND, nobody)).toMatchObject({
    kind: 'refuse',
    code: 'unknown-person',
    name: 'Somebody',
    message:
      'Somebody may not approve this request: the policy .github/debug-approval.yml links this account with nobody. Ask one of Bo, Cy, Di, Ed, or ask for an entry under `people`.',
  });
});

test('of many who could be asked a refusal names the first twelve', () => {
  const crowd = Array.from(
    { length: 15 },
    (_, n) => `  p${n}: { name: Person ${n}, github: { id: ${200 + n}, login: p${n} } }\n`,
  );
  const policy = f.fullWith(
    'groups:\n',
    `${crowd.join('')}groups:\n  crowd: { members: [${crowd.map((_, n) => `p${n}`).join(', ')}] }\n`,
  );
  const opening = { ...f.mend(), approvers: crowd.map((_, n) => `p${n}`) };
  const outcome = decide(policy, fold(policy, [g.record(1, opening)]), f.wish('ana', 'issue-comment'), NOW);
  const names = Array.from({ length: 12 }, (_, n) => `Person ${n}`).join(', ');
  expect(outcome).toMatchObject({ message: expect.stringContaining(`Ask one of ${names} and 3 more. `) });
  const twelve = decide(
    policy,
    fold(policy, [g.record(1, { ...opening, approvers: opening.approvers.slice(3) })]),
    f.wish('ana', 'issue-comment'),
    NOW,
  );
  expect(twelve).toMatchObject({ message: expect.stringMatching(/Person 14\. /) });
});
