/** Holds a policy to what a team expects of it: loads a file of cases and says which of them the policy does not meet. */
import type * as v from 'valibot';
import { type Case, CasesFile, type Expectation } from './cases-schema.ts';
import { type Ask, eligibleApprovers, evaluate, type Verdict } from './evaluate.ts';
import { shown } from './inputs.ts';
import { approveMode, channelFor, denialsNeeded, pingedAtFirst } from './modes.ts';
import { atKey, atValue, type Finding, inOrder, type Path, type Problem } from './problems.ts';
import { mayBreakGlass, mayRequest } from './requesters.ts';
import type { Policy } from './schema.ts';
import { parseShape } from './shape.ts';
import { policyAsOf } from './snapshot.ts';
import { askOfWhatIf, leftOpen } from './what-if.ts';
import { readYaml } from './yaml-source.ts';

export type { Case } from './cases-schema.ts';

/** The path of the policy that a file of cases names, from that file; null: it names none. */
export function policyNamedBy(text: string): string | null {
  const { data } = readYaml(text);
  return typeof data === 'object' && data !== null && 'policy' in data && typeof data.policy === 'string'
    ? data.policy
    : null;
}

/** Loads the text of a file of cases. All mistakes are named at once, in the order of the text. */
export function loadCases(
  text: string,
  policy: Policy,
): { ok: true; cases: Case[] } | { ok: false; problems: Problem[] } {
  const source = readYaml(text);
  if (source.data === null && source.problems.length > 0) return { ok: false, problems: inOrder(source.problems) };
  const { output: file, findings } = parseShape(CasesFile, source.data);
  const unknown = file === null ? [] : unknownNames(policy, file);
  const problems = [...source.problems, ...[...findings, ...unknown].map(source.locate)];
  if (file === null || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, cases: file.cases.map((one) => ({ ...one, members: { ...file.members, ...one.members } })) };
}

function unknownNames({ people, groups }: Policy, { members, cases }: v.InferOutput<typeof CasesFile>): Finding[] {
  const known = Object.keys(people);
  const outside = Object.keys(groups).filter((key) => groups[key]?.source.kind !== 'listed');
  const persons = (path: Path, names: readonly string[] = []): Finding[] =>
    names.flatMap((name, place) =>
      known.includes(name) ? [] : [atValue([...path, place], noSuch('person', name, known))],
    );
  const groupsIn = (path: Path, filled: Case['members']): Finding[] =>
    Object.entries(filled).flatMap(([group, names]) => [
      ...(outside.includes(group) ? [] : [atKey([...path, group], noSuch('group from a directory', group, outside))]),
      ...persons([...path, group], names),
    ]);
  return [
    ...groupsIn(['members'], members),
    ...cases.flatMap((one, index) => [
      ...groupsIn(['cases', index, 'members'], one.members),
      ...persons(['cases', index, 'approved-by'], one['approved-by']),
      ...persons(['cases', index, 'denied-by'], one['denied-by']),
      ...persons(['cases', index, 'expect', 'eligible'], one.expect.eligible),
      ...persons(['cases', index, 'expect', 'pinged'], one.expect.pinged),
    ]),
  ];
}

function noSuch(what: string, name: string, allowed: string[]): string {
  return `there is no ${what} ${shown(name)}; allowed: ${allowed.join(', ') || 'none'}.`;
}

export interface CaseResult {
  name: string;
  /** A sentence for each expectation that does not hold; none: the policy does as expected. */
  differences: string[];
}

/** Tries all cases, in their order. */
export function runCases(policy: Policy, cases: readonly Case[]): CaseResult[] {
  return cases.map((one) => ({ name: one.name, differences: differencesOf(policy, one) }));
}

// Where nobody says a time no rule may look at it; one that does is a difference.
const ANY_TIME = '2026-01-01T00:00:00Z';

function differencesOf(before: Policy, one: Case): string[] {
  const policy = policyAsOf(before, { members: one.members, links: {} });
  const asked = askOfWhatIf(policy, { ...one, at: one.at ?? ANY_TIME });
  if (!asked.ok) return asked.problems;
  const { ask } = asked;
  const open = looksAtRules(one) ? leftOpen(policy, ask, one.at === undefined) : [];
  if (open.length > 0) return open;
  const expected = one.expect;
  return [
    askingDifference(policy, one),
    statusDifference(expected, statusOf(policy, ask, one)),
    valueDifference('mode', expected.mode, approveMode(policy, ask)),
    valueDifference('denials', expected.denials, denialsNeeded(policy, ask)),
    valueDifference('channel', expected.channel, channelFor(policy, ask) ?? 'none'),
    peopleDifference('eligible', expected.eligible, eligibleApprovers(policy, ask)),
    peopleDifference('pinged', expected.pinged, pingedAtFirst(policy, ask).pinged),
  ].filter((difference) => difference !== null);
}

/** Whether what is expected depends on the rules: who may ask and who may break the glass does not. */
function looksAtRules({ expect, ...one }: Case): boolean {
  const { 'may-request': _, status, ...others } = expect;
  const byRules = status !== undefined && (!one['break-glass'] || one['denied-by'].length > 0);
  return byRules || Object.keys(others).length > 0;
}

function askingDifference(policy: Policy, one: Case): string | null {
  const expected = one.expect['may-request'] ?? true;
  const asks = [policy, one.as, one.runbook, one.target] as const;
  const may = [mayRequest(...asks), ...(one['break-glass'] ? [mayBreakGlass(...asks)] : [])];
  const refusal = may.find(({ ok }) => !ok);
  if (expected === (refusal === undefined)) return null;
  const why = refusal?.ok === false ? refusal.message : `${one.as} may.`;
  return `may-request: expected ${expected}, but it is ${!expected}: ${why}`;
}

interface Status {
  status: NonNullable<Expectation['status']>;
  why: string;
}

function statusOf(policy: Policy, ask: Ask, one: Case): Status {
  const eligible = eligibleApprovers(policy, ask);
  const deniers = one['denied-by'].filter((person) => eligible.includes(person));
  if (deniers.length > 0 && deniers.length >= denialsNeeded(policy, ask)) {
    return { status: 'denied', why: `${deniers.join(', ')} denied it.` };
  }
  if (one['break-glass']) return broken(policy, one);
  // Whoever denies takes an own approval back, and approves nothing any more.
  const approvals = one['approved-by'].filter((person) => !deniers.includes(person));
  const verdict: Verdict = evaluate(policy, { ...ask, excluded: [...ask.excluded, ...deniers] }, approvals);
  return { status: verdict.status, why: verdict.sentence };
}

function broken(policy: Policy, { as, runbook, target }: Case): Status {
  const may = mayBreakGlass(policy, as, runbook, target);
  return may.ok
    ? { status: 'met', why: 'a break-glass needs nobody beforehand.' }
    : { status: 'blocked', why: may.message };
}

function statusDifference({ status: expected }: Expectation, { status, why }: Status): string | null {
  if (expected === undefined || expected === status) return null;
  return `status: expected ${expected}, but it is ${status}: ${why}`;
}

function valueDifference<T extends string | number>(what: string, expected: T | undefined, got: T): string | null {
  return expected === undefined || expected === got ? null : `${what}: expected ${expected}, but it is ${got}.`;
}

function peopleDifference(what: string, expected: readonly string[] | undefined, got: readonly string[]) {
  if (expected === undefined) return null;
  const missing = expected.filter((person) => !got.includes(person));
  const more = got.filter((person) => !expected.includes(person));
  if (missing.length + more.length === 0) return null;
  const parts = [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`]),
    ...(more.length === 0 ? [] : [`not expected: ${more.join(', ')}`]),
  ];
  return `${what}: expected ${expected.join(', ') || 'nobody'}, but it is ${got.join(', ') || 'nobody'} (${parts.join('; ')}).`;
}
