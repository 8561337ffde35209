/** The schema of who there is: people with their accounts, and groups of them. */
import * as v from 'valibot';
import { closed, keys } from './schema-parts.ts';

// A letter first and no doubled, leading or trailing sign: no list, no emphasis, no link and no mention can begin here.
const PERSON_NAME = /^\p{L}[\p{L}\p{M}\p{N}]*(?:\.?[ '_-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*\.?$/u;

export const Person = closed({
  name: v.pipe(
    v.string(),
    v.maxLength(60, 'must have at most 60 characters'),
    v.regex(
      PERSON_NAME,
      "must be a plain name: words of letters and digits, joined by one space, - ' or _, with a dot only after an initial",
    ),
    v.description('The name that people read.'),
  ),
  github: v.pipe(
    closed({
      id: v.pipe(
        v.number(),
        v.safeInteger('must be a whole number'),
        v.minValue(1, 'must be a GitHub account id'),
        v.description(
          'The account’s number (https://api.github.com/users/<login> shows it): it stays when the login changes.',
        ),
      ),
      login: v.pipe(
        v.string(),
        v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be a GitHub login without @; bots cannot be people'),
        v.description('The login, for people; the id decides.'),
      ),
    }),
    v.description('The GitHub account.'),
  ),
  slack: v.exactOptional(
    v.pipe(
      closed({
        team: v.pipe(
          v.string(),
          v.regex(/^[TE][A-Z0-9]+$/, 'must be a Slack workspace id such as T012AB3CD'),
          v.description('The workspace’s id.'),
        ),
        user: v.pipe(
          v.string(),
          v.regex(/^[UW][A-Z0-9]+$/, 'must be a Slack member id such as U012AB3CD'),
          v.description('The member’s id (profile, "Copy member ID").'),
        ),
      }),
      v.description('The Slack account. Left out: this person decides on GitHub only.'),
    ),
  ),
  email: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(254, 'must have at most 254 characters'),
      v.regex(/^[^\s@<>"',;:\\]+@[^\s@<>"',;:\\]+\.[^\s@<>"',;:\\]+$/, 'must be an e-mail address'),
      v.description('The address by which `link-by-email: true` finds the Slack account of somebody without `slack`.'),
    ),
  ),
});
export type Person = v.InferOutput<typeof Person>;

const Listed = closed({ members: keys('Who is in it: keys of people.') });
const GithubTeam = closed({
  'github-team': v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[a-z0-9][a-z0-9_-]{0,99}$/, 'must be organization/team-slug'),
    v.description(
      'Who is in this GitHub team, looked up with `directory-token` when somebody asks and when somebody decides.',
    ),
  ),
});
const SlackGroup = closed({
  'slack-group': v.pipe(
    v.string(),
    v.regex(/^S[A-Z0-9]+$/, 'must be the id of a Slack user group such as S012AB3CD'),
    v.description('Who is in this Slack user group, looked up when somebody asks and when somebody decides.'),
  ),
});

/** Where a group's members come from: the policy itself, or a directory that is asked at request time. */
export type GroupSource =
  | { kind: 'listed' }
  | { kind: 'github-team'; team: string }
  | { kind: 'slack-group'; id: string };

/** A group. Of one from a directory `members` is empty until a request's snapshot fills it in (src/policy/snapshot.ts). */
export interface Group {
  members: string[];
  source: GroupSource;
}

/** Any form; the message for what is none of them. */
const AnyGroupForm = v.union(
  [Listed, GithubTeam, SlackGroup],
  'must be { members: [...] }, { github-team: organization/team-slug } or { slack-group: S012AB3CD }',
);

const SOURCES = ['members', 'github-team', 'slack-group'] as const;

// Picks the form by its key, so that a mistake inside is reported where it stands.
function groupFor(input: unknown) {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return AnyGroupForm;
  const [source, ...more] = SOURCES.filter((key) => key in input);
  if (source === undefined || more.length > 0) return oneSource([source ?? [], ...more].flat());
  return { members: Listed, 'github-team': GithubTeam, 'slack-group': SlackGroup }[source];
}

function oneSource(found: readonly string[]) {
  const not = found.join(' and ') || 'none of them';
  return v.custom<never>(() => false, `must have exactly one of ${SOURCES.join(', ')}, not ${not}`);
}

export const Group: v.GenericSchema<unknown, Group> = v.pipe(
  v.lazy(groupFor),
  v.transform((group): Group => {
    if ('github-team' in group) return { members: [], source: { kind: 'github-team', team: group['github-team'] } };
    if ('slack-group' in group) return { members: [], source: { kind: 'slack-group', id: group['slack-group'] } };
    return { members: group.members, source: { kind: 'listed' } };
  }),
);
