/** A policy, a request and records to fold, for the tests of the rules that need no adapter. */
import type { DecideCommand } from '../../src/request/decide.ts';
import type { Actor, Event, EventOf } from '../../src/request/events.ts';
import { type Request, requestDigest } from '../../src/request/request.ts';
import type { LoggedRecord } from '../../src/request/state.ts';
import { policyOf } from '../policy/sample.ts';

/** Ana asks; Bo, Cy and Di may decide in production, where two are needed; Ed is known and may decide nothing. */
export const POLICY_TEXT = `version: 1
people:
  ana: { name: Ana, github: { id: 101, login: ana-dev }, slack: { team: T1, user: UANA } }
  bo: { name: Bo, github: { id: 102, login: bo-dev }, slack: { team: T1, user: UBO } }
  cy: { name: Cy, github: { id: 103, login: cy-dev }, slack: { team: T1, user: UCY } }
  di: { name: Di, github: { id: 104, login: di-dev }, slack: { team: T1, user: UDI } }
  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }
groups:
  developers: { members: [ana, bo] }
  sre: { members: [ana, bo, cy, di] }
  security: { members: [bo, di] }
targets:
  staging: { environment: staging, tier: staging }
  production: { environment: production, tier: production }
  vault: { environment: vault, tier: vault }
requesters: [developers]
runbooks:
  status:
    title: Show a service
    run: [runbooks/status.sh, "--service", "{{ inputs.service }}", "--note={{ inputs.note }}"]
    inputs:
      service: { type: enum, values: [api, web] }
      note: { type: string, pattern: ".*", max-length: 200, default: none }
    targets: [staging, production, vault]
    risk: low
    window: 10m
    env: [STATUS_URL]
  repair:
    title: Repair a service
    run: [runbooks/repair.sh]
    targets: [staging]
    risk: high
    requesters: [cy]
rules:
  - name: One of SRE
    when: { tiers: [staging] }
    require: { count: 1, of: sre }
  - name: Two of SRE
    when: { tiers: [production] }
    require: { count: 2, of: sre }
  - name: One of SRE and one of security
    when: { tiers: [vault] }
    require: { all: [{ count: 1, of: [bo] }, { count: 1, of: security }] }
reason: { min-length: 5 }
ticket: { required: true, pattern: "OPS-[0-9]+" }
expiry: 2h
window: 30m
slack: { channel: C0APPROVE }
signers: { workflows: [.github/workflows/debug.yml, .github/workflows/sweep.yml] }
`;
export const POLICY = policyOf(POLICY_TEXT);

export const T0 = Date.parse('2026-03-02T10:00:00Z');
/** RFC 3339 of so many seconds after the start of the story. */
export const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString().replace('.000Z', 'Z');
export const EXPIRY_S = 3_600;
export const CARD = { team: 'T1', channel: 'C0APPROVE', ts: '1740909600.000100' };
export const BLOB = 'b'.repeat(40);

export function request(change: Partial<Request> = {}): Request {
  return {
    type: 'debug-approval/request',
    v: 1,
    id: '70/9001/1',
    repositoryId: 70,
    run: { id: 9001, attempt: 1 },
    commit: 'c'.repeat(40),
    workflow: '.github/workflows/debug.yml',
    policy: { path: '.github/debug-approval.yml', commit: 'c'.repeat(40), blob: BLOB },
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
    askedAt: at(0),
    expiresAt: at(EXPIRY_S),
    version: '0.1.0',
    ...change,
  };
}

export function opening(change: Partial<Request> = {}): EventOf<'requested'> {
  const asked = request(change);
  return {
    type: 'requested',
    digest: requestDigest(asked),
    request: asked,
    approvers: ['bo', 'cy', 'di'],
    members: {},
    links: {},
    card: CARD,
    earlier: [],
    notices: [],
  };
}

const PEOPLE = POLICY.people;

export function bySlack(person: string): Actor {
  const { name, slack = null } = PEOPLE[person] ?? { name: person };
  return { person, name, github: null, slack, via: 'slack-button', evidence: { action: '1.1' } };
}
export function byGithub(person: string, comment = '1', login?: string): Actor {
  const known = PEOPLE[person];
  const github = { id: known?.github.id ?? 999, login: login ?? known?.github.login ?? person };
  return { person, name: known?.name ?? person, github, slack: null, via: 'issue-comment', evidence: { comment } };
}
const WORKFLOW: Actor = {
  person: null,
  name: 'Debug Approval',
  github: null,
  slack: null,
  via: 'workflow',
  evidence: {},
};

export function record(commentId: number, event: Event, by: Actor = WORKFLOW, createdAt = at(commentId)): LoggedRecord {
  return { commentId, createdAt, record: { by, events: [event], sentence: 'It happened.' } };
}
export const decided = (person: string, decision: 'approve' | 'deny' = 'approve'): EventOf<'decided'> => ({
  type: 'decided',
  decision,
  person,
  comment: '',
  shown: null,
  checklist: [],
  left: [],
});
export const started = (change: Partial<EventOf<'started'>> = {}): EventOf<'started'> => ({
  type: 'started',
  digest: opening().digest,
  run: { id: 9001, attempt: 1 },
  checkRun: '55',
  environment: 'production',
  ...change,
});
export const ended = (change: Partial<EventOf<'ended'>> = {}): EventOf<'ended'> => ({
  type: 'ended',
  outcome: 'finished',
  reason: 'exit',
  exitCode: 0,
  signal: null,
  durationMs: 1_000,
  bytes: 5,
  transcript: null,
  redactions: {},
  ...change,
});

/** The log's records by number of seconds and comment id: opened at 1. */
export const opened = (change: Partial<Request> = {}) => record(1, opening(change));
export const approval = (id: number, person: string) => record(id, decided(person), bySlack(person));
export const denial = (id: number, person: string) => record(id, decided(person, 'deny'), bySlack(person));

/** No dialog, nothing ticked, and nothing against the account. */
const BY_ONE_CLICK: Pick<DecideCommand, 'shown' | 'checklist' | 'standing'> = {
  shown: null,
  checklist: [],
  standing: { left: [], barred: null },
};

/** A press by Slack, as the card of the request makes it. */
export function press(person: string, change: Partial<DecideCommand> = {}): DecideCommand {
  const { digest, request: asked } = opening();
  const { slack } = bySlack(person);
  return {
    type: 'decide',
    decision: 'approve',
    comment: '',
    by: { github: null, slack: slack ?? { team: 'T1', user: `U${person}` }, via: 'slack-button', evidence: {} },
    bot: false,
    claim: { request: asked.id, digest, policyBlob: asked.policy.blob },
    card: CARD,
    ...BY_ONE_CLICK,
    ...change,
  };
}
/** A comment on the issue. */
export function written(person: string, change: Partial<DecideCommand> = {}): DecideCommand {
  const { github, via, evidence } = byGithub(person);
  const by = { github, slack: null, via, evidence };
  const command = {
    type: 'decide',
    decision: 'approve',
    comment: '',
    by,
    bot: false,
    claim: null,
    card: null,
  } as const;
  return { ...command, ...BY_ONE_CLICK, ...change };
}
