/** The card: what it says in each state, its buttons, whom it mentions, and what stands first. */
import { describe, expect, test } from 'vitest';
import type { RequestView } from '../../src/request/view.ts';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { card } from '../../src/slack/card.ts';
import { breaches, visibleText } from './block-lengths.ts';
import { asRead } from './card-as-read.ts';
import { APPROVERS, HOSTILE, sampleView } from './sample-view.ts';

const BO = { name: 'Bo', decision: 'approve', comment: '', at: '2026-01-31T12:01:00Z' } as const;
const DI = { name: 'Di', decision: 'deny', comment: 'Use the replica', at: '2026-01-31T12:02:00Z' } as const;
const named = (name: string) => ({ name, slack: null, decided: false, pinged: true });

const PRE_APPROVED = sampleView({
  status: 'approved',
  approvers: [],
  outcome: 'Pre-approved by the policy; the debug job may start.',
  verdict: { status: 'met', sentence: 'Pre-approved: nobody needs to decide.', children: [] },
});
const BREAK_GLASS = { breakGlass: true } as const;
const AROUND = sampleView(
  {
    status: 'approved',
    outcome: 'BREAK-GLASS: nobody approved this beforehand; the debug job may start.',
    verdict: {
      status: 'met',
      sentence: 'Break-glass: one of Bo, Cy must sign the after-review by then.',
      children: [],
    },
  },
  BREAK_GLASS,
);
const REVIEW = { dueAt: '2026-03-03T10:00:00Z', by: ['Bo', 'Cy'], signed: null, overdue: false } as const;
const TO_REVIEW = sampleView(
  {
    status: 'finished',
    outcome: 'The debug job finished with exit code 0. BREAK-GLASS: the after-review is to be signed.',
    verdict: null,
    button: null,
    review: { ...REVIEW, by: [...REVIEW.by] },
  },
  BREAK_GLASS,
);

const ONE_OF_TWO = sampleView({
  decisions: [BO],
  approvers: APPROVERS.map((approver) => ({ ...approver, decided: approver.name === 'Bo' })),
  verdict: { status: 'waiting', sentence: '2 of sre: Bo approved; 1 more of Cy.', children: [] },
});
const FINISHED = sampleView({
  status: 'finished',
  outcome: 'The debug job finished with exit code 0.',
  verdict: { status: 'met', sentence: '1 of sre: Bo approved.', children: [] },
  decisions: [BO],
  button: null,
});

const CASES: [string, RequestView][] = [
  ['first-post', sampleView({ button: null })],
  ['pending-one-of-two', ONE_OF_TWO],
  ['finished', FINISHED],
  [
    'hostile',
    sampleView(
      {
        requester: { name: HOSTILE, slack: null },
        runbook: { title: HOSTILE, url: 'javascript:alert(1)' },
        decisions: [{ ...DI, name: HOSTILE, comment: HOSTILE }],
        verdict: { status: 'waiting', sentence: HOSTILE, children: [] },
        notices: [HOSTILE],
        approvers: [{ ...named(HOSTILE), slack: { team: HOSTILE, user: HOSTILE } }],
        status: 'error',
        outcome: HOSTILE,
        detail: HOSTILE,
      },
      {
        reason: `${HOSTILE}\n✓ Approved by Bo`,
        ticket: HOSTILE,
        target: HOSTILE,
        argv: ['a b', HOSTILE, '', '"', 'é\n'],
      },
    ),
  ],
  [
    'long',
    sampleView(
      { notices: Array(9).fill('n'.repeat(900)), decisions: Array(9).fill({ ...BO, comment: 'c'.repeat(900) }) },
      { reason: 'Why? '.repeat(2000), argv: ['x'.repeat(9000)] },
    ),
  ],
  [
    'dialog',
    sampleView({
      mode: 'dialog',
      checklist: ['The replica was tried first', 'Nobody else is on it'],
      denialsNeeded: 2,
      decisions: [BO, DI, { ...BO, decision: 'withdraw', comment: 'Not while the backup runs' }],
      approvers: [...APPROVERS, { ...named('Di'), slack: { team: 'T0TEAM', user: 'U0DI' }, pinged: false }],
      notices: ['Supersedes #11.', 'The group sre-leads could not be read from GitHub: its members are missing here.'],
    }),
  ],
  ['pre-approved', PRE_APPROVED],
  ['break-glass-approved', AROUND],
  ['break-glass-to-review', TO_REVIEW],
  [
    'break-glass-overdue',
    sampleView({ ...TO_REVIEW, review: { ...REVIEW, by: [...REVIEW.by], overdue: true } }, BREAK_GLASS),
  ],
  [
    'break-glass-reviewed',
    sampleView(
      {
        ...TO_REVIEW,
        outcome: 'The debug job finished with exit code 0. BREAK-GLASS: Bo signed the after-review:',
        detail: 'Right: the *lock* was held',
        review: {
          ...REVIEW,
          by: [...REVIEW.by],
          signed: { name: 'Bo', at: '2026-03-03T09:00:00Z', comment: 'Right: the *lock* was held' },
        },
      },
      BREAK_GLASS,
    ),
  ],
];

describe('the card in each state', () => {
  test.each(CASES)('%s: says what its golden file says, in lengths that Slack takes', async (name, view) => {
    const message = card(view);
    expect([...breaches(message), ...validateBlocks(message.blocks)]).toEqual([]);
    await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(`golden/card-${name}.json`);
  });
});

const actionIds = (view: RequestView): string[] =>
  JSON.stringify(card(view)).match(/debug-approval:(approve-dialog|approve|deny)/g) ?? [];
const read = (view: RequestView): string => asRead(card(view));

describe('buttons', () => {
  test('given a view with a button, when drawn, then Approve and Deny carry its value', () => {
    const view = sampleView();
    expect(actionIds(view)).toEqual(['debug-approval:approve', 'debug-approval:deny']);
    const actions = card(view).blocks.find((block) => block.type === 'actions');
    expect(actions?.type === 'actions' && actions.elements.map((e) => e.type === 'button' && e.value)).toEqual([
      view.button,
      view.button,
    ]);
  });

  test('given a request that needs the dialog, when drawn, then its button promises one, and no reply is said to approve', () => {
    const view = sampleView({ mode: 'dialog' });
    expect(actionIds(view)).toEqual(['debug-approval:approve-dialog', 'debug-approval:deny']);
    expect(read(view)).toContain('[Approve…]');
    expect(read(view)).toContain('Or reply in this thread: deny, and why.');
    expect(read(sampleView())).toContain('Or reply in this thread: approve; or deny, and why.');
  });

  test('given a break-glass that has not started, when drawn, then it can be denied and not approved', () => {
    expect(actionIds(AROUND)).toEqual(['debug-approval:deny']);
  });

  test('given a pre-approved request, when drawn, then nobody is asked for anything', () => {
    expect(actionIds(PRE_APPROVED)).toEqual([]);
    expect(read(PRE_APPROVED)).not.toMatch(/<@|May d|please|reply/);
  });

  test('given a view without a button, when drawn, then nothing can be pressed', () => {
    expect(actionIds(sampleView({ button: null }))).toEqual([]);
  });

  test('given a button value longer than Slack takes, when drawn, then there is no button, and the issue is the way', () => {
    const view = sampleView({ button: 'x'.repeat(2001) });
    expect(actionIds(view)).toEqual([]);
    expect(visibleText(card(view).blocks)).toContain('/approve or /deny');
  });
});

describe('mentions', () => {
  const mentions = (view: RequestView): string[] =>
    card(view).blocks.flatMap((block) =>
      block.type === 'section' && block.text?.type === 'mrkdwn'
        ? (block.text.text.match(/<[@!](?!date)[^>]*>/g) ?? [])
        : [],
    );

  test('given a pending request, when drawn, first and later, then those who may decide and nobody else are mentioned', () => {
    expect(mentions(sampleView({ button: null }))).toEqual(['<@U0BO>', '<@U0CY>']);
    expect(mentions(sampleView())).toEqual(['<@U0BO>', '<@U0CY>']);
  });

  test('given one of two approvals, when drawn, then those are mentioned whose decision is missing', () => {
    expect(mentions(ONE_OF_TWO)).toEqual(['<@U0CY>']);
  });

  test('given people without a Slack user, when drawn, then their names stand there', () => {
    const approvers = [...APPROVERS, named('Di')];
    expect(visibleText(card(sampleView({ approvers })).blocks)).toContain('May decide too: Di');
    expect(visibleText(card(sampleView({ approvers: [named('Di')] })).blocks)).toContain('May decide: Di');
  });

  test('given people whom the policy does not ping, when drawn, then they are named and not mentioned', () => {
    const quiet = { name: 'Di', slack: { team: 'T0TEAM', user: 'U0DI' }, decided: false, pinged: false };
    const view = sampleView({ approvers: [...APPROVERS, quiet] });
    expect(mentions(view)).toEqual(['<@U0BO>', '<@U0CY>']);
    expect(read(view)).toContain('May decide too: Di');
  });

  test('given a break-glass, when drawn, then those who were passed over are mentioned until it starts', () => {
    expect(mentions(AROUND)).toEqual(['<@U0BO>', '<@U0CY>']);
    expect(mentions({ ...AROUND, status: 'running' })).toEqual([]);
  });

  test('given an id that is none, when drawn, then it mentions nobody', () => {
    const odd = ['!channel', 'U0BO> <!here'].map((user) => ({ ...named('Di'), slack: { team: 'T01', user } }));
    expect(mentions(sampleView({ approvers: odd }))).toEqual([]);
  });
});

describe('what decides stands first', () => {
  const top = (view: RequestView): string[] => read(view).split('\n').slice(0, 2);

  test('given a break-glass, when it is notified and drawn, then both begin with that word in every state', () => {
    for (const view of [AROUND, TO_REVIEW]) {
      expect(top(view)[0]).toMatch(/^\(notification\) BREAK-GLASS/);
      expect(read(view)).toContain('\nBREAK-GLASS, URGENT · Ana asks: Show a service on production\n');
      expect(read(view)).toContain('nobody approved this beforehand');
    }
  });

  test('given a break-glass that ran, when drawn, then it says who must sign the after-review by when, and how', () => {
    expect(read(TO_REVIEW)).toContain('To be signed by one of: Bo, Cy. How: comment /review');
    expect(read({ ...TO_REVIEW, review: { ...REVIEW, by: ['Bo'] } })).toContain('To be signed by Bo. How:');
    expect(read(TO_REVIEW)).toContain('2026-03-03 10:00 UTC');
    expect(read({ ...TO_REVIEW, review: { ...REVIEW, by: [], overdue: true } })).toContain('overdue since');
  });

  test('given a break-glass that was reviewed, when drawn, then nobody is asked to sign any more', () => {
    const signed = { name: 'Bo', at: '2026-03-03T09:00:00Z', comment: 'Right' };
    expect(read({ ...TO_REVIEW, review: { ...REVIEW, by: ['Bo'], signed } })).not.toMatch(
      /To be signed|After-review due/,
    );
  });

  test('given what was asked in Slack, when drawn, then it says so, and by which account', () => {
    expect(read(sampleView({ askedInSlack: true }))).toMatch(/Asked in Slack by\s+Ana \(ana-dev on GitHub\)/);
    expect(read(sampleView())).not.toContain('in Slack by');
  });

  test('given names and titles as long as they may be, when notified, then who, what and where all show', () => {
    const long = sampleView({
      requester: { name: 'A'.repeat(99), slack: null },
      runbook: { title: 'S'.repeat(99), url: null },
    });
    expect(top(long)[0]).toMatch(/^\(notification\) URGENT · A{34}… asks: S{44}… on production: Orders hang$/);
  });
});
