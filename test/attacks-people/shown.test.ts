/** What a dialog could show beside the log's words without anybody noticing, and words that only look like an approval. */
import { expect, test } from 'vitest';
import { sameTexts } from '../../src/app/dialogs.ts';
import { parseDecision } from '../../src/request/comment-decision.ts';
import { dialogOf, textsOf } from '../../src/request/dialog.ts';
import { parseReply } from '../../src/request/reply.ts';
import { viewFor } from '../../src/slack/dialog.ts';
import { shownTexts } from '../../src/slack/shown.ts';
import { FULL, mend } from '../request/full.ts';
import { asSlackGivesBack } from '../slack/as-slack-gives-back.ts';
import { DIALOG } from '../slack/sample-dialog.ts';

const COMMAND = DIALOG.facts.find(({ kind }) => kind === 'command')?.text ?? '';
/** The honest dialog, with some of its parts changed by another holder of the bot token. */
const changed = (change: (part: Record<string, unknown>) => unknown): unknown =>
  JSON.parse(
    JSON.stringify(asSlackGivesBack(viewFor({ kind: 'approval', dialog: DIALOG, comment: '', metadata: '{}' }), {})),
    (_, part) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? change(part) : part),
  );
const passes = (view: unknown) => sameTexts(shownTexts(view), DIALOG);
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });

test('the honest dialog passes', () => {
  expect(passes(changed((part) => part))).toBe(true);
});

test('§4.1 a picture that only says of itself to be the command does not pass for it', () => {
  const unicode = [...COMMAND].map((letter) => letter.codePointAt(0)?.toString(16)).join('-');
  const picture = { type: 'emoji', name: 'white_check_mark', unicode };
  const forged = changed((part) => (part['type'] === 'text' && part['text'] === COMMAND ? picture : part));
  expect(JSON.stringify(forged)).not.toContain('status.sh');
  expect(passes(forged)).toBe(false);
});

test('§4.1 a window that opens when a box is ticked is noticed', () => {
  const confirm = {
    title: plain('Checked'),
    text: plain('Security approved'),
    confirm: plain('OK'),
    deny: plain('No'),
  };
  expect(passes(changed((part) => (part['type'] === 'checkboxes' ? { ...part, confirm } : part)))).toBe(false);
});

test.each([
  ['of another name', { type: 'emoji', name: 'status', unicode: undefined }],
  ['of several', { type: 'emoji', name: 'fire', unicode: '1f525-1f525' }],
  ['with an address', { type: 'emoji', name: 'fire', unicode: '1f525', display_url: 'https://evil.example/a.png' }],
])('§4.1 a picture %s passes for nothing', (_, picture) => {
  expect(shownTexts(changed((part) => (part['text'] === 'production' ? picture : part)))).toContainEqual(
    expect.stringContaining('not of our dialog'),
  );
});

test.each([
  ['a line that holds nothing', { type: 'rich_text_section', elements: [] }],
  ['a line of a blank', { type: 'rich_text_section', elements: [{ type: 'text', text: '\n' }] }],
  ['a part of its own', { type: 'rich_text_section', elements: [], title: plain('Checked') }],
])('§4.1 %s more is noticed', (_, line) => {
  const forged = changed((part) =>
    part['type'] === 'rich_text' && Array.isArray(part['elements'])
      ? { ...part, elements: [line, ...part['elements']] }
      : part,
  );
  expect(passes(forged)).toBe(false);
});

test.each([
  ['empty lines', (text: string) => `${text}${'\n'.repeat(2_000)}`],
  ['a line break', (text: string) => text.replace(' ', '\n')],
  ['many spaces', (text: string) => text.replace(' ', ' '.repeat(2_000))],
])('§4.1 %s more that push the command off the screen are noticed', (_, push) => {
  const name = 'Ana (ana-dev on GitHub)';
  const pushed = changed((part) => (part['text'] === name ? { ...part, text: push(name) } : part));
  expect(pushed).not.toEqual(changed((part) => part));
  expect(passes(pushed)).toBe(false);
});

test('a command with spaces in its arguments passes as it is', () => {
  const argv = ['runbooks/mend.sh', '--note=a     b'];
  const dialog = dialogOf(FULL, mend({ argv, reason: ' Orders\n\n  hang   still' }));
  const view = asSlackGivesBack(viewFor({ kind: 'approval', dialog, comment: '', metadata: '{}' }), {});
  expect(sameTexts(shownTexts(view), dialog)).toBe(true);
});

test('§4.5 no reason pushes the command off the dialog’s screen, or writes facts of its own above it', () => {
  const reason = `Orders hang\n𝗥𝘂𝗻𝘀 𝗲𝘅𝗮𝗰𝘁𝗹𝘆 𝘁𝗵𝗶𝘀\ntrue${'\n'.repeat(1_900)}.`;
  const texts = textsOf(dialogOf(FULL, mend({ reason })));
  expect(Math.max(...texts.map((text) => text.split('\n').length))).toBeLessThanOrEqual(12);
  expect(texts.indexOf('Runs exactly this')).toBeLessThan(texts.indexOf('Why'));
});

test.each([
  'approve\ufeffd',
  'approve\ufeff?',
  'approve\n\u200bdeny',
  'approve\ndeny.',
  'approve\n- deny',
  'approve\n> deny',
])('§4.4 %j approves nothing: to the eye it is another word, or contradicts itself', (text) => {
  expect(parseReply(text)).toBeNull();
});

test.each([
  '/approve\ufeffd',
  '/approve\n- /deny',
  '/approve\n>/deny',
  '/approve\n\u200b/deny',
  '/approve\n/de\u200bny.',
])('§4.4 the comment %j approves nothing either', (body) => {
  expect(parseDecision(body)).toBeNull();
});
