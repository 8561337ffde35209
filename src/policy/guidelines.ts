/** What a channel's people must know to ask and to decide, in words made from the policy. */
import { formatDuration } from './duration.ts';
import { sourceText } from './group-source.ts';
import { shown } from './inputs.ts';
import { lookup } from './lookup.ts';
import { expandMembers, namesOf } from './people.ts';
import { childrenOf, type Requirement } from './requirement.ts';
import type { Policy, Rule } from './schema.ts';
import { timesText } from './times.ts';

/** Plain text throughout: whoever shows it escapes it. */
export interface Guidelines {
  title: string;
  sections: { heading: string; points: string[] }[];
}

export interface GuidelinesContext {
  /** `owner/name`; null: not known here. */
  repository: string | null;
  /** Where the policy is in the repository. */
  policyPath: string;
}

/** The guidelines of a policy's channel. */
export function guidelines(policy: Policy, { repository, policyPath }: GuidelinesContext): Guidelines {
  const of = repository === null ? '' : ` of ${repository}`;
  return {
    title: `Debug Approval${of}: how to ask and how to decide`,
    sections: [
      { heading: 'Who may ask', points: asking(policy) },
      { heading: 'Who decides', points: policy.rules.map((rule) => ruleWords(policy, rule)) },
      { heading: 'How to decide', points: deciding(policy) },
      ...(policy.breakGlass === null
        ? []
        : [{ heading: 'In an emergency', points: breaking(policy, policy.breakGlass) }]),
      { heading: 'What an approval means', points: meaning(policy) },
      {
        heading: 'Never here',
        points: [
          'No passwords, tokens or personal data: not in a reason, a ticket, a decision or this channel. Whoever can read the repository reads the requests, and records stay.',
          ...(policy.slack?.mirror === true
            ? ["What is written in the thread of a request's card is put on record on its issue, masked."]
            : []),
        ],
      },
      {
        heading: 'Questions',
        points: [
          `Ask those who decide. What counts is ${policyPath}${of === '' ? '' : ` in ${repository}`}; whoever wants it otherwise proposes a change to it.`,
        ],
      },
    ],
  };
}

/** A paragraph for each section. */
export function guidelineParagraphs({ sections }: Guidelines): string[] {
  return sections.map(({ heading, points }) => [heading, ...points.map((one) => `• ${one}`)].join('\n'));
}

/** The guidelines as a text to read. */
export function guidelinesText(all: Guidelines): string {
  return [all.title, ...guidelineParagraphs(all)].join('\n\n');
}

function asking(policy: Policy): string[] {
  const { minLength } = policy.reason;
  const reason = `a reason${minLength > 1 ? ` of at least ${minLength} characters` : ''}`;
  const own = [
    ...Object.entries(policy.runbooks).map(([key, { requesters }]) => ({ key, requesters })),
    ...Object.entries(policy.targets).map(([key, { requesters }]) => ({ key: `anything on ${key}`, requesters })),
  ].flatMap(({ key, requesters }) =>
    requesters === undefined ? [] : [`Only for ${key}: ${whoWords(policy, requesters)}, nobody else.`],
  );
  return [
    `${whoWords(policy, policy.requesters)}. On GitHub: Actions, the Debug workflow, Run workflow.`,
    ...own,
    `Each request needs ${reason}${policy.ticket.required ? ' and a ticket' : ''}.`,
  ];
}

function ruleWords(policy: Policy, { name, when, require, denials = 1 }: Rule): string {
  const parts = conditionWords(policy, when ?? {});
  const scope = parts.length === 0 ? 'Every request' : `Requests of ${parts.join(' and ')}`;
  const who = require === 'none' ? 'nobody has to approve' : requirementWords(policy, require);
  return `${scope}: ${who}${denials > 1 ? `; ${denials} must deny it to stop it` : ''}. (${name})`;
}

function conditionWords(policy: Policy, when: NonNullable<Rule['when']>): string[] {
  const one = (what: string, values: readonly string[] | undefined) =>
    values === undefined ? [] : [`${what} ${values.join(' or ')}`];
  return [
    ...one('runbook', when.runbooks),
    ...one('risk', when.risks),
    ...one('target', when.targets),
    ...one('tier', when.tiers),
    ...one('urgency', when.urgencies),
    ...(when.requesters ? [`requester ${whoWords(policy, when.requesters)}`] : []),
    ...Object.entries(when.inputs ?? {}).map(([name, values]) => `input ${name} ${values.map(shown).join(' or ')}`),
    ...(when.times ? [`the time ${timesText(when.times)}`] : []),
  ];
}

function requirementWords(policy: Policy, requirement: Requirement): string {
  if ('count' in requirement) return `${requirement.count} of ${whoWords(policy, [requirement.of].flat())}`;
  const parts = childrenOf(requirement).map((child) => {
    const words = requirementWords(policy, child);
    return 'count' in child ? words : `(${words})`;
  });
  return 'all' in requirement ? `${parts.join(' and ')}, each somebody else` : parts.join(' or ');
}

/** Groups with their people: `sre (Bo, Cy)`, or where these stand: `sre (the GitHub team acme/sre)`; people by name. */
function whoWords(policy: Policy, names: readonly string[]): string {
  const one = (name: string): string => {
    const people = namesOf(policy, expandMembers(policy, name));
    const group = lookup(policy.groups, name);
    return group === null ? people : `${name} (${sourceText(group.source) ?? people})`;
  };
  return names.map(one).join(', ');
}

function deciding(policy: Policy): string[] {
  const comment = "write /approve or /deny, with your reason after it, as a comment on the request's issue";
  const quorum = policy.rules.some(({ denials = 1 }) => denials > 1);
  return [
    policy.slack === undefined
      ? `To decide, ${comment}. An edited comment decides nothing.`
      : `Press Approve or Deny on the request's card, reply approve or deny with your reason in its thread, send /approve-debug or /reject-debug with the issue's number, or ${comment}. Other words decide nothing, nor does an edited comment.`,
    ...(policy.slack !== undefined && usesDialog(policy)
      ? ['Approve opens a dialog, unless the policy is content with one click: it shows what will run. Approve there.']
      : []),
    ...Object.entries(policy.runbooks).flatMap(([key, { checklist }]) =>
      checklist.length === 0 ? [] : [`Whoever approves ${key} has checked, and ticks: ${checklist.join('; ')}.`],
    ),
    'Never your own request, from no account. A person counts once.',
    quorum
      ? 'A denial by anybody who may decide counts until the job has started. One stops the request where the rule names no other number.'
      : 'A denial by anybody who may decide stops the request until the job has started.',
    "Until then /withdraw on the request's issue takes your own approval back, and /cancel ends your own request.",
    ...waiting(policy),
  ];
}

function usesDialog({ runbooks, rules }: Policy): boolean {
  const all = Object.values(runbooks);
  const usual = all.some(({ risk }) => risk !== 'low');
  return (
    all.some(({ checklist }) => checklist.length > 0) ||
    rules.some(
      ({ approve, require }) => require !== 'none' && (approve === 'dialog' || (approve === undefined && usual)),
    )
  );
}

function waiting(policy: Policy): string[] {
  const { reminders, escalation, slack } = policy;
  return [
    ...(reminders === null
      ? []
      : [
          `Whoever may still decide is reminded after ${formatDuration(reminders.afterSeconds)}, ${reminders.times === 1 ? 'once' : `${reminders.times} times at most, each pause twice as long as the one before`}.`,
        ]),
    ...(escalation === null
      ? []
      : [`After ${formatDuration(escalation.afterSeconds)} these are asked too: ${whoWords(policy, escalation.to)}.`]),
    ...(slack === undefined || slack.quiet.length === 0
      ? []
      : [`These may decide but are not pinged: ${whoWords(policy, slack.quiet)}.`]),
  ];
}

function breaking(policy: Policy, glass: NonNullable<Policy['breakGlass']>): string[] {
  const least = Math.max(glass.minLength, policy.reason.minLength);
  const where = [
    ...(glass.runbooks === null ? [] : [`runbook ${glass.runbooks.join(' or ')}`]),
    ...(glass.targets === null ? [] : [`target ${glass.targets.join(' or ')}`]),
  ];
  return [
    `${whoWords(policy, glass.who)} may start without approval (break-glass)${where.length === 0 ? '' : `, for ${where.join(' and ')} only`}, with a reason of at least ${least} characters. Those who would have decided are told at once.`,
    `Within ${formatDuration(glass.review.withinSeconds)} of the start somebody else of ${whoWords(policy, glass.review.by)} reviews it: /review on its issue, and what they found. Until then the issue stays open.`,
  ];
}

function meaning({ expirySeconds, windowSeconds }: Policy): string[] {
  return [
    'You have read what will run, where, for whom and why, and agree that exactly this runs once. Whatever changes is a new request.',
    `It counts until the request expires, ${formatDuration(expirySeconds)} after it was made at the latest; then nothing starts. The job may run ${formatDuration(windowSeconds)} at most.`,
    'If in doubt, deny or ask: nobody who is silent has agreed.',
  ];
}
