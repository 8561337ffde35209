/** What people read in the issue and in the job summary, in every state, as golden files. */
import { describe, expect, test } from 'vitest';
import { BODY_LIMIT, issueContent } from '../../src/github/issue.ts';
import { jobSummary } from '../../src/github/summary.ts';
import type { RequestView } from '../../src/request/view.ts';

const PENDING: RequestView = {
  status: 'pending',
  request: {
    type: 'debug-approval/request',
    v: 1,
    id: '42/900/1',
    repositoryId: 42,
    run: { id: 900, attempt: 1 },
    commit: 'c'.repeat(40),
    workflow: '.github/workflows/debug.yml',
    policy: { path: '.github/debug-approval.yml', commit: 'c'.repeat(40), blob: 'b'.repeat(40) },
    runbook: 'thread-dump',
    argv: ['./debug/thread-dump.sh', '--pod', 'shop 1', 'it\'s "quoted"\n'],
    inputs: { pod: 'shop 1' },
    target: 'shop-eu',
    environment: 'production',
    requester: { id: 101, login: 'ana', person: 'ana' },
    actor: { id: 101, login: 'ana', person: 'ana' },
    reason: 'Checkout hangs | see @bo, #12 <b>and</b>\nhttps://a.example',
    ticket: 'OPS-123',
    urgency: 'high',
    breakGlass: false,
    window: 5400,
    expiresAt: '2026-11-23T14:00:00Z',
    version: '0.1.0',
  },
  digest: `sha256:${'d'.repeat(64)}`,
  repository: 'acme/shop',
  issue: { number: 7, url: 'https://github.com/acme/shop/issues/7' },
  runUrl: 'https://github.com/acme/shop/actions/runs/900/attempts/1',
  runbook: { title: 'Thread dump', url: `https://github.com/acme/shop/blob/${'c'.repeat(40)}/debug/thread-dump.sh` },
  requester: { name: 'Ana', slack: { team: 'T1', user: 'U1' } },
  verdict: {
    status: 'waiting',
    sentence: '1 of 2 is met.',
    children: [
      { status: 'met', sentence: '1 of security: Ed approved.', children: [] },
      { status: 'waiting', sentence: '2 of sre: Bo approved; 1 more of Cy, Di.', children: [] },
    ],
  },
  decisions: [{ name: 'Bo', decision: 'approve', comment: 'fine, but `only` once', at: '2026-11-23T12:01:00Z' }],
  approvers: ['Bo', 'Cy', 'Di', 'Ed'],
  notices: ['An administrator may bypass the rules of the environment production.'],
  outcome: null,
  button: '{}',
};

const met = { status: 'met' as const, sentence: '1 of sre: Bo approved.', children: [] };
const blocked = { status: 'blocked' as const, sentence: 'Cy denied.', children: [] };
const VIEWS: Record<string, RequestView> = {
  pending: PENDING,
  approved: { ...PENDING, status: 'approved', verdict: met },
  denied: {
    ...PENDING,
    status: 'denied',
    verdict: blocked,
    decisions: [{ name: 'Cy', decision: 'deny', comment: 'wrong target', at: '2026-11-23T12:02:00Z' }],
    outcome: 'Denied by Cy.',
    button: null,
  },
  finished: {
    ...PENDING,
    status: 'finished',
    verdict: met,
    outcome: 'It ended with exit code 0 after 42 s.',
    button: null,
    notices: [],
  },
  error: {
    ...PENDING,
    status: 'error',
    outcome: 'The record 17 was edited (see https://a.example).',
    decisions: [],
    runbook: { title: 'Thread dump', url: null },
    request: { ...PENDING.request, breakGlass: true, window: 90 },
    button: null,
  },
};

describe('the issue of a request', () => {
  test.each(Object.entries(VIEWS))('that is %s', async (name, view) => {
    const { title, body, labels } = issueContent(view);
    await expect(`${title}\n[${labels.join('] [')}]\n\n${body}\n`).toMatchFileSnapshot(`golden/issue-${name}.md`);
  });

  test.each([
    ['arguments', { argv: Array.from({ length: 50 }, (_, i) => `${i}${'x'.repeat(10_000)}`) }],
    ['a reason', { reason: '`|'.repeat(60_000) }],
    ['arguments of what must be escaped', { argv: ['\u202e'.repeat(60_000)] }],
  ])('never exceeds what GitHub accepts, whatever the length of %s', (_, over) => {
    const { body } = issueContent({ ...PENDING, request: { ...PENDING.request, ...over } });
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body).toContain('Waiting for approval');
    expect(body).toContain(PENDING.digest);
  });

  test('never exceeds it with many decisions either', () => {
    const one = { name: 'Bo', decision: 'approve' as const, comment: 'y'.repeat(2_000), at: '2026-11-23T12:01:00Z' };
    const { body } = issueContent({ ...PENDING, decisions: Array.from({ length: 200 }, () => one) });
    expect(body.length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body).toContain(PENDING.digest);
  });

  test('has a title on one line that GitHub accepts', () => {
    const { title } = issueContent({ ...PENDING, runbook: { title: `a\nb${'c'.repeat(400)}`, url: null } });
    expect(title).not.toContain('\n');
    expect(title.length).toBeLessThanOrEqual(256);
  });
});

test('the job summary tells status, request and decisions', async () => {
  await expect(`${jobSummary(PENDING)}\n`).toMatchFileSnapshot('golden/summary.md');
});
