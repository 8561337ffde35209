/** What `init` still has to know: each thing that neither the flags nor the repository say, with the flag that says it. */
import type { Wishes } from './wishes.ts';

/** What the folder tells by itself. */
export interface Found {
  /** `owner/name` of the remote `origin`. */
  repository: string | null;
  branch: string | null;
  /** Where this program's own files come from. */
  action: { name: string; sha: string; clean: boolean } | null;
}

export interface Surroundings {
  githubToken: boolean;
  slackToken: boolean;
  /** Whether the address of the GitHub API tells who signs the jobs' tokens. */
  issuerKnown: boolean;
  /** Whether a policy is there already, which says what its flags would. */
  policyThere: boolean;
  /** Whether the channel's guidelines are to be posted. */
  posts: boolean;
  /** Whether somebody agreed to what will be written, or nothing will be. */
  agreed: boolean;
}

export type MissingKey =
  | 'repository'
  | 'branch'
  | 'action'
  | 'people'
  | 'slack'
  | 'issuer'
  | 'admin-bypass'
  | 'github-token'
  | 'slack-token'
  | 'consent';

export interface Missing {
  key: MissingKey;
  /** The flag or the variable. */
  flag: string;
  /** What it says, as a sentence. */
  what: string;
}

/** Everything that is missing, in the order in which it is asked. `people` means fewer than two of them. */
export function missingOf(wishes: Wishes, found: Found, around: Surroundings): Missing[] {
  const all: [boolean, Missing][] = [
    [wishes.repository === null && found.repository === null, REPOSITORY],
    [wishes.branch === null && found.branch === null, BRANCH],
    [wishes.action === null && found.action === null, ACTION],
    [wishes.people.length < 2 && !around.policyThere, PEOPLE],
    [wishes.channel === null, SLACK],
    [wishes.issuer === null && !around.issuerKnown && !around.policyThere, ISSUER],
    [!around.githubToken, GITHUB_TOKEN],
    [!around.slackToken && asksSlack(wishes), SLACK_TOKEN],
    [!around.slackToken && !asksSlack(wishes) && around.posts, POSTING_TOKEN],
    [!around.agreed, CONSENT],
  ];
  return all.filter(([is]) => is).map(([, one]) => one);
}

/** Without what was said and is a mistake: that is told already. One person of two that are needed is not enough said. */
export function notMistaken(
  missing: readonly Missing[],
  mistakes: readonly string[],
  { person = [] }: { person?: readonly string[] },
): Missing[] {
  return missing.filter(({ key, flag }) => {
    const [name = ''] = flag.split(' ');
    const said = key !== 'people' || person.length >= 2;
    return !(said && mistakes.some((one) => one.startsWith(`${name} `)));
  });
}

/** Whether somebody or something is to be looked up in Slack. */
export function asksSlack({ people, channel }: Wishes): boolean {
  return channel?.kind === 'name' || people.some(({ slack }) => slack?.kind === 'words');
}

const REPOSITORY: Missing = {
  key: 'repository',
  flag: '--repository OWNER/NAME',
  what: 'Which repository on GitHub this is: there is no remote `origin` on the GitHub that is asked.',
};
const BRANCH: Missing = {
  key: 'branch',
  flag: '--branch NAME',
  what: "The repository's default branch: git knows neither origin/HEAD nor a current branch.",
};
const ACTION: Missing = {
  key: 'action',
  flag: '--action OWNER/NAME@SHA',
  what: 'Which version of Debug Approval the workflows shall use, with the full commit SHA: this copy of the program is no clone from the GitHub that is asked.',
};
const PEOPLE: Missing = {
  key: 'people',
  flag: '--person LOGIN[:SLACK_HANDLE]',
  what: 'Who asks and who approves: at least two people, each with --person, since nobody approves their own request.',
};
const SLACK: Missing = {
  key: 'slack',
  flag: '--slack-channel ID or --no-slack',
  what: 'In which Slack channel approvers are asked; --no-slack: on the issue alone.',
};
const ISSUER: Missing = {
  key: 'issuer',
  flag: '--issuer URL',
  what: "Who signs the jobs' OIDC tokens: the address of this GitHub's API does not tell.",
};
/** Shows only once GitHub was asked. */
export const ADMIN_BYPASS: Missing = {
  key: 'admin-bypass',
  flag: '--admin-bypass forbid or show',
  what: 'What counts where administrators can bypass an environment, as GitHub lets them here, as far as it shows. `forbid`: no request is made until "Allow administrators to bypass configured protection rules" is unticked in each environment, which a private repository can on GitHub Enterprise alone. `show`: each request tells its approvers, which is the one that works in private repositories on GitHub Pro and Team.',
};
const GITHUB_TOKEN: Missing = {
  key: 'github-token',
  flag: 'GITHUB_TOKEN (a variable)',
  what: 'A GitHub token that looks up people and the repository. With the GitHub CLI: export GITHUB_TOKEN="$(gh auth token)".',
};
const SLACK_TOKEN: Missing = {
  key: 'slack-token',
  flag: 'SLACK_BOT_TOKEN (a variable)',
  what: 'A Slack bot token (xoxb-…) with the scope users:read, to look up handles and channels by name. Without one: write ids, as --person ana-dev:T012AB3CD/U012AB3CD and --slack-channel C012AB3CD; or leave the handles out and add them later with policy add-person.',
};
const POSTING_TOKEN: Missing = {
  key: 'slack-token',
  flag: 'SLACK_BOT_TOKEN (a variable)',
  what: "The Slack app's bot token (xoxb-…), with which --post-guidelines writes to the channel.",
};
const CONSENT: Missing = {
  key: 'consent',
  flag: '--yes',
  what: 'That the files may be written: nobody can be asked here. --dry-run only shows them.',
};
