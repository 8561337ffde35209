/** When an issue's text counts as changed: by whom it was edited, and what it must say, whoever of us drew it and when. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AskedText, bodyFault, bodyFindings, unseenTexts } from '../../src/app/body.ts';
import type { BodyEdit, IssueSnapshot } from '../../src/app/ports.ts';
import { issueContent } from '../../src/github/issue.ts';
import { anyCharacter } from '../any-character.ts';
import { STORY_NAMES, viewOf } from '../request/stories.ts';

const BOT = { id: 41898282, login: 'github-actions[bot]', bot: true };
const RECORDS = [{ author: BOT }];
const VIEW = viewOf('pending');
const BODY = issueContent(VIEW).body;

function edit(editorLogin: string | null, editorId: number | null, change: Partial<BodyEdit> = {}): BodyEdit {
  const editorIsBot = editorLogin?.endsWith('[bot]') === true;
  return { at: '2026-11-23T12:05:00Z', text: null, editorLogin, editorId, editorIsBot, erased: null, ...change };
}
const OWN = edit(BOT.login, BOT.id);
const MALLORY = edit('mallory', 666);
const HELPER = edit('helper[bot]', 777);

type Issue = Pick<IssueSnapshot, 'number' | 'body' | 'bodyEdits' | 'renames' | 'labels'>;
const issue = (change: Partial<Issue> = {}): Issue => ({
  ...{ number: 7, body: BODY, bodyEdits: [OWN], renames: [], labels: ['debug-request', 'debug:pending'] },
  ...change,
});
const asked = (change: Partial<AskedText> = {}): AskedText => ({
  ...{ drawn: BODY, digest: VIEW.digest, exact: true },
  ...change,
});

describe('the text of a request', () => {
  test('that any job drew in any state of the request says what was asked to any other', () => {
    const views = STORY_NAMES.map(viewOf);
    for (const view of views) {
      const drawn = views.filter(({ digest }) => digest === view.digest).map((other) => issueContent(other).body);
      const said = { ...asked(), drawn: issueContent(view).body, digest: view.digest };
      for (const body of drawn) expect(bodyFault(issue({ body }), RECORDS, said)).toBeNull();
    }
  });

  test('says so also where there is too much to show it all', () => {
    const argv = Array.from({ length: 50 }, (_, n) => `${n}${'x'.repeat(2_000)}`);
    const view = { ...VIEW, request: { ...VIEW.request, argv, reason: '`|'.repeat(60_000) } };
    const one = { name: 'Bo', decision: 'approve' as const, comment: 'y'.repeat(2_000), at: '2026-11-23T12:01:00Z' };
    const later = { ...view, decisions: Array.from({ length: 200 }, () => one) };
    const [drawn, body] = [issueContent(view).body, issueContent(later).body];
    expect(bodyFault(issue({ body }), RECORDS, asked({ drawn }))).toBeNull();
    expect(bodyFault(issue({ body: body.replace('0xxx', '0yyy') }), RECORDS, asked({ drawn }))).not.toBeNull();
  });

  test('is the same as drawn where GitHub gives it back with other line ends, or the repository has another name now', () => {
    const body = BODY.replaceAll('\n', '\r\n').replaceAll(
      'https://github.com/acme/shop/',
      'https://github.com/acme/store/',
    );
    expect(bodyFault(issue({ body }), RECORDS, asked())).toBeNull();
  });

  test('is not what was asked once any of its lines up to the digest is another, is gone or is added', () => {
    const lines = BODY.split('\n');
    const end = lines.findIndex((line) => line.includes(VIEW.digest));
    const changes = lines
      .slice(1, end + 1)
      .flatMap((line, n) => [
        lines.with(n + 1, `${line}x`),
        lines.toSpliced(n + 1, 0, 'x'),
        ...(line === '' ? [] : [lines.toSpliced(n + 1, 1)]),
      ]);
    expect(changes.length).toBeGreaterThan(50);
    const missed = changes.filter((one) => bodyFault(issue({ body: one.join('\n') }), RECORDS, asked()) === null);
    expect(missed).toEqual([]);
  });

  test.each([
    ['emptied', ''],
    ['another request', BODY.replaceAll(VIEW.digest, `sha256:${'0'.repeat(64)}`)],
    ['hidden in a comment, with another one before it', `⏳ **Waiting**\n\nRuns \`ls\`.\n\n<!--\n${BODY}\n-->`],
  ])('that was %s is named, with who changed it last', (_, body) => {
    const names = { number: 7, body, bodyEdits: [OWN, HELPER] };
    expect(bodyFault(names, RECORDS, asked())).toBe(
      'The text of issue #7 is not what its opening record asks for; it was changed last by helper[bot] at 2026-11-23T12:05:00Z.',
    );
  });

  test('that a person edited counts as changed though a job restored it since', () => {
    const bodyEdits = [OWN, MALLORY, edit(BOT.login, BOT.id, { at: '2026-11-23T12:06:00Z' })];
    const fault = 'The text of issue #7 was changed by mallory at 2026-11-23T12:05:00Z.';
    expect(bodyFault(issue({ bodyEdits }), RECORDS, asked())).toBe(fault);
    expect(bodyFault(issue({ bodyEdits }), RECORDS, null)).toBe(fault);
  });

  test('that an account edited which was deleted since, or whose revision somebody erased, counts as changed', () => {
    const ghost = edit(null, null);
    const erased = edit('mallory', 666, { erased: { at: '2026-11-23T13:00:00Z', byLogin: 'mallory' } });
    expect(bodyFault(issue({ bodyEdits: [ghost] }), RECORDS, asked())).toContain('an account that is no more');
    expect(bodyFault(issue({ bodyEdits: [erased] }), RECORDS, asked())).toContain('mallory');
  });

  test('whose first line is none of ours is not what was asked: it could show another request and fold this one away', () => {
    const rest = BODY.slice(BODY.indexOf('\n'));
    const lines = [
      '<table><tr><td>Target</td><td>staging</td></tr></table><details><summary>Details</summary>',
      '<!--',
      '⏳ **Waiting for approval** <details>',
      '⏳ **Waiting for approval**\r<!--',
      '⏳ **Waiting for <b>approval</b>**',
      '⏳ **Waiting for approval** ![of this](https://example.com/other-request.png)',
      '⏳ **`Waiting` <!-- `for approval`**',
      '⏳ Waiting for approval',
      '# Waiting',
      '```',
    ];
    const missed = lines.filter((line) => bodyFault(issue({ body: line + rest }), RECORDS, asked()) === null);
    expect(missed).toEqual([]);
    const later = { ...asked(), exact: false };
    expect(lines.filter((line) => bodyFault(issue({ body: line + rest }), RECORDS, later) === null)).toEqual([]);
  });

  test('whose first line tells of any outcome, in whoever’s words, is ours', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom('Approved by Ana-Maria & Bo', '`', '``x`', '<!--', ' ', '1) x'),
    );
    fc.assert(
      fc.property(text, fc.option(text), fc.boolean(), (outcome, detail, colon) => {
        const view = { ...VIEW, outcome: colon ? `Denied by ${outcome}:` : `D${outcome}`, detail };
        expect(bodyFault(issue({ body: issueContent(view).body }), RECORDS, asked())).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  test('of which nobody knows what it should say is judged by its editors alone', () => {
    expect(bodyFault(issue({ body: 'gone' }), RECORDS, null)).toBeNull();
  });
});

describe('a history that shows what the text said', () => {
  const forged = BODY.replace('| Target | `production` |', '| Target | `staging` |');
  const history = (...texts: (string | null)[]) => texts.map((text) => edit(BOT.login, BOT.id, { text }));
  const faultOf = (bodyEdits: BodyEdit[], change: Partial<AskedText> = {}) =>
    bodyFault(issue({ bodyEdits }), RECORDS, asked(change));
  const RESTORED =
    'The text of issue #7 was not what its opening record asks for from 2026-11-23T12:05:00Z on, when github-actions[bot] changed it, until it was restored.';

  test.each([
    ['by the jobs’ own bot, as a workflow of another branch writes', BOT.login, BOT.id],
    ['by another app', 'helper[bot]', 777],
  ])('tells of another text that was restored since, changed %s', (_, login, id) => {
    const bodyEdits = [...history(BODY), edit(login, id, { text: forged }), ...history(BODY)];
    expect(faultOf(bodyEdits)).toBe(RESTORED.replace(BOT.login, login));
    expect(faultOf(bodyEdits, { exact: false })).not.toBeNull();
  });

  test('in which every text says what was asked is a sound one, in every state of the request', () => {
    const texts = STORY_NAMES.map(viewOf)
      .filter(({ digest }) => digest === VIEW.digest)
      .map((view) => issueContent(view).body.replaceAll('\n', '\r\n'));
    expect(texts.length).toBeGreaterThan(10);
    expect(faultOf(history(...texts, BODY))).toBeNull();
    expect(unseenTexts(issue({ bodyEdits: history(...texts, BODY) }))).toBeNull();
    // Of the first text, which the opening job wrote, GitHub may know nothing.
    expect(faultOf(history(null, BODY))).toBeNull();
  });

  test('that lacks a text between the first and the last counts as changed', () => {
    expect(faultOf(history(BODY, null, BODY))).toBe(RESTORED);
  });

  test.each([
    ['a change of it', '@@ -1 +1 @@'],
    ['nothing', null],
  ])('whose newest entry holds %s instead of the text proves nothing, and verify says so', (_, newest) => {
    const bodyEdits = history(forged, newest);
    expect(faultOf(bodyEdits)).toBeNull();
    expect(unseenTexts(issue({ bodyEdits }))).toMatch(/^GitHub does not show what the text of issue #7 said before/);
    expect(unseenTexts(issue({ bodyEdits: [] }))).toBeNull();
  });

  test('of which somebody erased an entry counts as changed, whatever the others show', () => {
    const erased = edit(BOT.login, BOT.id, { erased: { at: '2026-11-23T13:00:00Z', byLogin: 'mallory' } });
    const said = 'What the text of issue #7 was at 2026-11-23T12:05:00Z was erased by mallory at 2026-11-23T13:00:00Z.';
    for (const bodyEdits of [[erased], [erased, ...history(BODY)], [...history(BODY), erased]]) {
      expect(faultOf(bodyEdits)).toBe(said);
      expect(bodyFault(issue({ bodyEdits }), RECORDS, null)).toBe(said);
    }
  });
});

describe('the text that another version drew', () => {
  const later = asked({ exact: false });

  test('may have a row more', () => {
    const body = BODY.replace('\n| Target |', '\n| Severity | 2 |\n| Target |');
    expect(bodyFault(issue({ body }), RECORDS, later)).toBeNull();
    expect(bodyFault(issue({ body }), RECORDS, asked())).not.toBeNull();
  });

  test.each([
    ['another target', BODY.replace('| Target | `production` |', '| Target | `staging` |')],
    ['two targets', BODY.replace('| Target | `production` |', '| Target | `staging` |\n| Target | `production` |')],
    ['no reason', BODY.replace(/\n\| Reason .*/, '')],
    ['its target otherwise', BODY.replace('| Target |', '| Where |')],
    ['another command', BODY.replace('\n  "', '\n  "x')],
    ['no digest', BODY.replaceAll(VIEW.digest, '')],
  ])('may not name %s', (_, body) => {
    expect(body).not.toBe(BODY);
    expect(bodyFault(issue({ body }), RECORDS, later)).not.toBeNull();
  });
});

test('what else somebody changed on the issue stops nothing and is told', () => {
  const rename = (at: string, byLogin: string, from: string, to: string) => ({
    ...{ at: `2026-11-23T12:${at}:00Z`, byLogin, byIsBot: byLogin !== 'mallory', from, to },
  });
  const renames = [
    rename('10', 'mallory', 'Debug', 'Done'),
    // A job restores the title when it draws the issue; a workflow of another branch writes as the same bot.
    rename('11', BOT.login, 'Done', 'Debug'),
    rename('12', BOT.login, 'Debug', 'Harmless'),
  ];
  const body = BODY.replace('\n| Target |', '\n| Asked by | `Mallory` |\n| Target |');
  const touched = issue({ body, bodyEdits: [OWN, HELPER], renames, labels: [] });
  expect(bodyFault(touched, RECORDS, asked({ exact: false }))).toBeNull();
  expect(bodyFindings(touched, RECORDS)).toEqual([
    'The text of issue #7 was changed by helper[bot], which wrote no record, at 2026-11-23T12:05:00Z.',
    'The text of issue #7 has a row "Asked by", which this version does not draw: nobody compares what it says.',
    'The title of issue #7 was changed by mallory at 2026-11-23T12:10:00Z.',
    `The title of issue #7 was changed by ${BOT.login} at 2026-11-23T12:12:00Z.`,
    'The label debug-request of issue #7 was taken away: whoever looks for requests does not find it.',
  ]);
  expect(bodyFindings(issue(), RECORDS)).toEqual([]);
});
