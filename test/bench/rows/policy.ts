/** Row: how long a large team's policy takes to load and to evaluate, in a process that has done so before. */
import { type Ask, evaluate } from '../../../src/policy/evaluate.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import type { Policy } from '../../../src/policy/schema.ts';
import { quantile, type Row, rounded } from '../row.ts';

const PEOPLE = 200;
const GROUPS = 50;
const RUNBOOKS = 200;
const RULES = 300;
const LOADS = 60;
const VERDICTS = 2_000;

export const policy: Row = {
  name: 'policy',
  about: `A policy of ${PEOPLE} people, ${GROUPS} groups, ${RUNBOOKS} runbooks and ${RULES} rules: loading it, and the verdict on a request, as medians`,
  async measure(say) {
    const text = largePolicy();
    const loads = timed(LOADS, () => loaded(text));
    const known = loaded(text);
    const asks = Object.keys(known.runbooks).map((runbook, index) => askFor(runbook, index));
    const verdicts = timed(VERDICTS, (turn) => {
      const ask = asks[turn % asks.length];
      if (ask !== undefined) evaluate(known, ask, [person(turn + 3), person(turn + 50)]);
    });
    say(`${text.length} characters; slowest load ${worst(loads)} ms, slowest verdict ${worst(verdicts)} ms`);
    return [
      { name: 'policy-load', value: rounded(quantile(loads, 0.5)), unit: 'ms (median)', bar: 50 },
      { name: 'policy-verdict', value: rounded(quantile(verdicts, 0.5), 2), unit: 'ms (median)', bar: 2 },
    ];
  },
};

function worst(times: readonly number[]): number {
  return rounded(Math.max(...times), 2);
}

function timed(times: number, work: (turn: number) => unknown): number[] {
  return Array.from({ length: times }, (_, turn) => {
    const from = performance.now();
    work(turn);
    return performance.now() - from;
  });
}

function loaded(text: string): Policy {
  const result = loadPolicy(text, { apiIsLoopback: false });
  if (!result.ok) throw new Error(result.problems[0]?.message ?? 'The policy has mistakes.');
  return result.policy;
}

function askFor(runbook: string, index: number): Ask {
  return {
    runbook,
    target: index % 2 === 0 ? 'production' : 'staging',
    excluded: [person(index)],
    urgency: 'normal',
    requester: person(index),
    inputs: index % 4 === 0 ? { service: 'api', lines: 50 } : {},
    askedAt: '2026-01-31T12:00:00Z',
  };
}

const person = (index: number): string => `person-${index % PEOPLE}`;
const group = (index: number): string => `group-${index % GROUPS}`;

/** What a company of many teams would have: each team with its runbooks, its rules, and some for everybody. */
function largePolicy(): string {
  return [
    'version: 1',
    'people:',
    ...lines(PEOPLE, (index) => `  ${person(index)}: { name: P ${index}, ${accounts(index)} }`),
    'groups:',
    ...lines(GROUPS, (index) => `  ${group(index)}: { members: [${members(index).join(', ')}] }`),
    'targets:',
    '  production: { environment: production, tier: production }',
    '  staging: { environment: staging, tier: staging }',
    `requesters: [${lines(GROUPS, group).join(', ')}]`,
    'runbooks:',
    ...lines(RUNBOOKS, runbook),
    'rules:',
    ...lines(RULES, rule),
    'expiry: 2h',
    'window: 30m',
    'slack: { channel: C012AB3CD }',
    'signers: { workflows: [.github/workflows/debug.yml] }',
    '',
  ].join('\n');
}

function lines(count: number, line: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}

function accounts(index: number): string {
  return `github: { id: ${1_000 + index}, login: login-${index} }, slack: { team: T1, user: U${index} }`;
}

function members(index: number): string[] {
  return Array.from({ length: 8 }, (_, turn) => person(index * 4 + turn));
}

function runbook(index: number): string {
  const taking = index % 4 === 0;
  return [
    `  runbook-${index}:`,
    `    title: Look at part ${index}`,
    `    run: [.github/runbooks/look.sh, part-${index}${taking ? ', "{{ inputs.service }}", "{{ inputs.lines }}"' : ''}]`,
    ...(taking
      ? [
          '    inputs:',
          '      service: { type: enum, values: [api, worker, web] }',
          '      lines: { type: number, integer: true, min: 1, max: 500, default: 50 }',
        ]
      : []),
    '    targets: [production, staging]',
    `    risk: ${index % 3 === 0 ? 'high' : 'low'}`,
  ].join('\n');
}

function rule(index: number): string {
  if (index === 0) return '  - name: Somebody looks at everything\n    require: { count: 1, of: [group-0, group-1] }';
  const night = '    when: { times: { from: "22:00", to: "06:00", zone: Europe/Berlin }, tiers: [production] }';
  return [
    `  - name: Rule ${index}`,
    index % 50 === 0 ? night : `    when: { runbooks: [runbook-${index % RUNBOOKS}], tiers: [production] }`,
    index % 3 === 0
      ? `    require: { all: [{ count: 1, of: ${group(index)} }, { count: 2, of: ${group(index + 1)} }] }`
      : `    require: { count: 2, of: ${group(index)} }`,
  ].join('\n');
}
