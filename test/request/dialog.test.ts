/** The approval dialog: what it says of a request, that it is inert and short enough, and what its hash binds. */
import { describe, expect, test } from 'vitest';
import { type ApprovalDialog, asRead, dialogOf, shownHash, textsOf } from '../../src/request/dialog.ts';
import * as f from './full.ts';
import * as g from './given.ts';

const ALL = {
  mend: f.mend({ reason: 'Orders hang\nsince the release', ticket: 'OPS-1' }),
  'break-glass': {
    ...f.broken({ ticket: '  ' }),
    notices: ['An administrator may bypass the rules.', 'Nobody of oncall.'],
  },
  manual: f.mend({ runbook: 'steps', argv: [], inputs: { service: 'web', deep: true, lines: 5 } }),
  'manual-without-inputs': f.mend({ runbook: 'steps', argv: [], inputs: {} }),
  're-run': f.mend({ actor: { id: 102, login: 'bo-dev', person: 'bo' } }),
  're-run-by-a-stranger': f.mend({ actor: { id: 999, login: 'eve', person: null } }),
  'in-slack': {
    ...f.mend({ actor: { id: 7, login: 'acme-debug[bot]', person: null } }),
    envelope: { jti: '3b241101-e2bb-4255-8caf-4136c566a962' },
  },
  unknown: f.mend({
    runbook: 'gone',
    requester: { id: 1, login: 'x', person: 'gone' },
    actor: { id: 1, login: 'x', person: null },
  }),
  hostile: f.mend({
    reason: 'a\u202eb\tc\r\n<!here> & <@U1>\u200b',
    ticket: 'OPS\n-1\u00a0 x',
    argv: ['a b', '"', '\u202e', '', 'plain/--x=1', 'ü<&>'],
  }),
};

test('a dialog says who asks for what, why, what runs exactly, where and until when', async () => {
  const drawn = Object.entries(ALL).map(
    ([name, opening]) => `# ${name}\n${JSON.stringify(dialogOf(f.FULL, opening), null, 2)}\n`,
  );
  await expect(drawn.join('\n')).toMatchFileSnapshot('golden/dialogs.txt');
});

test('its texts are its title, each label with its text, the notices and the checklist, in that order', () => {
  const dialog: ApprovalDialog = {
    title: 'T',
    facts: [
      { label: 'A', text: '1', kind: 'words' },
      { label: 'B', text: '2', kind: 'command' },
    ],
    notices: ['N', 'M'],
    checklist: ['C', 'D'],
  };
  expect(textsOf(dialog)).toEqual(['T', 'A', '1', 'B', '2', 'N', 'M', 'C', 'D']);
});

test('it is the same for every opening that is the same, and its hash another for any that is not', () => {
  const hash = shownHash(dialogOf(f.FULL, f.mend()));
  expect(hash).toBe(shownHash(dialogOf(f.FULL, structuredClone(f.mend()))));
  const others = [
    f.mend({ reason: 'Orders hang still, since today' }),
    f.mend({ id: '70/9001/2' }),
    f.turn(),
    f.mend({ window: 601 }),
  ];
  for (const other of others) expect(shownHash(dialogOf(f.FULL, other))).not.toBe(hash);
  expect(shownHash(dialogOf(f.fullWith('Nobody else works on it', 'Nobody else is there'), f.mend()))).not.toBe(hash);
});

describe('a long text', () => {
  const REST = '… read all of it in the issue';
  const why = (reason: string) =>
    dialogOf(f.FULL, f.mend({ reason })).facts.find(({ label }) => label === 'Why')?.text ?? '';
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').length;

  test('of 2,800 characters stands there whole, one longer is cut and says where the rest is', () => {
    expect(why('x'.repeat(2_800))).toBe('x'.repeat(2_800));
    expect(why('x'.repeat(2_801))).toBe(`${'x'.repeat(2_800 - REST.length)}${REST}`);
  });

  test.each([
    ['&', 560, 554],
    ['<', 700, 692],
    ['>', 700, 692],
  ])('is counted as Slack counts it after escaping: %s', (sign, whole, cut) => {
    expect(why(sign.repeat(whole))).toBe(sign.repeat(whole));
    expect(why(sign.repeat(whole + 1))).toBe(`${sign.repeat(cut)}${REST}`);
    expect(escaped(why(sign.repeat(5_000)))).toBeLessThanOrEqual(2_800);
  });

  test('of twelve lines stands there whole, of more the first twelve; empty lines and the white space of others count for nothing', () => {
    const lines = Array.from({ length: 13 }, (_, n) => `line ${n}`);
    expect(why(lines.slice(0, 12).join('\n'))).toBe(lines.slice(0, 12).join('\n'));
    expect(why(lines.join('\n\n'))).toBe(`${lines.slice(0, 12).join('\n')}${REST}`);
    expect(why('a \t b\n \n\n  c')).toBe('a b\nc');
  });

  test('is never cut within a character', () => {
    const kept = why(`x${'🔥'.repeat(2_000)}`);
    expect(kept.isWellFormed()).toBe(true);
    expect(kept.length).toBeGreaterThan(2_790);
  });

  test('is cut in a command and in a notice too', () => {
    const opening = { ...f.mend({ argv: ['x'.repeat(5_000)] }), notices: ['y'.repeat(5_000)] };
    for (const text of textsOf(dialogOf(f.FULL, opening))) expect(text.length).toBeLessThanOrEqual(2_800);
    expect(dialogOf(f.FULL, opening).notices[0]?.endsWith(REST)).toBe(true);
  });
});

test('of many notices the first twenty stand there, and how many more there are', () => {
  const notices = Array.from({ length: 22 }, (_, n) => `Notice ${n}`);
  const shown = (count: number) => dialogOf(f.FULL, { ...f.mend(), notices: notices.slice(0, count) }).notices;
  expect(shown(20)).toEqual(notices.slice(0, 20));
  expect(shown(22)).toEqual([...notices.slice(0, 20), '2 more: read all of it in the issue']);
});

test('no text is empty, none is hidden, and the whole fits into a view of Slack', () => {
  const longest = { ...ALL.hostile, notices: Array.from({ length: 50 }, () => '\u200b') };
  for (const opening of [...Object.values(ALL), longest, f.mend({ reason: ' ' })]) {
    const dialog = dialogOf(f.FULL, opening);
    expect(dialog.title.length).toBeLessThanOrEqual(24);
    expect(dialog.facts.length + dialog.notices.length).toBeLessThan(60);
    for (const text of textsOf(dialog)) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/[\p{Cf}\u2028\u2029\t\r]/u);
    }
  }
});

test('a request of the first policy has a dialog too', () => {
  expect(textsOf(dialogOf(g.POLICY, g.opening()))).toContain('Show a service (status)');
});

test.each([
  ['escaped', 'a &lt;b&gt; &amp; c', 'a <b> & c'],
  ['escaped twice', '&amp;lt;@U1&amp;gt; &amp;amp;', '<@U1> &'],
  ['not escaped', 'a <b> & c', 'a <b> & c'],
  ['over several lines', ' a\n\n  b\t\u00a0c\n', 'a b c'],
  ['blank', ' \n ', ''],
])('what Slack says that it showed is compared as it reads, whether it came %s or not', (_, text, read) => {
  expect(asRead(text)).toBe(read);
});
