/** The dialog: what it shows is what Slack gives back, and whatever else stood in it does not pass for it. */
import type { ModalView } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { type ApprovalDialog, asRead, textsOf } from '../../src/request/dialog.ts';
import { visible } from '../../src/request/plain-text.ts';
import { validateBlocks } from '../../src/sandbox/slack/blocks.ts';
import { loadingView, viewFor } from '../../src/slack/dialog.ts';
import { shownTexts } from '../../src/slack/shown.ts';
import { asSlackGivesBack } from './as-slack-gives-back.ts';
import { DIALOG } from './sample-dialog.ts';

const METADATA = '{"value":"v","issue":12,"card":null}';
const approval = (dialog: ApprovalDialog, comment = '') =>
  viewFor({ kind: 'approval', dialog, comment, metadata: METADATA });
const HOSTILE = '<!channel> <@U0EVE> @here *bold* `code` <https://evil.example|click> &lt;!here&gt; :fire: 🔥';

const VIEWS: [string, ModalView][] = [
  ['loading', loadingView()],
  ['message', viewFor({ kind: 'message', text: `This is your own request. ${HOSTILE}` })],
  ['approval', approval(DIALOG)],
  ['without-checklist', approval({ ...DIALOG, notices: [], checklist: [] })],
  ['commented', approval(DIALOG, ` looked at it\u202e ${HOSTILE}\n`)],
  ['hostile', approval({ ...DIALOG, facts: [{ label: 'Why', text: HOSTILE, kind: 'words' }], notices: [HOSTILE] })],
];

describe('what a person sees', () => {
  test.each(VIEWS)('%s: as its golden file says, and Slack takes it', async (name, view) => {
    expect(validateBlocks(view.blocks, 'modal')).toEqual([]);
    expect(view.title.text.length).toBeLessThanOrEqual(24);
    await expect(`${JSON.stringify(view, null, 2)}\n`).toMatchFileSnapshot(`golden/dialog-${name}.json`);
  });

  test('neither the dialog that is being prepared nor one with a message can be sent off', () => {
    expect(loadingView().submit).toBeUndefined();
    expect(viewFor({ kind: 'message', text: 'No.' }).submit).toBeUndefined();
  });

  test('nothing in a dialog is markup', () => {
    for (const [, view] of VIEWS)
      expect(JSON.stringify(view)).not.toMatch(/"mrkdwn"|"emoji":true|"type":"(link|user)"/);
  });

  test('of a long comment stands there what the field takes', () => {
    const view = JSON.stringify(approval(DIALOG, 'x'.repeat(2_001)));
    expect(view).toContain(`"initial_value":"${'x'.repeat(1_999)}…"`);
  });

  test('metadata that no dialog can carry is a Fault, not a dialog without it', () => {
    const metadata = 'x'.repeat(3001);
    expect(() => viewFor({ kind: 'approval', dialog: DIALOG, comment: '', metadata })).toThrow(Fault);
  });
});

/** As the dialog's model has its texts: nothing hidden. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      HOSTILE,
      '&amp;amp;',
      '&amp;lt;',
      '<',
      'a\n\n b\t ',
      'two  spaces',
      'Comment',
      'Approve',
      '👋🏼 on call 👩‍💻',
    ),
  )
  .map(visible);
const lines = fc.array(text, { maxLength: 4 });
const anyDialog: fc.Arbitrary<ApprovalDialog> = fc.record({
  title: text,
  facts: fc.array(
    fc.record({
      label: text,
      text,
      kind: fc.constantFrom('words' as const, 'command' as const),
    }),
    {
      maxLength: 5,
    },
  ),
  notices: lines,
  checklist: lines.map((items) => items.filter((item) => item.trim() !== '')),
});
const shown = (view: unknown): string[] =>
  shownTexts(view)
    .map(asRead)
    .filter((one) => one !== '');
const expected = (dialog: ApprovalDialog) =>
  textsOf(dialog)
    .map(asRead)
    .filter((one) => one !== '');

describe('what Slack says that it showed', () => {
  test('whatever is asked, it is what the log says', () => {
    fc.assert(
      fc.property(anyDialog, (dialog) => {
        expect(shown(asSlackGivesBack(approval(dialog)))).toEqual(expected(dialog));
      }),
    );
  });

  test('given two dialogs that say different things, then Slack says different things of them', () => {
    fc.assert(
      fc.property(anyDialog, anyDialog, (one, other) => {
        fc.pre(JSON.stringify(expected(one)) !== JSON.stringify(expected(other)));
        const [a, b] = [one, other].map((dialog) => shown(asSlackGivesBack(approval(dialog))));
        expect(a).not.toEqual(b);
      }),
    );
  });

  test('what the person typed already is no text of the dialog', () => {
    expect(shown(asSlackGivesBack(approval(DIALOG, 'looked at it')))).toEqual(expected(DIALOG));
  });

  const blocksOf = (view: Record<string, unknown>) => [view['blocks']].flat();
  const forged: [string, (view: Record<string, unknown>) => unknown][] = [
    ['another title', (view) => ({ ...view, title: { type: 'plain_text', text: 'Approve request #1' } })],
    ['no title', ({ title: _, ...view }) => view],
    ['another word on the button', (view) => ({ ...view, submit: { type: 'plain_text', text: 'Deny' } })],
    [
      'a block more',
      (view) => ({
        ...view,
        blocks: [...blocksOf(view), { type: 'header', text: { type: 'plain_text', text: 'Only a drill' } }],
      }),
    ],
    [
      'a picture',
      (view) => ({
        ...view,
        blocks: [...blocksOf(view), { type: 'image', image_url: 'https://example.com/a.png', alt_text: '' }],
      }),
    ],
    ['a block less', (view) => ({ ...view, blocks: blocksOf(view).slice(1) })],
    ['its blocks in another order', (view) => ({ ...view, blocks: blocksOf(view).toReversed() })],
    ['no blocks', ({ blocks: _, ...view }) => view],
  ];
  test.each(forged)('given a dialog with %s, then it is not the one of the log', (_, forge) => {
    expect(shown(forge(asSlackGivesBack(approval(DIALOG))))).not.toEqual(expected(DIALOG));
  });

  const changed: [string, RegExp, string][] = [
    ['the reason struck out', /("text":"production")/, '$1,"style":{"strike":true}'],
    ['a command of other words', /status\.sh/, 'drop.sh'],
    ['a mention for a word', /\{"type":"text","text":"production"\}/, '{"type":"user","user_id":"U0EVE"}'],
    [
      'a link under other words',
      /\{"type":"text","text":"production"\}/,
      '{"type":"link","url":"https://evil.example","text":"production"}',
    ],
    ['boxes that are ticked already', /("type":"checkboxes",)/, '$1"initial_options":[{"value":"0"}],'],
    ['an option that explains itself', /("value":"0")/, '$1,"description":{"type":"plain_text","text":"not needed"}'],
    ['another label at the checklist', /Tick each item[^"]*/, 'Nothing to tick'],
    [
      'a hint at the comment',
      /("block_id":"debug-approval:comment",)/,
      '$1"hint":{"type":"plain_text","text":"A drill"},',
    ],
    [
      'a window that opens at the comment',
      /("max_length":2000)/,
      '$1,"confirm":{"text":{"type":"plain_text","text":"A drill"}}',
    ],
    ['a picture for a word', /\{"type":"text","text":"production"\}/, '{"type":"emoji","name":"production"}'],
    ['steps for bullets', /"style":"bullet"/, '"style":"ordered"'],
    ['a placeholder', /("max_length":2000)/, '$1,"placeholder":{"type":"plain_text","text":"A drill"}'],
  ];
  test.each(changed)('given a dialog with %s, then it is not the one of the log', (_, from, to) => {
    const before = JSON.stringify(asSlackGivesBack(approval(DIALOG)));
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    expect(shown(JSON.parse(after))).not.toEqual(expected(DIALOG));
  });

  test('whatever Slack says, reading it throws nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (view) => {
        expect(shown(view)).toEqual([expect.stringContaining('not of our dialog')]);
      }),
    );
  });
});
