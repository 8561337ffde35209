/** Finds the one member of a Slack workspace that a handle, a display name or a member id means. */
import { Fault } from './fault.ts';
import type { Directory, MemberFacts } from './ports.ts';

/**
 * Exact matches only, and only one: display names are anybody's to choose, so a name that two have means nobody. A
 * member id decides alone. Throws a Fault `refused` for nobody, several, and accounts that must not decide.
 */
export async function findMember(directory: Directory, words: string): Promise<MemberFacts> {
  const name = words.replace(/^@/, '');
  if (name === '') throw new Fault('input', 'The Slack handle is empty.', 'Write it as Slack shows it after the @.');
  const [team, found] = await Promise.all([directory.team(), matching(directory, name)]);
  const refusal = unfit(found, team);
  if (refusal === null) return found;
  throw new Fault(
    'refused',
    `${told(found)} ${refusal}.`,
    'Name a member of this workspace: only they decide in Slack.',
  );
}

const looksLikeId = (name: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(name);

async function matching(directory: Directory, name: string): Promise<MemberFacts> {
  // Somebody may also be called as an id looks; an id that there is decides first.
  const member = looksLikeId(name) ? await directory.member(name) : null;
  if (member !== null) return member;
  const everybody = await directory.everybody();
  const exact = everybody.filter((member) => member.handle === name || member.displayName === name);
  // A deactivated account can press nothing; it must not keep the name from whoever has it now.
  const living = exact.filter((member) => !member.deleted);
  const [first, second] = living.length > 0 ? living : exact;
  if (first === undefined) throw nobody(name, everybody);
  if (second === undefined) return first;
  throw new Fault(
    'refused',
    `${JSON.stringify(name)} means several in Slack: ${living.length > 0 ? list(living) : list(exact)}.`,
    'Give the member id (U…) of the one that you mean.',
  );
}

function nobody(name: string, everybody: readonly MemberFacts[]): Fault {
  const near = everybody.filter(
    ({ deleted, handle, displayName, realName }) =>
      !deleted && [handle, displayName, realName].some((one) => one.toLowerCase() === name.toLowerCase()),
  );
  const hint =
    near.length === 0 ? 'Give it as Slack shows it after the @' : `Did you mean ${list(near)}? Give it exactly`;
  return new Fault(
    'refused',
    `Nobody in Slack has exactly the handle or display name ${JSON.stringify(name)}.`,
    `${hint}, or give the member id (U…).`,
  );
}

function unfit(member: MemberFacts, team: string): string | null {
  if (member.deleted) return 'is deactivated';
  if (member.bot) return 'is a bot or an app';
  if (member.stranger || member.team !== team) return `belongs to another workspace (${member.team}, not ${team})`;
  if (member.guest) return 'is a guest';
  return null;
}

/** At most ten, so that a common name does not fill the screen. */
function list(members: readonly MemberFacts[]): string {
  const more = members.length > 10 ? ` and ${members.length - 10} more` : '';
  return members.slice(0, 10).map(told).join(', ') + more;
}

/** A member as a person recognises one: `@bo (Bo, UBO)`. */
export function told({ id, handle, displayName, realName, deleted, bot, guest, stranger }: MemberFacts): string {
  const kinds = Object.entries({ deactivated: deleted, bot, guest, 'of another workspace': stranger });
  const marks = kinds.filter(([, is]) => is).map(([kind]) => `, ${kind}`);
  const names = [...new Set([displayName, realName])].filter((one) => one !== '' && one !== handle);
  return `@${handle} (${[...names, id].join(', ')}${marks.join('')})`;
}
