/** The card under whatever text people write: nothing in it is active, nothing hidden, and Slack takes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestView } from '../../src/request/view.ts';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { card } from '../../src/slack/card.ts';
import { anyCharacter } from '../any-character.ts';
import { breaches, visibleText } from './block-lengths.ts';
import { HOSTILE, sampleView } from './sample-view.ts';

const DI = { name: 'Di', decision: 'deny', comment: 'Use the replica', at: '2026-01-31T12:02:00Z' } as const;
const named = (name: string) => ({ name, slack: null, decided: false, pinged: true });

describe('other people’s text', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 9000 }),
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
      mode: fc.constantFrom('dialog' as const, 'one-click' as const),
      breakGlass: fc.boolean(),
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
          mode: any.mode,
          checklist: Array(any.many).fill(any.comment),
          denialsNeeded: any.many,
          review: any.breakGlass
            ? {
                dueAt: any.many % 2 === 0 ? any.ticket : '2026-03-03T10:00:00Z',
                by: Array(any.many).fill(any.name),
                signed: any.many % 2 === 0 ? null : { name: any.name, at: any.ticket, comment: any.comment },
                overdue: any.many % 3 === 0,
              }
            : null,
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
          breakGlass: any.breakGlass,
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
          expect(one).toMatch(
            /^"type":"mrkdwn","text":"\*(Decide and start by|Start by|Expired|After-review due by|⚠ The after-review is overdue since)\* {2}<!date\^-?\d+\^/,
          );
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
