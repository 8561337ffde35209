/** The groups that come from a directory: that each is there, and who of it the policy knows. */
import { directoryGroups, sourceText } from '../../policy/group-source.ts';
import { findByGithub, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { policyAsOf } from '../../policy/snapshot.ts';
import { Fault } from '../fault.ts';
import type { Teams } from '../ports.ts';
import { type Filled, filled } from './filled.ts';
import type { Finding } from './finding.ts';
import { counted, judgeOf } from './judge.ts';
import { examineLinks } from './links.ts';
import type { SlackAnswer, SlackInspector, UserGroupFacts } from './slack-inspector.ts';
import { addScopes, named } from './slack-words.ts';

const { ok, wrong, note, unknown } = judgeOf('People');

/** Where the groups are looked up. */
export interface Directories {
  /** null: no token for it was given. */
  teams: Teams | null;
  /** Whether that token is the one that the jobs have, so that what it cannot see they cannot see either. */
  jobsToken: boolean;
  slack: SlackInspector | null;
}

export interface ExaminedGroups {
  findings: Finding[];
  filled: Filled;
}

/** Looks every such group up. Never throws for GitHub's or Slack's sake. */
export async function examineGroups(directories: Directories, policy: Policy): Promise<ExaminedGroups> {
  const keys = directoryGroups(policy, Object.keys(policy.groups));
  const { links, findings } = await examineLinks(directories.slack, policy);
  // By these accounts members of Slack's groups are found.
  const linked = policyAsOf(policy, { members: {}, links });
  const looked = await Promise.all(keys.map((key) => lookUp(directories, linked, key)));
  const members = Object.fromEntries(
    looked.flatMap(({ key, persons }): [string, string[]][] => (persons === null ? [] : [[key, persons]])),
  );
  return {
    findings: [...looked.map(({ finding }) => finding), ...findings],
    filled: filled(policy, { members, links }),
  };
}

interface Looked {
  key: string;
  /** null: they could not be looked up. */
  persons: string[] | null;
  finding: Finding;
}

async function lookUp(directories: Directories, policy: Policy, key: string): Promise<Looked> {
  const source = policy.groups[key]?.source;
  if (source?.kind === 'github-team') return team(directories, policy, { key, name: source.team });
  return userGroup(directories.slack, policy, { key, id: source?.kind === 'slack-group' ? source.id : '' });
}

async function team(
  { teams, jobsToken }: Directories,
  policy: Policy,
  { key, name }: { key: string; name: string },
): Promise<Looked> {
  const id = `group.${key}`;
  if (teams === null) {
    const what = `Who is in ${labelOf(policy, key)} was not looked at: no token that may read teams was given here.`;
    const remedy =
      'Give the doctor action `directory-token`, or run `debug-approval doctor` in a shell with a GITHUB_TOKEN that has read:org.';
    return { key, persons: null, finding: unknown(id, what, remedy) };
  }
  try {
    const members = await teams.members(name);
    const found = members.map((account) => ({ account, person: findByGithub(policy, account.id) }));
    const strangers = found.flatMap(({ account, person }) =>
      person === null ? [`${account.login} (id ${account.id})`] : [],
    );
    return seated(policy, key, { persons: found.map(({ person }) => person), strangers, handle: null });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // GitHub says "not found" of a team that a token may not see, too: only the jobs' own token tells for certain.
    const certain = jobsToken && ['input', 'not-found', 'permission'].includes(error.code);
    return { key, persons: null, finding: (certain ? wrong : unknown)(id, error.message, error.remedy) };
  }
}

async function userGroup(
  slack: SlackInspector | null,
  policy: Policy,
  { key, id: group }: { key: string; id: string },
): Promise<Looked> {
  const id = `group.${key}`;
  const of = labelOf(policy, key);
  if (slack === null || slack.tokens.bot !== 'bot') {
    const what = `Who is in ${of} was not looked at: no Slack bot token was given here.`;
    return {
      key,
      persons: null,
      finding: unknown(id, what, 'Set SLACK_BOT_TOKEN too, or run the workflow "Debug doctor".'),
    };
  }
  const answer: SlackAnswer<UserGroupFacts | null> = await slack.userGroup(group);
  if (!answer.ok) {
    const { what, remedy, kind } = answer.failure;
    if (kind !== 'scope') return { key, persons: null, finding: unknown(id, what, remedy) };
    // That it lacks the scope is a finding of its own.
    return { key, persons: null, finding: unknown(id, what, addScopes(['usergroups:read'])) };
  }
  const found = answer.value;
  if (found === null) {
    const what = `There is no Slack user group ${group} in the bot's workspace (group ${key}), so nobody of it can ask or decide.`;
    const remedy = `Take the id (S…) from the group's page in Slack ("More", "Copy group ID") into \`groups.${key}.slack-group\`.`;
    return { key, persons: [], finding: wrong(id, what, remedy) };
  }
  if (found.disabled) {
    const what = `The Slack user group @${found.handle} (${group}, group ${key}) is disabled, so nobody of it can ask or decide.`;
    return {
      key,
      persons: [],
      finding: wrong(id, what, 'Enable it again in Slack, or name another group in the policy.'),
    };
  }
  const persons = found.users.map((user) => memberOf(policy, user));
  const strangers = found.users.filter((_, at) => persons[at] === null);
  return seated(policy, key, { persons, strangers, handle: found.handle });
}

/** As a request finds it: by the member's id alone, and nobody where two people have it. */
function memberOf(policy: Policy, user: string): string | null {
  const persons = Object.entries(policy.people).filter(([, { slack }]) => slack?.user === user);
  return persons.length === 1 ? (persons[0]?.[0] ?? null) : null;
}

function seated(
  policy: Policy,
  key: string,
  { persons, strangers, handle }: { persons: (string | null)[]; strangers: string[]; handle: string | null },
): Looked {
  const seats = Object.keys(policy.people).filter((person) => persons.includes(person));
  const of = labelOf(policy, key, handle);
  const has = `${of.charAt(0).toUpperCase()}${of.slice(1)} has ${counted(persons.length, 'member', 'members')}`;
  return { key, persons: seats, finding: membersFinding(`group.${key}`, has, namesOf(policy, seats), strangers) };
}

function membersFinding(id: string, has: string, names: string, strangers: readonly string[]): Finding {
  if (names === '' && strangers.length === 0) {
    const what = `${has}, so nobody can do what the policy lets this group do.`;
    return note(id, what, 'Put people into it, or take it out of the policy.');
  }
  if (strangers.length === 0) return ok(id, `${has}: ${names}.`);
  const among = names === '' ? 'none of them under `people` in the policy' : `${names} among them`;
  const what = `${has}, ${among}. Without a say, since the policy has no such people: ${named(strangers)}.`;
  return note(id, what, 'Add them with `debug-approval policy add-person` if they shall ask or decide.');
}

/** `the GitHub team acme/sre (group oncall)`, `the Slack user group @sre (S1, group oncall)` */
function labelOf(policy: Policy, key: string, handle: string | null = null): string {
  const source = policy.groups[key]?.source ?? { kind: 'listed' as const };
  if (source.kind === 'slack-group' && handle !== null)
    return `the Slack user group @${handle} (${source.id}, group ${key})`;
  return `${sourceText(source) ?? 'the group'} (group ${key})`;
}
