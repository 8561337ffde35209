/** A request as people see it, for the tests of the card. */
import type { RequestView } from '../../src/request/view.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** A pending request of Ana's that waits for one of two; `change` replaces parts of it. */
export function sampleView(
  change: Partial<RequestView> = {},
  request: Partial<RequestView['request']> = {},
): RequestView {
  return {
    status: 'pending',
    request: {
      type: 'debug-approval/request',
      v: 1,
      id: '77/4242/1',
      repositoryId: 77,
      run: { id: 4242, attempt: 1 },
      commit: COMMIT,
      workflow: '.github/workflows/debug.yml',
      policy: { path: '.github/debug-approval.yml', commit: COMMIT, blob: COMMIT },
      runbook: 'queue-depth',
      argv: ['runbooks/queue-depth.sh', '--queue', 'payments eu'],
      inputs: { queue: 'payments eu' },
      target: 'production-eu',
      environment: 'production',
      requester: { id: 1, login: 'ana-dev', person: 'ana' },
      actor: { id: 1, login: 'ana-dev', person: 'ana' },
      reason: 'Payments are stuck since 11:20; I need the depth of each queue.',
      ticket: 'OPS-1234',
      urgency: 'high',
      breakGlass: false,
      window: 1800,
      expiresAt: '2026-01-31T12:30:00Z',
      version: '0.1.0',
      ...request,
    },
    digest: `sha256:${'ab12'.repeat(16)}`,
    repository: 'example/shop',
    issue: { number: 12, url: 'https://github.com/example/shop/issues/12' },
    runUrl: 'https://github.com/example/shop/actions/runs/4242',
    runbook: {
      title: 'Depth of the payment queues',
      url: `https://github.com/example/shop/blob/${COMMIT}/runbooks/queue-depth.sh`,
    },
    requester: { name: 'Ana', slack: { team: 'T01', user: 'U0ANA' } },
    verdict: { status: 'waiting', sentence: '1 of sre: waiting for Bo or Cy.', children: [] },
    decisions: [],
    approvers: ['Bo', 'Cy'],
    notices: [],
    outcome: null,
    button: `{"i":12,"r":"77/4242/1","d":"sha256:${'ab12'.repeat(16)}","p":"${COMMIT}"}`,
    ...change,
  };
}
