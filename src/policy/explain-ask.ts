/** Explains what a policy says of an ask: which rules apply and why the others do not, the verdict, and who is asked how. */
import { objections } from './conditions.ts';
import { formatDuration } from './duration.ts';
import { type Ask, eligibleApprovers, evaluate, type Verdict } from './evaluate.ts';
import { explain } from './explain.ts';
import { type BreakGlassTerms, breakGlassTerms, breakGlassVerdict } from './explain-break-glass.ts';
import { emptyGroups } from './explain-groups.ts';
import { sourceText } from './group-source.ts';
import { lookup } from './lookup.ts';
import { approveMode, channelFor, denialsNeeded, pingedAtFirst } from './modes.ts';
import { nameOf, namesOf } from './people.ts';
import { type Preflight, preflight } from './preflight.ts';
import { mayBreakGlass, mayRequest, type Permission } from './requesters.ts';
import type { Policy } from './schema.ts';

/** Plain data, as `--json` prints it. People are keys of the policy. */
export interface ExplainedAsk {
  ask: Ask;
  approvals: string[];
  mayRequest: Permission;
  mayBreakGlass: Permission;
  /** All rules in the policy's order; `why` says why one does not apply. */
  rules: { name: string; applies: boolean; why: string[] }[];
  /** Of a break-glass: whether it may start. */
  verdict: Verdict;
  /** null: it is no break-glass, or the policy has none. */
  breakGlass: BreakGlassTerms | null;
  /** What the verdict would be without break-glass; null: it is no break-glass. */
  withoutBreakGlass: Verdict | null;
  /** Groups from a directory of which nobody said who is in them, although this depends on it. */
  emptyGroups: string[];
  preflight: Preflight;
  mode: 'dialog' | 'one-click';
  denialsNeeded: number;
  /** The id; null: the issue alone. */
  channel: string | null;
  eligible: string[];
  pinged: string[];
  quiet: string[];
}

/** What the policy says of an ask, as a break-glass or not, when these people (keys) have approved. */
export function explainAsk(policy: Policy, ask: Ask, approvals: readonly string[], breakGlass: boolean): ExplainedAsk {
  const verdict = evaluate(policy, ask, approvals);
  const may = [policy, ask.requester, ask.runbook, ask.target] as const;
  return {
    ask,
    approvals: [...approvals],
    mayRequest: mayRequest(...may),
    mayBreakGlass: mayBreakGlass(...may),
    rules: explainedRules(policy, ask),
    verdict: breakGlass ? breakGlassVerdict(policy, ask) : verdict,
    breakGlass: breakGlass ? breakGlassTerms(policy, ask) : null,
    withoutBreakGlass: breakGlass ? verdict : null,
    emptyGroups: emptyGroups(policy, ask, breakGlass),
    preflight: preflight(policy, ask),
    mode: approveMode(policy, ask),
    denialsNeeded: denialsNeeded(policy, ask),
    channel: channelFor(policy, ask),
    eligible: eligibleApprovers(policy, ask),
    ...pingedAtFirst(policy, ask),
  };
}

function explainedRules(policy: Policy, ask: Ask): ExplainedAsk['rules'] {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const target = lookup(policy.targets, ask.target);
  return policy.rules.map(({ name, when = {} }) => {
    const why =
      runbook === null || target === null
        ? ['the policy has no such runbook or target']
        : objections({ policy, ask, runbook, target }, when);
    return { name, applies: why.length === 0, why };
  });
}

/** The explanation for a terminal; no newline at the end. */
export function explainText(policy: Policy, all: ExplainedAsk): string {
  const { ask, approvals } = all;
  const approved = approvals.length === 0 ? '' : `, approved by ${namesOf(policy, approvals)}`;
  return [
    `${nameOf(policy, ask.requester)} asks for ${ask.runbook} on ${ask.target}, urgency ${ask.urgency}, at ${ask.askedAt}${approved}:`,
    all.mayRequest.ok ? '✓ may ask for it.' : `✗ ${all.mayRequest.message} ${all.mayRequest.remedy}`,
    '',
    'Rules:',
    ...all.rules.map(ruleLine),
    '',
    ...(all.withoutBreakGlass === null ? usual(policy, all) : emergency(policy, all, all.withoutBreakGlass)),
    ...all.emptyGroups.map((key) => emptyLine(policy, key)),
  ].join('\n');
}

function usual(policy: Policy, all: ExplainedAsk): string[] {
  const { verdict, mayBreakGlass: may } = all;
  return [
    'Verdict:',
    ...verdictLines(verdict),
    '',
    ...approving(policy, all),
    `Break-glass: ${may.ok ? 'allowed.' : may.message}`,
  ];
}

function emergency(policy: Policy, all: ExplainedAsk, without: Verdict): string[] {
  const terms = all.breakGlass;
  return [
    'Verdict, as a break-glass:',
    ...verdictLines(all.verdict),
    ...(terms === null ? [] : ['', ...termLines(policy, terms)]),
    '',
    'Without break-glass:',
    ...verdictLines(without),
    ...approving(policy, all).map((line) => `  ${line}`),
  ];
}

function termLines(policy: Policy, { who, reasonLength, review }: BreakGlassTerms): string[] {
  const { by, withinSeconds } = review;
  return [
    `May break the glass here: ${namesOf(policy, who) || 'nobody'}.`,
    `Its reason must have at least ${reasonLength} characters.`,
    `Within ${formatDuration(withinSeconds)} of the start one of these must sign the after-review: ${namesOf(policy, by) || 'nobody'}.`,
  ];
}

const verdictLines = (verdict: Verdict): string[] =>
  explain(verdict)
    .split('\n')
    .map((line) => `  ${line}`);

function approving(policy: Policy, all: ExplainedAsk): string[] {
  return [all.preflight.sentence, ...(all.eligible.length === 0 ? [] : asking(policy, all))];
}

function emptyLine(policy: Policy, key: string): string {
  const source = sourceText(lookup(policy.groups, key)?.source ?? { kind: 'listed' });
  return `Nobody is in ${key} (${source}) here; say who is by --member ${key}=<person>.`;
}

function ruleLine({ name, applies, why }: ExplainedAsk['rules'][number]): string {
  return applies ? `  ✓ ${name}: applies` : `  – ${name}: does not apply: ${why.join('; ')}`;
}

function asking(policy: Policy, { mode, denialsNeeded: denials, channel, pinged, quiet }: ExplainedAsk): string[] {
  const way = mode === 'dialog' ? 'in the dialog' : 'with one click';
  return [
    channel === null
      ? 'Asked on the issue alone.'
      : `Asked in the channel ${channel}; an approval there is given ${way}.`,
    denials === 1 ? 'One denial denies it.' : `${denials} denials deny it.`,
    ...(channel === null ? [] : [`Pinged at once (${pinged.length}): ${namesOf(policy, pinged)}.`]),
    ...(quiet.length === 0 ? [] : [`May decide but is not pinged: ${namesOf(policy, quiet)}.`]),
  ];
}
