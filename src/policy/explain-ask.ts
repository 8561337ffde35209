/** Explains what a policy says of an ask: which rules apply and why the others do not, the verdict, and who is asked how. */
import { objections } from './conditions.ts';
import { type Ask, eligibleApprovers, evaluate, type Verdict } from './evaluate.ts';
import { explain } from './explain.ts';
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
  verdict: Verdict;
  preflight: Preflight;
  mode: 'dialog' | 'one-click';
  denialsNeeded: number;
  /** The id; null: the issue alone. */
  channel: string | null;
  eligible: string[];
  pinged: string[];
  quiet: string[];
}

/** What the policy says of an ask when these people (keys) have approved. */
export function explainAsk(policy: Policy, ask: Ask, approvals: readonly string[]): ExplainedAsk {
  const may = [policy, ask.requester, ask.runbook, ask.target] as const;
  return {
    ask,
    approvals: [...approvals],
    mayRequest: mayRequest(...may),
    mayBreakGlass: mayBreakGlass(...may),
    rules: explainedRules(policy, ask),
    verdict: evaluate(policy, ask, approvals),
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
  const { ask, approvals, verdict } = all;
  const approved = approvals.length === 0 ? '' : `, approved by ${namesOf(policy, approvals)}`;
  return [
    `${nameOf(policy, ask.requester)} asks for ${ask.runbook} on ${ask.target}, urgency ${ask.urgency}, at ${ask.askedAt}${approved}:`,
    all.mayRequest.ok ? '✓ may ask for it.' : `✗ ${all.mayRequest.message} ${all.mayRequest.remedy}`,
    '',
    'Rules:',
    ...all.rules.map(ruleLine),
    '',
    'Verdict:',
    ...explain(verdict)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    all.preflight.sentence,
    ...(all.eligible.length === 0 ? [] : asking(policy, all)),
    `Break-glass: ${all.mayBreakGlass.ok ? 'allowed.' : all.mayBreakGlass.message}`,
  ].join('\n');
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
