/** Checks reminders, escalation and break-glass: that they can happen, and that the people they name can do what is wanted. */
import type { Draft } from './draft.ts';
import { formatDuration } from './duration.ts';
import { expandMembers, namesOf } from './people.ts';
import { atValue, type Finding } from './problems.ts';
import { countsIn } from './requirement.ts';

/** Findings for what never happens, and for people who could not do what they are named for. */
export function checkSettings(draft: Draft): Finding[] {
  return [
    ...tooLate(draft, 'reminders', draft.reminders.after),
    ...tooLate(draft, 'escalation', draft.escalation.after),
    ...deafEscalation(draft),
    ...idleBreakGlass(draft),
    ...unsignedReview(draft),
  ];
}

function tooLate({ expirySeconds }: Draft, section: string, after: number | null): Finding[] {
  if (after === null || expirySeconds === null || after < expirySeconds) return [];
  const message = `never comes: a request waits for at most ${formatDuration(expirySeconds)} (expiry); allowed: anything shorter.`;
  return [atValue([section, 'after'], message)];
}

function deafEscalation(draft: Draft): Finding[] {
  const { to } = draft.escalation;
  const named = draft.rules.flatMap(({ rule: { require } }) =>
    require === undefined || require === 'none' ? [] : countsIn(require).flatMap(({ of }) => of),
  );
  if (to.length === 0 || !isListed(draft, [...to, ...named])) return [];
  // Rules with mistakes may name them.
  if (draft.rules.some(({ rule }) => rule.require === undefined)) return [];
  const able = expandMembers(draft, named);
  const asked = expandMembers(draft, to);
  if (asked.some((person) => able.includes(person))) return [];
  const message = `would be asked to no avail: no rule counts ${namesOf(draft, asked)}; allowed: groups and people whom a rule counts (${[...new Set(named)].join(', ') || 'none'}).`;
  return [atValue(['escalation', 'to'], message)];
}

function idleBreakGlass(draft: Draft): Finding[] {
  const { askers, breakGlass } = draft;
  const { who } = breakGlass;
  if (askers === null || who.length === 0 || !isListed(draft, [...who, ...askers])) return [];
  const able = expandMembers(draft, askers);
  const named = expandMembers(draft, who);
  if (named.some((person) => able.includes(person))) return [];
  const message = `could never be used: ${namesOf(draft, named)} may ask for nothing, and only who may ask may break the glass; allowed: groups and people among the requesters (${[...new Set(askers)].join(', ')}).`;
  return [atValue(['break-glass', 'who'], message)];
}

function unsignedReview(draft: Draft): Finding[] {
  const { who, by } = draft.breakGlass;
  if (!isListed(draft, [...who, ...by])) return [];
  const signers = expandMembers(draft, by);
  const [only, ...more] = signers;
  if (only === undefined || more.length > 0 || !expandMembers(draft, who).includes(only)) return [];
  const name = namesOf(draft, [only]);
  const message = `nobody could sign what ${name} starts, since nobody signs their own; name somebody besides ${name}.`;
  return [atValue(['break-glass', 'review', 'by'], message)];
}

/** Whether all of these are people and groups whose members are known here. */
function isListed({ groups, people }: Draft, names: readonly string[]): boolean {
  return names.every((name) => {
    const group = groups[name];
    if (group === undefined) return name in people;
    return group.source.kind === 'listed' && group.members.every((member) => member in people);
  });
}
