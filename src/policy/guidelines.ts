/** What a channel's people must know to ask and to decide, in words made from the policy. */
import { formatDuration } from './duration.ts';
import { expandMembers, namesOf } from './people.ts';
import { childrenOf, type Requirement } from './requirement.ts';
import type { Policy, Rule } from './schema.ts';

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
      { heading: 'What an approval means', points: meaning(policy) },
      {
        heading: 'Never here',
        points: [
          'No passwords, tokens or personal data: not in a reason, a ticket, a decision or this channel. Whoever can read the repository reads the requests, and records stay.',
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
  const own = Object.entries(policy.runbooks).flatMap(([key, { requesters }]) =>
    requesters === undefined ? [] : [`Only for ${key}: ${whoWords(policy, requesters)}, nobody else.`],
  );
  return [
    `${whoWords(policy, policy.requesters)}. On GitHub: Actions, the Debug workflow, Run workflow.`,
    ...own,
    `Each request needs ${reason}${policy.ticket.required ? ' and a ticket' : ''}.`,
  ];
}

function ruleWords(policy: Policy, { name, when, require }: Rule): string {
  const parts = [
    ...(when?.runbooks ? [`runbook ${when.runbooks.join(' or ')}`] : []),
    ...(when?.risks ? [`risk ${when.risks.join(' or ')}`] : []),
    ...(when?.targets ? [`target ${when.targets.join(' or ')}`] : []),
    ...(when?.tiers ? [`tier ${when.tiers.join(' or ')}`] : []),
  ];
  const scope = parts.length === 0 ? 'Every request' : `Requests of ${parts.join(' and ')}`;
  return `${scope}: ${requirementWords(policy, require)}. (${name})`;
}

function requirementWords(policy: Policy, requirement: Requirement): string {
  if ('count' in requirement) return `${requirement.count} of ${whoWords(policy, [requirement.of].flat())}`;
  const parts = childrenOf(requirement).map((child) => {
    const words = requirementWords(policy, child);
    return 'count' in child ? words : `(${words})`;
  });
  return 'all' in requirement ? `${parts.join(' and ')}, each somebody else` : parts.join(' or ');
}

/** Groups with their people: `sre (Bo, Cy)`; people by name. */
function whoWords(policy: Policy, names: readonly string[]): string {
  const one = (name: string): string => {
    const people = namesOf(policy, expandMembers(policy, name));
    return Object.hasOwn(policy.groups, name) ? `${name} (${people})` : people;
  };
  return names.map(one).join(', ');
}

function deciding(policy: Policy): string[] {
  const comment = "write /approve or /deny, with your reason after it, as a comment on the request's issue";
  return [
    policy.slack === undefined
      ? `To decide, ${comment}. An edited comment decides nothing.`
      : `Press Approve or Deny on the request's card, or ${comment}. Other words decide nothing, nor does an edited comment.`,
    'Never your own request, from no account. A person counts once.',
    'A denial by anybody who may decide stops the request until the job has started.',
  ];
}

function meaning({ expirySeconds, windowSeconds }: Policy): string[] {
  return [
    'You have read what will run, where, for whom and why, and agree that exactly this runs once. Whatever changes is a new request.',
    `It counts until the request expires, ${formatDuration(expirySeconds)} after it was made at the latest; then nothing starts. The job may run ${formatDuration(windowSeconds)} at most.`,
    'If in doubt, deny or ask: nobody who is silent has agreed.',
  ];
}
