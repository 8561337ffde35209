/** What somebody wishes of `init`: its flags, parsed at once, with every mistake in them. */
import * as v from 'valibot';
import { DURATION, durationSeconds } from '../../policy/duration.ts';
import { Target } from '../../policy/schema.ts';
import { INVISIBLE, Key } from '../../policy/schema-parts.ts';

/** The flags as they were typed; what is absent was not given. */
export interface Flags {
  person?: string[];
  approver?: string[];
  requester?: string[];
  target?: string[];
  /** false: `--no-slack`. */
  slack?: boolean;
  slackChannel?: string;
  expiry?: string;
  window?: string;
  adminBypass?: string;
  public?: boolean;
  action?: string;
  repository?: string;
  branch?: string;
  issuer?: string;
}

/** Where to find somebody in Slack: by words that are looked up, or by both ids. */
export type SlackName = { kind: 'words'; words: string } | { kind: 'ids'; team: string; user: string };

export interface Wishes {
  people: { login: string; slack: SlackName | null }[];
  /** Logins; empty: everybody. */
  approvers: string[];
  requesters: string[];
  /** Environments by the target's key. */
  targets: Record<string, string>;
  /** `none`: without Slack; null: not said. */
  channel: { kind: 'id'; id: string } | { kind: 'name'; name: string } | { kind: 'none' } | null;
  expiry: string;
  window: string;
  /** null: not said. */
  adminBypass: 'forbid' | 'show' | null;
  public: boolean;
  action: { name: string; sha: string } | null;
  repository: string | null;
  branch: string | null;
  issuer: string | null;
}

/** What is written where nobody says otherwise. */
export const DEFAULTS = { target: 'production', expiry: '2h', window: '30m', adminBypass: 'forbid' } as const;

/** A GitHub-hosted job ends after six hours; a self-hosted one after five days. In seconds, with room for the rest of it. */
const LONGEST_EXPIRY = 5 * 86_400 - 600;
const LONGEST_WINDOW = 5 * 86_400 - 1_800;

const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const NAME = /^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/;
const SHA = /^[0-9a-f]{40}$/;

/** Reads the flags. `mistakes` are whole sentences, each with the flag that it is about. */
export function readWishes(flags: Flags): { wishes: Wishes; mistakes: string[] } {
  const mistakes: string[] = [];
  const wrong = (flag: string, value: string, why: string): null => {
    mistakes.push(`${flag} ${JSON.stringify(value)}: ${why}.`);
    return null;
  };
  const fitting = (flag: string, value: string | undefined, pattern: RegExp, why: string): string | null =>
    value === undefined ? null : pattern.test(value) ? value : wrong(flag, value, why);
  const logins = (flag: string, given: string[] = []): string[] =>
    given.flatMap((one) => fitting(flag, one.replace(/^@/, ''), LOGIN, 'must be a GitHub login') ?? []);

  const people = (flags.person ?? []).flatMap((one) => readPerson(one, wrong) ?? []);
  for (const login of repeated(people.map((one) => one.login))) wrong('--person', login, 'is given twice');
  const known = new Set(people.map(({ login }) => login.toLowerCase()));
  const members = (flag: string, given: string[] | undefined): string[] => {
    const all = logins(flag, given);
    for (const one of all) if (!known.has(one.toLowerCase())) wrong(flag, one, `is nobody yet; add --person ${one}`);
    return all;
  };
  const wishes: Wishes = {
    people,
    approvers: members('--approver', flags.approver),
    requesters: members('--requester', flags.requester),
    targets: readTargets(flags.target, wrong),
    channel: readChannel(flags, wrong),
    expiry: readDuration('--expiry', flags.expiry, DEFAULTS.expiry, LONGEST_EXPIRY, wrong),
    window: readDuration('--window', flags.window, DEFAULTS.window, LONGEST_WINDOW, wrong),
    adminBypass: readBypass(flags.adminBypass, wrong),
    public: flags.public === true,
    action: readAction(flags.action, wrong),
    repository: fitting('--repository', flags.repository?.replace(/\.git$/, ''), NAME, 'must be owner/name'),
    branch: flags.branch === undefined ? null : readBranch(flags.branch, wrong),
    issuer: flags.issuer ?? null,
  };
  return { wishes, mistakes };
}

type Wrong = (flag: string, value: string, why: string) => null;

function readPerson(text: string, wrong: Wrong): Wishes['people'][number] | null {
  const [, login = '', , slack] = /^@?([^:]*)(:(.*))?$/s.exec(text) ?? [];
  if (!LOGIN.test(login))
    return wrong('--person', text, 'must be a GitHub login, with :SLACK_HANDLE after it for Slack');
  if (slack === undefined) return { login, slack: null };
  const words = slack.replace(/^@/, '').trim();
  if (words === '' || INVISIBLE.test(words)) return wrong('--person', text, 'names nobody in Slack after the colon');
  const [, team, user] = /^([TE][A-Z0-9]+)\/([UW][A-Z0-9]+)$/.exec(words) ?? [];
  if (team !== undefined && user !== undefined) return { login, slack: { kind: 'ids', team, user } };
  return { login, slack: { kind: 'words', words } };
}

function readTargets(given: string[] = [], wrong: Wrong): Record<string, string> {
  const pairs = given.flatMap((text): [string, string][] => {
    const at = text.indexOf('=');
    const [key, environment] = at < 0 ? [text, text] : [text.slice(0, at), text.slice(at + 1)];
    const target = v.safeParse(Target, { environment, tier: key });
    if (!v.is(Key, key) || !target.success) {
      const why = target.success
        ? 'a target is a name of lower-case letters, digits and "-"'
        : target.issues[0].message;
      wrong('--target', text, why);
      return [];
    }
    return [[key, environment]];
  });
  for (const key of repeated(pairs.map(([one]) => one))) wrong('--target', key, 'is given twice');
  return Object.fromEntries(pairs.length > 0 || given.length > 0 ? pairs : [[DEFAULTS.target, DEFAULTS.target]]);
}

function readChannel({ slack, slackChannel }: Flags, wrong: Wrong): Wishes['channel'] {
  if (slackChannel === undefined) return slack === false ? { kind: 'none' } : null;
  if (slack === false) return wrong('--slack-channel', slackChannel, 'contradicts --no-slack; give one of them');
  if (/^[CG][A-Z0-9]{2,}$/.test(slackChannel)) return { kind: 'id', id: slackChannel };
  const name = slackChannel.replace(/^#/, '');
  if (/^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,79}$/u.test(name)) return { kind: 'name', name };
  return wrong('--slack-channel', slackChannel, "must be a channel's id such as C012AB3CD, or its name");
}

function readDuration(flag: string, given: string | undefined, usual: string, most: number, wrong: Wrong): string {
  if (given === undefined) return usual;
  const seconds = DURATION.test(given) ? durationSeconds(given) : null;
  if (seconds === null) wrong(flag, given, 'must be a duration such as 30m, 2h or 1h30m');
  else if (seconds > most) wrong(flag, given, 'is longer than the five days that any job of GitHub may take');
  else return given;
  return usual;
}

function readBypass(given: string | undefined, wrong: Wrong): Wishes['adminBypass'] {
  if (given === undefined || given === 'forbid' || given === 'show') return given ?? null;
  return wrong('--admin-bypass', given, 'must be forbid or show');
}

function readAction(given: string | undefined, wrong: Wrong): Wishes['action'] {
  if (given === undefined) return null;
  const [said = '', sha = '', ...rest] = given.split('@');
  const name = said.replace(/\.git$/, '');
  if (NAME.test(name) && SHA.test(sha) && rest.length === 0) return { name, sha };
  return wrong('--action', given, 'must be OWNER/NAME@SHA with the full commit SHA of 40 hexadecimal digits');
}

function readBranch(given: string, wrong: Wrong): string | null {
  const sound = /^[^\s~^:?*[\\]{1,200}$/.test(given) && !INVISIBLE.test(given);
  return sound ? given : wrong('--branch', given, 'is no name of a branch');
}

/** What is there more than once, whatever its letter case. */
function repeated(names: readonly string[]): string[] {
  const small = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => small.indexOf(small[index] ?? '') !== index);
}
