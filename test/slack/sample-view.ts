/** A request as people see it, for the tests of card, chat and listener. */
import type { RequestView } from '../../src/request/view.ts';

const DIGEST = `sha256:${'4fad63bd3d6aec18'.repeat(4)}`;
const COMMIT = 'c'.repeat(40);

/** Who may decide, with Slack users that the tests' sandbox has. */
export const APPROVERS: RequestView['approvers'] = [
  { name: 'Bo', slack: { team: 'T0TEAM', user: 'U0BO' }, decided: false, pinged: true },
  { name: 'Cy', slack: { team: 'T0TEAM', user: 'U0CY' }, decided: false, pinged: true },
];

const PENDING: RequestView = {
  status: 'pending',
  request: {
    type: 'debug-approval/request',
    v: 1,
    id: '70/9001/1',
    repositoryId: 70,
    run: { id: 9001, attempt: 1 },
    commit: COMMIT,
    workflow: '.github/workflows/debug.yml',
    policy: { path: '.github/debug-approval.yml', commit: COMMIT, blob: 'b'.repeat(40) },
    runbook: 'status',
    argv: ['runbooks/status.sh', '--service', 'web', '--note=none'],
    inputs: { service: 'web', note: 'none' },
    target: 'production',
    environment: 'production',
    requester: { id: 101, login: 'ana-dev', person: 'ana' },
    actor: { id: 101, login: 'ana-dev', person: 'ana' },
    reason: 'Orders hang',
    ticket: 'OPS-1',
    urgency: 'high',
    breakGlass: false,
    window: 600,
    askedAt: '2026-03-02T10:00:00Z',
    expiresAt: '2026-03-02T11:00:00Z',
    version: '0.1.0',
  },
  digest: DIGEST,
  repository: 'example/shop',
  issue: { number: 12, url: 'https://github.com/example/shop/issues/12' },
  runUrl: 'https://github.com/example/shop/actions/runs/9001/attempts/1',
  runbook: {
    title: 'Show a service',
    url: `https://github.com/example/shop/blob/${COMMIT}/runbooks/status.sh`,
  },
  requester: { name: 'Ana', slack: { team: 'T0TEAM', user: 'U0ANA' } },
  askedInSlack: false,
  verdict: { status: 'waiting', sentence: '1 of sre: nobody approved yet; 1 more of Bo, Cy.', children: [] },
  mode: 'one-click',
  checklist: [],
  denialsNeeded: 1,
  decisions: [],
  approvers: APPROVERS,
  review: null,
  notices: [],
  outcome: null,
  detail: null,
  button: `{"i":12,"r":"70/9001/1","d":"${DIGEST}","p":"${'b'.repeat(40)}"}`,
};

/** Ana's pending request; `change` and `request` replace parts of it. */
export function sampleView(
  change: Partial<RequestView> = {},
  request: Partial<RequestView['request']> = {},
): RequestView {
  return { ...PENDING, request: { ...PENDING.request, ...request }, ...change };
}

/** Text that would be active wherever somebody forgot to make it inert. */
export const HOSTILE =
  '<!channel> <@U0EVE> @here *bold* `code` <https://evil.example|click> &lt;!here&gt; \u202egnp.exe\u202c a\u200bb https://evil.example';
