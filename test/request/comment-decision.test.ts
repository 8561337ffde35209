/** Which issue comments decide. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDecision } from '../../src/request/comment-decision.ts';

const DEEDS = ['approve', 'deny', 'withdraw', 'cancel', 'review'] as const;

describe('a comment decides', () => {
  test.each([
    ['/approve', { decision: 'approve', comment: '' }],
    ['/Approve looks right\n', { decision: 'approve', comment: 'looks right' }],
    ['/approve\r\n\r\nlooks right', { decision: 'approve', comment: 'looks right' }],
    ['/DENY wrong target', { decision: 'deny', comment: 'wrong target' }],
    ['/deny\nwrong target', { decision: 'deny', comment: 'wrong target' }],
    ['/withdraw', { decision: 'withdraw', comment: '' }],
    ['/Withdraw I was too quick', { decision: 'withdraw', comment: 'I was too quick' }],
    ['/cancel', { decision: 'cancel', comment: '' }],
    ['/CANCEL\tsolved\n', { decision: 'cancel', comment: 'solved' }],
    ['/review A stuck lock', { decision: 'review', comment: 'A stuck lock' }],
    ['/review\n\nA stuck lock\n', { decision: 'review', comment: 'A stuck lock' }],
  ])('%j', (body, decision) => {
    expect(parseDecision(body)).toEqual({ ...decision, ticked: [] });
  });
});

test.each([
  'not approved',
  'I /approve',
  '/approved',
  '/approve.',
  '/approve-not',
  '> /approve',
  '`/approve`',
  '```\n/approve\n```',
  ' /approve',
  '\n/approve',
  '    /approve',
  '/ approve',
  'approve',
  '<!-- -->/approve',
  '\u200b/approve',
  '//approve',
  '/аpprove',
  '/constructor',
  '/withdrawn',
  '/cancelled',
  '/cancel!',
  '/reviewed',
  '/approve/deny',
  '',
])('%j decides nothing', (body) => {
  expect(parseDecision(body)).toBeNull();
});

test.each(['/deny', '/deny   ', '/Deny\n\n'])('%j is a denial, though it gives no reason', (body) => {
  expect(parseDecision(body)).toEqual({ decision: 'deny', comment: '', ticked: [] });
});

test.each(['/deny I will not /approve this', '/deny\nnot /approve', '/deny\n/approved?', '/deny\nx\n /approve-d'])(
  '%j: a denial may say what its author would rather not approve',
  (body) => {
    expect(parseDecision(body)?.decision).toBe('deny');
  },
);

test.each([
  '/approve\n/deny wrong',
  '/deny wrong\n/approve',
  '/deny wrong\n \t/approve now',
  '/deny wrong\r\n/Approve',
  '/approve\r\n  /DENY no',
  '/approve /deny',
  '/approve or should I /deny this?',
  '/approve\n/withdraw',
  '/approve, no: /withdraw',
  '/approve then /cancel',
  '/approve\n/Cancel it',
])('%j contradicts itself and decides nothing', (body) => {
  expect(parseDecision(body)).toBeNull();
});

test.each(['/approve not to /denying', '/approve a/deny', '/approve the /cancelled one', '/approve /review /approve'])(
  '%j is no contradiction: what stands there is no command that takes away',
  (body) => {
    expect(parseDecision(body)?.decision).toBe('approve');
  },
);

test.each(['/withdraw\n/approve', '/cancel /approve /deny', '/review /deny\n/approve /withdraw'])(
  '%j takes away, whatever else it says',
  (body) => {
    expect(parseDecision(body)?.decision).toBe(body.split(/\s/)[0]?.slice(1));
  },
);

describe('an approval ticks', () => {
  test.each<[string, string, string[]]>([
    ['a task list line', '/approve\n- [x] In sync', ['In sync']],
    [
      'each line, trimmed',
      '/approve all\r\n- [x]   In sync  \r\n* [X] Alone\r\n\t+ [x] Told',
      ['In sync', 'Alone', 'Told'],
    ],
    ['each item once', '/approve\n- [x] In sync\n- [x] In sync', ['In sync']],
    ['after the first line break of old kind', '/approve\r- [x] In sync', ['In sync']],
    ['nothing that is open', '/approve\n- [ ] In sync', []],
    ['nothing that stands there open too', '/approve\n- [x] In sync\n- [ ] In sync\n- [x] Alone', ['Alone']],
    ['nothing without a box', '/approve\n- In sync\n- [] In sync\n- [xx] In sync\n- [-] In sync', []],
    ['nothing without its white space', '/approve\n-[x] In sync\n- [x]In sync', []],
    ['nothing without a text', '/approve\n- [x]\n- [x]   ', []],
    ['nothing that is no list', '/approve\n[x] In sync\n1. [x] In sync\n> - [x] In sync\nsee - [x] In sync', []],
  ])('%s', (_, body, ticked) => {
    expect(parseDecision(body)?.ticked).toEqual(ticked);
  });

  test('and only an approval does', () => {
    for (const deed of DEEDS.slice(1)) expect(parseDecision(`/${deed} so\n- [x] In sync`)?.ticked).toEqual([]);
  });
});

test('what an approval ticks are not its author’s words: they cast no doubt on it, and are no part of its comment', () => {
  const body = '/approve all seen\n- [x] No /deny stands open\r\n- [X] Nobody wants to /cancel\n- [ ] Told\n\nGo on\n';
  expect(parseDecision(body)).toEqual({
    decision: 'approve',
    comment: 'all seen\n- [ ] Told\n\nGo on',
    ticked: ['No /deny stands open', 'Nobody wants to /cancel'],
  });
  expect(parseDecision('/approve\n- [x] In sync')?.comment).toBe('');
});

test.each([
  '- [x] /deny',
  '- [x] **/deny**',
  '- [x] In sync\n/deny',
  '- [ ] No /deny stands open',
  '- [x] a\u2028/deny',
])('/approve above %j stays in doubt: it is no ticked item that only speaks of a command', (below) => {
  expect(parseDecision(`/approve\n${below}`)).toBeNull();
});

test('only the first word decides what a comment is, whatever stands behind it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...DEEDS), fc.string({ unit: 'binary-ascii', maxLength: 200 }), (deed, rest) => {
      const read = parseDecision(`/${deed}${rest}`);
      if (read !== null) expect(read).toMatchObject({ decision: deed, comment: rest.trim() });
      expect(parseDecision(`x${rest}`)).toBeNull();
    }),
  );
});
