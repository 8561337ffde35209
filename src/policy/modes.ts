/** How a request is decided: by a dialog or one click, against how many denials, in which channel, and who is pinged. */
import { type Ask, eligibleApprovers, rulesFor } from './evaluate.ts';
import { lookup } from './lookup.ts';
import { isAmong } from './people.ts';
import type { Policy } from './schema.ts';

/**
 * How an approval is given in Slack: by a dialog where the runbook has a checklist, where a rule that applies says so,
 * and where one says nothing and the runbook's risk is not low. What the policy does not know is never one click.
 */
export function approveMode(policy: Policy, ask: Ask): 'dialog' | 'one-click' {
  const runbook = lookup(policy.runbooks, ask.runbook);
  const rules = rulesFor(policy, ask);
  if (runbook === null || rules.length === 0 || runbook.checklist.length > 0) return 'dialog';
  const usual = runbook.risk === 'low' ? 'one-click' : 'dialog';
  return rules.some(({ approve }) => (approve ?? usual) === 'dialog') ? 'dialog' : 'one-click';
}

/**
 * How many people must deny: the smallest number that a rule that applies says, 1 for one that says nothing. Never more
 * than may decide, so that everybody together can always deny.
 */
export function denialsNeeded(policy: Policy, ask: Ask): number {
  const least = Math.min(...rulesFor(policy, ask).map(({ denials }) => denials ?? 1));
  return Math.max(1, Math.min(least, eligibleApprovers(policy, ask).length));
}

/** The id of the channel in which approvers are asked: of the first rule that applies and names one, else the policy's; null: none. */
export function channelFor(policy: Policy, ask: Ask): string | null {
  // Without `slack` the policy wants no Slack at all.
  if (policy.slack === undefined) return null;
  return rulesFor(policy, ask).find(({ channel }) => channel !== undefined)?.channel ?? policy.slack.channel;
}

/**
 * Who is pinged when the request is opened, and who may decide but never is. Those of `escalation.to` are pinged from
 * the escalation on. Where that leaves nobody, they are pinged at once, and where still nobody is left everybody is.
 */
export function pingedAtFirst(policy: Policy, ask: Ask): { pinged: string[]; quiet: string[] } {
  const eligible = eligibleApprovers(policy, ask);
  const silent = policy.slack?.quiet ?? [];
  const later = policy.escalation?.to ?? [];
  const quiet = eligible.filter((person) => isAmong(policy, silent, person));
  const loud = eligible.filter((person) => !quiet.includes(person));
  const first = loud.filter((person) => !isAmong(policy, later, person));
  return { pinged: [first, loud].find((some) => some.length > 0) ?? eligible, quiet };
}
