/** Which issue comments decide. */
import { describe, expect, test } from 'vitest';
import { parseDecision } from '../../src/github/commands.ts';

describe('a comment decides', () => {
  test.each([
    ['/approve', { kind: 'decision', decision: 'approve', comment: '' }],
    ['/Approve looks right\n', { kind: 'decision', decision: 'approve', comment: 'looks right' }],
    ['/approve\r\n\r\nlooks right', { kind: 'decision', decision: 'approve', comment: 'looks right' }],
    ['/DENY wrong target', { kind: 'decision', decision: 'deny', comment: 'wrong target' }],
    ['/deny\nwrong target', { kind: 'decision', decision: 'deny', comment: 'wrong target' }],
  ])('%j', (body, decision) => {
    expect(parseDecision(body)).toEqual(decision);
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
  '',
])('%j decides nothing', (body) => {
  expect(parseDecision(body)).toBeNull();
});

test.each(['/deny', '/deny   ', '/Deny\n\n'])('%j needs a reason', (body) => {
  expect(parseDecision(body)).toEqual({ kind: 'needs-reason' });
});

test.each(['/approve\n/deny wrong', '/deny wrong\n/approve', '/approve\r\n  /DENY no'])(
  '%j contradicts itself',
  (body) => {
    expect(parseDecision(body)).toEqual({ kind: 'contradictory' });
  },
);
