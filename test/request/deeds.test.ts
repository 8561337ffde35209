/** Given these events, when somebody approves, denies, withdraws, cancels or reviews, then exactly these events. */
import { describe, expect, test } from 'vitest';
import { type Command, type DecideCommand, decide, type Outcome } from '../../src/request/decide.ts';
import type { Event, EventOf } from '../../src/request/events.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const NOW = { now: g.T0 + 60_000 };
const when = (records: LoggedRecord[], command: Command, facts = NOW): Outcome =>
  decide(f.FULL, fold(f.FULL, records), command, facts);

const MEND = [g.record(1, f.mend())];
const ONE = [...MEND, f.approval(2, 'bo')];
const APPROVED = [...ONE, f.approval(3, 'di')];
const TURN = [g.record(1, f.turn())];
const BROKEN = [g.record(1, f.broken())];
const RUNNING = [...BROKEN, g.record(2, f.startOf(f.broken()))];
const REVIEWABLE = [...RUNNING, g.record(3, g.ended({ outcome: 'failed', exitCode: 3 }))];
const TASKS = f.CHECKLIST.map((item) => `- [x] ${item}`).join('\n');

const appended = (event: Event, sentence: string, person: string, name: string): Outcome => ({
  kind: 'append',
  events: [event],
  sentence,
  person,
  name,
});
const approvedBy = (person: string, name: string, change: Partial<EventOf<'decided'>> = {}) =>
  appended({ ...g.decided(person), ...change }, `${name} approved this request.`, person, name);

describe('an approval', () => {
  const dialog = f.inDialog('bo');

  test('in the dialog records the hash of what was shown and the items ticked, in the order of the policy', () => {
    const command = f.submit('bo', { checklist: [...f.CHECKLIST].reverse(), comment: 'Looks right' });
    expect(dialog.shown).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(when(MEND, command)).toEqual(
      approvedBy('bo', 'Bo', { comment: 'Looks right', shown: dialog.shown, checklist: f.CHECKLIST }),
    );
  });

  test('on the issue counts when its task list ticks every item; other items get on no record', () => {
    const command = f.wish('cy', 'issue-comment', {
      comment: `${TASKS}\n- [x] And mine`,
      checklist: [' Nobody else works on it ', 'And mine', 'The replica is in sync'],
    });
    expect(when(MEND, command)).toEqual(
      approvedBy('cy', 'Cy', { comment: command.comment, shown: null, checklist: f.CHECKLIST }),
    );
  });

  test('on the issue counts by one word where there is no checklist, though the policy wants a dialog', () => {
    expect(when(TURN, f.wish('cy', 'issue-comment'))).toEqual(approvedBy('cy', 'Cy'));
  });

  test('by a Slack account that an e-mail address was found for is that person’s', () => {
    expect(when(MEND, f.submit('di'))).toMatchObject({ kind: 'append', person: 'di', name: 'Di' });
    const unlinked = { ...f.mend(), links: {} };
    expect(when([g.record(1, unlinked)], f.submit('di', {}, unlinked))).toMatchObject({ code: 'unknown-person' });
  });

  test('by who left one of their groups and is eligible by another is recorded with what they left', () => {
    const left = { standing: { left: ['sre'], barred: null } };
    expect(when(MEND, f.submit('bo', left))).toEqual(
      approvedBy('bo', 'Bo', { shown: dialog.shown, checklist: f.CHECKLIST, left: ['sre'] }),
    );
  });

  test('of a break-glass counts as any other and changes nothing', () => {
    expect(when(BROKEN, f.wish('cy', 'issue-comment'))).toEqual(approvedBy('cy', 'Cy'));
  });

  test('after a withdrawal is a new one', () => {
    expect(when([...ONE, f.withdrawal(3, 'bo')], f.submit('bo')).kind).toBe('append');
  });
});

test.each(['slack-button', 'slack-thread', 'slash-command', 'slack-dialog', 'issue-comment'] as const)(
  'a denial by %s is one step, whatever the policy wants of approvals',
  (via) => {
    const command = f.wish('bo', via, { decision: 'deny', comment: 'No', shown: null, checklist: f.CHECKLIST });
    const standing = { left: ['oncall'], barred: null };
    expect(when(MEND, { ...command, standing })).toEqual(
      appended({ ...g.decided('bo', 'deny'), comment: 'No', left: ['oncall'] }, 'Bo denied this request.', 'bo', 'Bo'),
    );
  },
);

describe('a withdrawal', () => {
  const withdraw = (person: string, change: Partial<DecideCommand> = {}) =>
    f.wish(person, 'slack-thread', { decision: 'withdraw', ...change });

  test.each([
    ['pending', ONE],
    ['approved', APPROVED],
  ])('of an approval of what is %s is recorded', (_, records) => {
    expect(when(records, withdraw('bo', { comment: 'Too quick' }))).toEqual(
      appended({ type: 'withdrawn', person: 'bo', comment: 'Too quick' }, 'Bo withdrew their approval.', 'bo', 'Bo'),
    );
  });

  test('counts by whoever has left their groups too: to take back needs no right to give', () => {
    expect(when(ONE, withdraw('bo', { standing: { left: ['sre', 'oncall'], barred: null } })).kind).toBe('append');
  });
});

describe('a cancellation', () => {
  const cancel = (person: string, comment: string) => f.wish(person, 'issue-comment', { decision: 'cancel', comment });
  const cancelled = (reason: string, person: string, name: string) =>
    appended({ type: 'cancelled', reason }, `${name} cancelled this request.`, person, name);

  test.each([
    ['pending', MEND],
    ['approved', APPROVED],
  ])('by the requester ends what is %s, with nothing but her own words as the reason', (_, records) => {
    expect(when(records, cancel('ana', 'Solved <!here>'))).toEqual(cancelled('Solved <!here>', 'ana', 'Ana'));
  });

  test('without a word has no reason', () => {
    expect(when(MEND, cancel('ana', ''))).toEqual(cancelled('', 'ana', 'Ana'));
  });

  test('is open to whoever the run belongs to', () => {
    const rerun = [g.record(1, f.mend({ actor: { id: 102, login: 'bo-dev', person: 'bo' } }))];
    expect(when(rerun, cancel('bo', ''))).toEqual(cancelled('', 'bo', 'Bo'));
  });
});

describe('an after-review', () => {
  const review = (person: string, change: Partial<DecideCommand> = {}) =>
    f.wish(person, 'issue-comment', { decision: 'review', comment: 'A stuck lock', ...change });

  test.each(['bo', 'cy', 'di', 'ed'])('is signed by %s, one of those whom the policy names', (person) => {
    const name = f.FULL.people[person]?.name ?? '';
    expect(when(REVIEWABLE, review(person))).toEqual(
      appended({ type: 'reviewed', person, comment: 'A stuck lock' }, `${name} signed the after-review.`, person, name),
    );
  });

  test('is signed long after the request expired', () => {
    expect(when(REVIEWABLE, review('di'), { now: g.T0 + 1e10 }).kind).toBe('append');
  });

  test('is signed by who is still in a group that the policy names', () => {
    expect(when(REVIEWABLE, review('di', { standing: { left: ['sre'], barred: null } })).kind).toBe('append');
  });
});

describe('the opening', () => {
  test.each([
    ['asks', f.mend(), 'Ana asks to run mend on production.'],
    [
      'asks in Slack',
      { ...f.mend(), envelope: { jti: '3b241101-e2bb-4255-8caf-4136c566a962' } },
      'Ana asks in Slack to run mend on production.',
    ],
    [
      'says that it breaks the glass',
      f.broken(),
      'Ana breaks the glass to run turn on production without approval beforehand.',
    ],
  ])('%s', (_, opening, sentence) => {
    expect(when([], { type: 'open', opening })).toEqual(appended(opening, sentence, 'ana', 'Ana'));
  });
});
