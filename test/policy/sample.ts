/** A small policy for tests, and a way to change one line of it. */
import type { Ask } from '../../src/policy/evaluate.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/schema.ts';

export const SAMPLE = `version: 1
people:
  ana: { name: Ana, github: { id: 101, login: ana-dev }, slack: { team: T1, user: UANA } }
  bo: { name: Bo, github: { id: 102, login: bo-dev }, slack: { team: T1, user: UBO } }
  cy: { name: Cy, github: { id: 103, login: cy-dev } }
  di: { name: Di, github: { id: 104, login: di-dev } }
groups:
  developers: { members: [ana, bo] }
  sre: { members: [bo, cy, di] }
  security: { members: [bo, di] }
targets:
  staging: { environment: staging, tier: staging }
  production: { environment: production, tier: production }
requesters: [developers]
runbooks:
  status:
    title: Show a service
    run: [runbooks/status.sh, "--service", "{{ inputs.service }}", "{{ inputs.name }}", "--lines={{ inputs.lines }}", "{{ inputs.verbose }}"]
    inputs:
      service: { type: enum, values: [api, web] }
      name: { type: string, pattern: ".*", max-length: 20, default: none }
      lines: { type: number, integer: true, min: 1, max: 100, default: 10 }
      verbose: { type: boolean, default: false }
    targets: [staging, production]
    risk: low
    window: 10m
    env: [STATUS_URL]
  search:
    title: Search
    run: [grep, "--", "{{ inputs.text }}"]
    inputs:
      text: { type: string, pattern: ".*" }
    targets: [production]
    risk: high
    requesters: [cy]
rules:
  - name: Two of SRE
    require: { count: 2, of: sre }
expiry: 2h
window: 30m
signers: { workflows: [.github/workflows/debug.yml] }
`;

/** The sample's text with one piece replaced; throws where the sample no longer has it. */
export function sampleWith(piece: string, replacement: string): string {
  if (!SAMPLE.includes(piece)) throw new Error(`The sample policy has no ${piece}`);
  return SAMPLE.replace(piece, () => replacement);
}

/** Loads a text that must be a sound policy. */
export function policyOf(text: string): Policy {
  const loaded = loadPolicy(text, { apiIsLoopback: false });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.policy;
}

/** The messages for a text, as `line path: message`. */
export function problemsOf(text: string, apiIsLoopback = false): string[] {
  const loaded = loadPolicy(text, { apiIsLoopback });
  return loaded.ok ? [] : loaded.problems.map((one) => `${one.line} ${one.path}: ${one.message}`);
}

/** An ask for the sample's search on production by Ana, of whom nobody is excluded. */
export function asked(change: Partial<Ask> = {}): Ask {
  return {
    runbook: 'search',
    target: 'production',
    excluded: [],
    urgency: 'normal',
    requester: 'ana',
    inputs: {},
    // A Wednesday.
    askedAt: '2026-07-01T12:00:00Z',
    ...change,
  };
}

/** A sound policy that says all that a policy can say. */
export const FULL = `version: 1
people:
  ana: { name: Ana, github: { id: 101, login: ana-dev }, slack: { team: T1, user: UANA } }
  bo: { name: Bo, github: { id: 102, login: bo-dev }, slack: { team: T1, user: UBO } }
  cy: { name: Cy, github: { id: 103, login: cy-dev }, email: cy@example.com }
  di: { name: Di, github: { id: 104, login: di-dev } }
  ed: { name: Ed, github: { id: 105, login: ed-dev } }
groups:
  developers: { members: [ana, bo] }
  sre: { members: [bo, cy, di] }
  oncall: { members: [cy] }
  security: { github-team: acme/security }
  support: { slack-group: S012AB3CD }
targets:
  staging: { environment: staging, tier: staging }
  production: { environment: production, tier: production, requesters: [developers, ed] }
requesters: [developers, support, ed]
runbooks:
  hello:
    title: Say hello
    run: [runbooks/hello.sh]
    targets: [staging, production]
    risk: low
  status:
    title: Show a service
    run: [runbooks/status.sh, "{{ inputs.service }}"]
    inputs:
      service: { type: enum, values: [api, web] }
      lines: { type: number, min: 1, max: 9, default: 5 }
    targets: [staging, production]
    risk: medium
  deploy:
    title: Roll back by hand
    manual: true
    checklist: [The change is reverted, Nobody else deploys]
    targets: [production]
    risk: high
    requesters: [ana, cy]
link-by-email: true
open-requests: many
rules:
  - name: Hello runs at once
    when: { runbooks: [hello], tiers: [staging] }
    require: none
  - name: Somebody of SRE
    when: { tiers: [production] }
    require: { count: 1, of: sre }
    approve: one-click
    channel: C0SRE
  - name: Two at night
    when: { times: { days: [fri, sat], from: "22:00", to: "06:00", zone: Europe/Berlin }, urgencies: [low, normal] }
    require: { count: 2, of: [sre, ed] }
    denials: 2
  - name: Security sees the web service
    when: { inputs: { service: [web] }, requesters: [developers] }
    require: { count: 1, of: security }
    approve: dialog
    channel: C0SEC
reason: { min-length: 10 }
expiry: 2h
window: 30m
slack: { channel: C0ALL, quiet: [di], mirror: true }
reminders: { after: 10m, times: 3 }
escalation: { after: 30m, to: [oncall] }
break-glass:
  who: [oncall, ana]
  targets: [production]
  runbooks: [status]
  reason: { min-length: 30 }
  review: { by: [sre], within: 24h }
signers: { workflows: [.github/workflows/debug.yml] }
`;

/** The problems of the full policy with pieces replaced, as `line path: message`. */
export function mistakes(...changes: [piece: string, replacement: string][]): string[] {
  const text = changes.reduce((before, [piece, replacement]) => {
    if (!before.includes(piece)) throw new Error(`The policy has no ${piece}`);
    return before.replace(piece, () => replacement);
  }, FULL);
  return problemsOf(text);
}
