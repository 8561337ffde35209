/** The card: what it says in each state, that nothing in it is active, and that Slack takes it whatever it is about. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestView } from '../../src/request/view.ts';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { card } from '../../src/slack/card.ts';
import { STORY_NAMES, viewOf } from '../request/stories.ts';
import { breaches, visibleText } from './block-lengths.ts';
import { asRead } from './card-as-read.ts';
import { APPROVERS, sampleView } from './sample-view.ts';

const BO = { name: 'Bo', decision: 'approve', comment: '', at: '2026-01-31T12:01:00Z' } as const;
const DI = { name: 'Di', decision: 'deny', comment: 'Use the replica', at: '2026-01-31T12:02:00Z' } as const;
const named = (name: string) => ({ name, slack: null, decided: false });
const HOSTILE =
  '<!channel> <@U0EVE> @here *bold* `code` <https://evil.example|click> &lt;!here&gt; \u202egnp.exe\u202c a\u200bb https://evil.example';

const CASES: [string, RequestView][] = [
  ['first-post', { ...viewOf('pending'), button: null }],
  ['pending-one-of-two', viewOf('pending-one-of-two')],
  ['finished', viewOf('finished')],
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
];

describe('the card in each state', () => {
  test.each(CASES)('%s: says what its golden file says, in lengths that Slack takes', async (name, view) => {
    const message = card(view);
    expect([...breaches(message), ...validateBlocks(message.blocks)]).toEqual([]);
    await expect(`${JSON.stringify(message, null, 2)}\n`).toMatchFileSnapshot(`golden/card-${name}.json`);
  });

  test('in every state that a log leads to, it reads as its golden file says', async () => {
    const read = STORY_NAMES.map((story) => `# ${story}\n\n${asRead(card(viewOf(story)))}\n`);
    await expect(read.join('\n')).toMatchFileSnapshot('golden/card-states.txt');
  });

  test.each(STORY_NAMES)('%s: Slack takes it', (story) => {
    const message = card(viewOf(story));
    expect([...breaches(message), ...validateBlocks(message.blocks)]).toEqual([]);
  });
});

const actionIds = (view: RequestView): string[] =>
  JSON.stringify(card(view)).match(/debug-approval:(approve|deny)/g) ?? [];

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
    expect(mentions(viewOf('pending-one-of-two'))).toEqual(['<@UCY>', '<@UDI>']);
  });

  test.each(STORY_NAMES.filter((story) => !story.startsWith('pending')))(
    'given a request that is %s, when drawn, then nobody is mentioned or waited for',
    (story) => {
      expect(mentions(viewOf(story))).toEqual([]);
      expect(visibleText(card(viewOf(story)).blocks)).not.toMatch(/more of|nobody approved yet|please decide/);
    },
  );

  test('given people without a Slack user, when drawn, then their names stand there', () => {
    const approvers = [...APPROVERS, named('Di')];
    expect(visibleText(card(sampleView({ approvers })).blocks)).toContain('May decide too: Di');
    expect(visibleText(card(sampleView({ approvers: [named('Di')] })).blocks)).toContain('May decide: Di');
  });

  test('given an id that is none, when drawn, then it mentions nobody', () => {
    const odd = ['!channel', 'U0BO> <!here'].map((user) => ({ ...named('Di'), slack: { team: 'T01', user } }));
    expect(mentions(sampleView({ approvers: odd }))).toEqual([]);
  });
});

describe('other people’s text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 9000 }),
    fc.constant(HOSTILE),
    fc.constant('&'.repeat(5000)),
  );
  const anyView = fc
    .record({
      status: fc.constantFrom<RequestView['status'][]>(
        ...([
          'pending',
          'approved',
          'running',
          'finished',
          'failed',
          'denied',
          'expired',
          'cancelled',
          'error',
        ] as const),
      ),
      name: text,
      title: text,
      reason: text,
      ticket: text,
      target: text,
      argv: fc.array(text, { maxLength: 5 }),
      comment: text,
      url: fc.oneof(text, fc.webUrl()),
      outcome: fc.option(text),
      button: fc.option(text),
      many: fc.integer({ min: 0, max: 100 }),
    })
    .map((any) => ({
      text: [any.name, any.title, any.reason, any.ticket, any.target, any.comment],
      view: sampleView(
        {
          status: any.status,
          requester: { name: any.name, slack: null },
          runbook: { title: any.title, url: any.url },
          runUrl: any.url,
          issue: { number: 1, url: any.url },
          digest: any.comment,
          repository: any.name,
          verdict: {
            status: 'waiting',
            sentence: any.comment,
            children: Array(any.many).fill({ status: 'waiting', sentence: any.comment, children: [] }),
          },
          decisions: Array(any.many).fill({ ...DI, name: any.name, comment: any.comment }),
          approvers: Array(any.many).fill({ ...named(any.name), slack: { team: any.name, user: any.title } }),
          notices: Array(any.many).fill(any.comment),
          outcome: any.outcome,
          detail: any.comment,
          button: any.button,
        },
        {
          reason: any.reason,
          ticket: any.ticket,
          target: any.target,
          environment: any.target,
          argv: any.argv,
          expiresAt: any.ticket,
          commit: any.comment,
        },
      ),
    }));

  test('whatever it is, every documented length holds', () => {
    fc.assert(
      fc.property(anyView, ({ view }) => {
        const message = card(view);
        expect([...breaches(message), ...validateBlocks(message.blocks)]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('whatever it is, it stands only where Slack reads no markup, and hides nothing', () => {
    fc.assert(
      fc.property(anyView, ({ view }) => {
        const message = card(view);
        expect(message.text).not.toMatch(/[<>]/);
        const markup = JSON.stringify(message.blocks).match(/"type":"mrkdwn","text":"[^"]*"/g) ?? [];
        for (const one of markup)
          expect(one).toMatch(/^"type":"mrkdwn","text":"\*(Decide and start by|Start by|Expired)\* {2}<!date\^-?\d+\^/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(visibleText(message.blocks)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\u0000-\u0009]/);
        expect(message.text.isWellFormed() && visibleText(message.blocks).isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('given two argument vectors that differ, when drawn, then their commands differ', () => {
    const shown = (argv: string[]): string =>
      card(sampleView({}, { argv }))
        .blocks.flatMap((block) => (block.type === 'rich_text' ? block.elements : []))
        .filter((element) => element.type === 'rich_text_preformatted')
        .map(visibleText)
        .join();
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 4 }), fc.array(fc.string(), { maxLength: 4 }), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(shown(one)).not.toBe(shown(other));
      }),
    );
    expect(shown(['a', 'b'])).not.toBe(shown(['a b']));
  });

  test('given a reason that is cut, when drawn, then a link leads to all of it', () => {
    const blocks = JSON.stringify(card(sampleView({}, { reason: 'w'.repeat(5000) })).blocks);
    expect(blocks).toContain(
      '{"type":"link","url":"https://github.com/example/shop/issues/12","text":"read all of it in the issue"}',
    );
  });
});
