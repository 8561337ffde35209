/** A small policy for tests, and a way to change one line of it. */
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
