/** Requests as they come to stand in real logs, each folded from its records and presented: what people are shown of them. */
import type { EventOf } from '../../src/request/events.ts';
import { present } from '../../src/request/present.ts';
import { fold, type LoggedRecord } from '../../src/request/state.ts';
import type { RequestView } from '../../src/request/view.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const PENDING = [g.opened()];
const ONE = [...PENDING, g.approval(2, 'bo')];
const APPROVED = [...ONE, g.approval(3, 'cy')];
const RUNNING = [...APPROVED, g.record(4, g.started())];
const VAULT = { target: 'vault', environment: 'vault' } as const;
const RULES = [g.record(1, { ...g.opening({ ...VAULT, ticket: '' }), approvers: ['bo', 'di'] })];

const deny = (id: number, comment: string) => g.record(id, { ...g.decided('cy', 'deny'), comment }, g.bySlack('cy'));
const failed = (change: Partial<EventOf<'ended'>>) => [
  ...RUNNING,
  g.record(5, g.ended({ outcome: 'failed', exitCode: null, ...change })),
];
const error = (code: string, message: string) => g.record(9, { type: 'errored', code, message });
const expired = g.record(g.EXPIRY_S, { type: 'expired' });

const MEND = [
  g.record(1, { ...f.mend(), notices: ['The Slack user group S0ONCALL could not be read; nobody of it is asked.'] }),
];
const BROKEN = [g.record(1, f.broken()), g.record(4, f.startOf(f.broken()))];
const REVIEWABLE = [...BROKEN, g.record(5, g.ended())];
const overdue = { ...g.record(6, { type: 'review-overdue' }), createdAt: g.at(90_000) };
const reviewed = g.record(
  7,
  { type: 'reviewed', person: 'cy', comment: 'A stuck lock; `OPS-2` follows it up <!here>' },
  g.byGithub('cy'),
);

/** Under the policy with every way to decide: a checklist, two denials, what is pre-approved, break-glass. */
const FULL_STORIES = {
  'pending-with-checklist': [...MEND, f.denial(3, 'cy')],
  'pending-withdrawn': [
    g.record(1, f.mend()),
    f.approval(2, 'bo'),
    f.withdrawal(3, 'bo', 'I was *too* quick'),
    f.approval(4, 'di'),
  ],
  'pending-escalated': [
    g.record(1, f.mend()),
    g.record(2, { type: 'reminded', step: 2, people: ['bo', 'di', 'ed'], escalatedTo: ['leads'] }),
  ],
  'approved-by-policy': [g.record(1, f.peek())],
  'approved-break-glass': BROKEN.slice(0, 1),
  'running-break-glass': BROKEN,
  'finished-break-glass': REVIEWABLE,
  'finished-break-glass-overdue': [...REVIEWABLE, overdue],
  'finished-break-glass-reviewed': [...REVIEWABLE, reviewed],
  'denied-by-two': [g.record(1, f.mend()), f.denial(2, 'bo'), f.denial(3, 'cy')],
  'cancelled-by-requester': [
    g.record(1, f.mend()),
    g.record(2, { type: 'cancelled', reason: 'Solved *itself* <!here>' }, g.byGithub('ana')),
  ],
} satisfies Record<string, LoggedRecord[]>;

/** Records by the name of the state they lead to. Two of Bo, Cy and Di must approve what Ana asks for. */
export const STORIES = {
  pending: PENDING,
  'pending-one-of-two': ONE,
  'pending-all-of': [...RULES, g.record(2, { ...g.decided('bo'), comment: 'fine, but `only` once' }, g.byGithub('bo'))],
  approved: APPROVED,
  running: RUNNING,
  finished: [...RUNNING, g.record(5, g.ended())],
  'failed-exit': failed({ exitCode: 3 }),
  'failed-window': failed({ reason: 'window' }),
  'failed-signal': failed({ reason: 'signal', signal: 'SIGKILL' }),
  'failed-cancelled': failed({ reason: 'cancelled' }),
  'failed-interrupted': failed({ reason: 'interrupted' }),
  'failed-not-started': failed({ reason: 'spawn-failed' }),
  'failed-denied': failed({ reason: 'refused' }),
  denied: [...ONE, deny(3, '')],
  'denied-with-reason': [...ONE, deny(3, 'wrong target: use the *replica* <!here> @all')],
  expired: [...ONE, expired],
  'expired-approved': [...APPROVED, expired],
  cancelled: [...ONE, g.record(3, { type: 'cancelled', reason: 'The workflow run was cancelled.' })],
  'error-slack': [
    ...PENDING,
    error(
      'slack',
      'Slack: could not post the card: the bot is not in the channel C0APPROVE (not_in_channel). ' +
        'Invite the bot: open C0APPROVE in Slack and send /invite @Debug Approval.',
    ),
  ],
  'error-not-started': [
    ...APPROVED,
    error('not-started', 'The debug job refused or failed before it started the command.'),
  ],
  'error-log': [
    ...ONE,
    error(
      'log',
      'The log of issue #12 is broken: comment 5000000002 was edited. ' +
        'Nothing runs. Look at the edit history of the issue, find out who changed it, and ask anew.',
    ),
  ],
  'error-changed': [
    ...ONE,
    error(
      'changed',
      'The text of issue #12 was changed by mallory at 2026-03-02T10:01:00Z. ' +
        'Nothing runs. Look at the edit history of the issue, find out who changed it and why, and ask anew.',
    ),
  ],
  ...FULL_STORIES,
} satisfies Record<string, LoggedRecord[]>;

const PLACE = {
  repository: 'example/shop',
  serverUrl: 'https://github.com',
  issue: { number: 12, url: 'https://github.com/example/shop/issues/12' },
};
export const BUTTON = `{"i":12,"r":"70/9001/1","d":"${g.opening().digest}","p":"${g.BLOB}"}`;

/** What people are shown of a story, with buttons while it waits for decisions. */
export function viewOf(story: keyof typeof STORIES): RequestView {
  const policy = story in FULL_STORIES ? f.FULL : g.POLICY;
  const state = fold(policy, STORIES[story]);
  if (state.status === 'none') throw new Error(`The story ${story} has no opening.`);
  return present(policy, state, PLACE, state.status === 'pending' ? BUTTON : null);
}

export const STORY_NAMES = Object.keys(STORIES).filter((name): name is keyof typeof STORIES => name in STORIES);
