/** Requests for the reports of tests and benches: as many as wanted over a year, each with the log that a story like it leaves. */
import { createHash } from 'node:crypto';
import type { AuditedLog, Judgement, ReportedEntry } from '../../src/audit/report/summary.ts';
import type { Actor, Event, EventOf, RefusalCode } from '../../src/request/events.ts';
import { type Request, requestDigest } from '../../src/request/request.ts';
import { policyOf } from '../policy/sample.ts';
import { bySlack, decided, ended, opening, POLICY_TEXT } from '../request/given.ts';

/** The sample policy, which also lets Ana break the glass. */
export const REPORTED = policyOf(`${POLICY_TEXT}
break-glass:
  who: [ana]
  targets: [production]
  reason: { min-length: 10 }
  review: { by: [bo, cy, di], within: 24h }
`);

export const MADE_AT = '2026-03-02T12:00:00Z';
const FROM = Date.parse('2025-03-03T00:00:00Z');
const YEAR = Date.parse(MADE_AT) - FROM;

const PRODUCT: Actor = {
  person: null,
  name: 'Debug Approval',
  github: null,
  slack: null,
  via: 'workflow',
  evidence: {},
};
const KEY: ReportedEntry['key'] = {
  issuer: 'https://token.actions.githubusercontent.com',
  kid: 'key-1',
  thumbprint: 'x'.repeat(43),
};
const WHOLE: Judgement = {
  status: 'whole',
  why: 'All records hold.',
  graded: { grade: 'live', why: 'Every signature was verified with a key that the issuer publishes now.', keys: [] },
  broken: [],
  findings: [],
};

/** Something that happened so many seconds after the opening. */
export type Happening = [afterSeconds: number, event: Event, by?: Actor];

/** The log of a request that was opened at `openedAt` (ms since 1970), with what happened since. */
export function logOf(
  issue: number,
  openedAt: number,
  happened: readonly Happening[],
  change: Partial<Request> = {},
  judgement: Partial<Judgement> = {},
): AuditedLog {
  const run = { id: 9_000 + issue, attempt: 1 };
  const askedAt = instant(openedAt);
  const id = `70/${run.id}/1`;
  const asked: EventOf<'requested'> = opening({
    id,
    run,
    askedAt,
    expiresAt: instant(openedAt + 7_200_000),
    ...change,
  });
  const digest = requestDigest(asked.request);
  const by: Actor = { ...bySlack('ana'), via: 'workflow' };
  const all: Happening[] = [[0, { ...asked, digest }, by], ...happened];
  return {
    issue,
    url: `https://github.com/acme/shop/issues/${issue}`,
    entries: all.map(([after, event, who], index) =>
      entryOf(issue, index, openedAt + after * 1000, fitted(event, asked.request, digest), who ?? PRODUCT),
    ),
    policy: REPORTED,
    judgement: { ...WHOLE, ...judgement },
  };
}

/** A start is of the request's own run and environment. */
function fitted(event: Event, { run, environment }: Request, digest: string): Event {
  return event.type === 'started' ? { ...event, run, environment, digest } : event;
}

function entryOf(issue: number, index: number, at: number, event: Event, by: Actor): ReportedEntry {
  const commentId = issue * 100 + index;
  const hash = (n: number): string => `sha256:${createHash('sha256').update(`${issue}/${n}`).digest('hex')}`;
  const record: ReportedEntry['record'] = {
    v: 1,
    seq: index + 1,
    issue,
    request: `70/${9_000 + issue}/1`,
    at: instant(at),
    by,
    events: [event],
    sentence: `${by.name}: ${event.type}${event.type === 'decided' ? ` (${event.decision})` : ''}.`,
    writer: { run: 9_000 + issue, attempt: 1, job: 'ask', environment: 'debug-approval' },
    prev: index === 0 ? [] : [hash(index - 1)],
    hash: hash(index),
    sig: { type: 'oidc', token: 'not shown' },
  };
  return { commentId, createdAt: instant(at), record, key: KEY };
}

const instant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const START: EventOf<'started'> = {
  type: 'started',
  digest: opening().digest,
  run: { id: 1, attempt: 1 },
  checkRun: '55',
  environment: 'production',
};
export const refusal = (code: RefusalCode, account: string): EventOf<'refused'> => ({
  type: 'refused',
  code,
  decision: 'approve',
  account,
});
const thread = (person: string): Actor => ({
  ...bySlack(person),
  via: 'slack-thread',
  evidence: { ts: '1740909700.000200' },
});
const comment = (person: string): Actor => ({ ...bySlack(person), via: 'issue-comment', evidence: { comment: '77' } });
const run = (from: number, end: Partial<EventOf<'ended'>> = {}): Happening[] => [
  [from + 15, START],
  [from + 95, ended({ durationMs: 80_000, transcript: `sha256:${'d'.repeat(64)}`, ...end })],
];

type Story = (dice: Dice) => { happened: Happening[]; change?: Partial<Request> };
type Dice = (below: number) => number;

export const BREAK_GLASS: Partial<Request> = {
  breakGlass: true,
  reason: 'Checkout is down and nobody answers',
  urgency: 'high',
};

const CY = { id: 103, login: 'cy-dev', person: 'cy' };
const BY_CY: Partial<Request> = { requester: CY, actor: CY };

/** Some of each; those that come often stand there often. */
const APPROVED: Story = (dice) => {
  const first = 20 + dice(900);
  const second = first + 30 + dice(1800);
  const happened: Happening[] = [
    [first, decided('bo'), bySlack('bo')],
    [second, decided('cy'), dice(4) === 0 ? comment('cy') : thread('cy')],
    ...run(second),
  ];
  return { happened };
};
const STORIES: Story[] = [
  APPROVED,
  APPROVED,
  APPROVED,
  (dice) => {
    const first = 40 + dice(400);
    const change: Partial<Request> = {
      ...BY_CY,
      target: 'staging',
      environment: 'staging',
      runbook: 'repair',
      argv: ['runbooks/repair.sh'],
    };
    return { change, happened: [[first, decided('di'), comment('di')], ...run(first)] };
  },
  (dice) => {
    const first = 30 + dice(600);
    const said = { ...decided('cy', 'deny'), comment: 'Use the read replica instead.' };
    return {
      happened: [
        [first, decided('bo'), bySlack('bo')],
        [first + 60, said, bySlack('cy')],
      ],
    };
  },
  (dice) => {
    const first = 30 + dice(3_000);
    return {
      happened: [
        [12, refusal('own-request', 'slack:T1/UANA'), bySlack('ana')],
        [first, decided('di'), bySlack('di')],
        [first + 300, decided('bo'), bySlack('bo')],
        ...run(first + 300, { outcome: 'failed', exitCode: 3 }),
      ],
    };
  },
  () => ({ happened: [[7_205, { type: 'expired' }]] }),
  (dice) =>
    dice(2) === 0 ? { happened: [[200, { type: 'cancelled', reason: 'Found it' }, bySlack('ana')]] } : APPROVED(dice),
  (dice) => {
    if (dice(3) > 0) return APPROVED(dice);
    const reviewed: EventOf<'reviewed'> = {
      type: 'reviewed',
      person: 'cy',
      comment: 'Looked at the transcript: sound.',
    };
    const happened: Happening[] = [...run(5), [40_000, reviewed, comment('cy')]];
    return { change: BREAK_GLASS, happened: dice(4) === 0 ? run(5) : happened };
  },
  (dice) => ({
    happened: [
      [90 + dice(90), refusal('unknown-person', 'slack:T9/UX'), { ...bySlack('ed'), person: null }],
      [7_205, { type: 'expired' }],
    ],
  }),
];

/** So many requests, oldest first, and some that are broken, unproven or hostile. The same for the same number. */
export function* reportedLogs(count: number): Generator<AuditedLog> {
  const dice = diceOf(7);
  for (let n = 0; n < count; n += 1) {
    const story = STORIES[dice(STORIES.length)] ?? APPROVED;
    const { happened, change } = story(dice);
    const at = FROM + Math.floor((n * YEAR) / count) + dice(3_600_000);
    const judgement = judgementOf(n, count);
    const log = logOf(
      n + 1,
      at,
      happened,
      { reason: `Orders hang in shard ${dice(50)}`, ticket: `OPS-${1000 + n}`, ...change },
      judgement,
    );
    // What was edited is no record that counts.
    const edited = judgement.broken?.map(({ commentId }) => commentId) ?? [];
    yield { ...log, entries: log.entries.filter(({ commentId }) => !edited.includes(commentId)) };
  }
}

function judgementOf(n: number, count: number): Partial<Judgement> {
  if (n === Math.floor(count * 0.4)) {
    const why = `comment ${(n + 1) * 100 + 1}, which holds record 2, was edited at 2026-01-20T09:12:44Z`;
    return { status: 'broken', why, graded: null, broken: [{ commentId: (n + 1) * 100 + 1, why }] };
  }
  if (n % 40 !== 5) return {};
  return {
    graded: { grade: 'archived', why: 'Record 1 was signed with a key that a trusted export vouches for.', keys: [] },
  };
}

/** Chance that is the same each time (a linear congruential generator). */
function diceOf(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
