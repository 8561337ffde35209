/** Whether whoever decides still may: out of which groups they are since the request was opened, and whether their Slack account counts. */

import { rulesFor } from '../policy/evaluate.ts';
import { directoryGroups } from '../policy/group-source.ts';
import { lookup } from '../policy/lookup.ts';
import { findByGithub, findBySlack, nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import { mayReview } from '../request/break-glass.ts';
import type { DecideCommand, Standing } from '../request/decide.ts';
import type { Deed, EventOf } from '../request/events.ts';
import { askOf, excludedPersons, mayDecide } from '../request/state.ts';
import type { Desk } from './desk.ts';
import { namedBy } from './directory.ts';
import { Fault } from './fault.ts';
import type { Reading } from './reading.ts';

/** A person who is asked about nothing: for judging whether a deed would count at all. */
export const IN_GOOD_STANDING: Standing = { left: [], barred: null };

type By = DecideCommand['by'];
type Opening = EventOf<'requested'>;

/** What is being looked up, while the log is read. */
export interface Asking {
  barred: Promise<string | null> | null;
  /** Whether the person is in the group, by group. */
  inGroup: Map<string, Promise<boolean>>;
}

export const NOTHING_ASKED: Asking = { barred: null, inGroup: new Map() };

/**
 * Asks at once what can be asked before the log is read, so that a press waits for no further round trip: about the Slack
 * account, and about the groups where this job has read the request before. Nothing of it is believed before the log is.
 */
export function askStanding(desk: Desk, issue: number, by: By, deed: Deed): Asking {
  const known = desk.opened.get(issue);
  const inGroup = new Map<string, Promise<boolean>>();
  if (known !== undefined) {
    const { policy, opening, approved } = known;
    const person = personOf(policy, by);
    // Who approved already is refused without a look.
    const again = deed === 'approve' && person !== null && approved.includes(person);
    for (const group of again ? [] : groupsOf(policy, opening, person, deed))
      inGroup.set(group, isIn(desk, policy, group, person));
  }
  return { barred: by.slack === null ? null : barred(desk, by.slack), inGroup };
}

/**
 * The standing under the verified log. A group that could not be looked up counts as left where the person may do this without
 * it, by name or by another group; else it throws a Fault, and nothing counts.
 */
export async function standingOf(
  desk: Desk,
  { policy, state, snapshot }: Pick<Reading, 'policy' | 'state' | 'snapshot'>,
  by: By,
  deed: Deed,
  { barred, inGroup }: Asking,
): Promise<Standing> {
  const person = personOf(policy, by);
  const groups = groupsOf(policy, state.opening, person, deed);
  const [why, ...still] = await Promise.all([
    barred,
    ...groups.map((group) => orFault(inGroup.get(group) ?? isIn(desk, policy, group, person))),
  ]);
  const left = groups.filter((_, index) => still[index] !== true);
  const fault = still.find((one) => one instanceof Fault);
  const may = deed === 'review' ? mayReview : mayDecide;
  if (fault !== undefined && (person === null || !may(policy, state, person, left))) throw fault;
  if (deed === 'approve' && person !== null) expectApproval(desk, snapshot.number, person);
  return { left, barred: why };
}

async function orFault(answer: Promise<boolean>): Promise<boolean | Fault> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** Until the log is read anew: who presses twice in a row costs the directories no second look. */
function expectApproval({ opened }: Desk, issue: number, person: string): void {
  const known = opened.get(issue);
  if (known !== undefined) opened.set(issue, { ...known, approved: [...known.approved, person] });
}

function personOf(policy: Policy, { slack, github }: By): string | null {
  if (slack !== null) return findBySlack(policy, slack);
  return github === null ? null : findByGithub(policy, github.id);
}

/** The groups from a directory by which this person may do this; who takes something back, or may never, needs none of them. */
function groupsOf(policy: Policy, { request }: Opening, person: string | null, deed: Deed): string[] {
  if (person === null || deed === 'withdraw' || deed === 'cancel') return [];
  if (excludedPersons(request).includes(person)) return [];
  const names = deed === 'review' ? (policy.breakGlass?.review.by ?? []) : namedBy(rulesFor(policy, askOf(request)));
  return directoryGroups(policy, names).filter((group) => lookup(policy.groups, group)?.members.includes(person));
}

async function lookUp(desk: Desk, policy: Policy, group: string, person: string): Promise<boolean> {
  const { github, slack } = policy.people[person] ?? {};
  const source = lookup(policy.groups, group)?.source;
  if (source?.kind === 'github-team' && github !== undefined) {
    if (desk.teams === null) throw missing('directory-token');
    return desk.teams.isMember(source.team, github);
  }
  if (source?.kind === 'slack-group') {
    if (desk.slackPeople === null) throw missing('slack-bot-token');
    return slack !== undefined && (await desk.slackPeople.members(source.id)).includes(slack.user);
  }
  return false;
}

function missing(input: string): Fault {
  return new Fault(
    'input',
    `this job has no \`${input}\`.`,
    'Give it one, or let somebody decide whom the policy lists.',
  );
}

/** An outage may be over at the next try; whatever else keeps a group from being read is told to whoever decides. */
async function explained(desk: Desk, policy: Policy, group: string, person: string): Promise<boolean> {
  try {
    return await lookUp(desk, policy, group, person);
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'rate-limited') throw error;
    const message = `Whether ${nameOf(policy, person)} is still in the group ${group} could not be looked up: ${error.message}`;
    throw new Fault('refused', message, error.remedy, { cause: error });
  }
}

/** Awaited later, if at all: a failure must not count as unhandled meanwhile. */
function isIn(desk: Desk, policy: Policy, group: string, person: string | null): Promise<boolean> {
  const work = person === null ? Promise.resolve(false) : explained(desk, policy, group, person);
  work.catch(() => undefined);
  return work;
}

/** Why a Slack account decides nothing; also where nobody could say. */
function barred(desk: Desk, account: { team: string; user: string }): Promise<string | null> {
  const answer = lookUpAccount(desk, account);
  answer.catch(() => undefined);
  return answer;
}

async function lookUpAccount({ slackPeople }: Desk, account: { team: string; user: string }): Promise<string | null> {
  if (slackPeople === null) return 'this job has no Slack token to look your account up with';
  try {
    return await slackPeople.barred(account);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `your Slack account could not be looked up: ${error.message} ${error.remedy}`;
  }
}
