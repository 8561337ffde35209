/** What is left to do once `init` has written its files, in order and with real values. */
import { expandMembers, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { type EnvironmentState, type Known, OWN_ENVIRONMENT } from './look-up.ts';
import { PLACES, type PlannedFile } from './plan.ts';

export interface NextInput {
  policy: Policy;
  known: Known;
  files: readonly PlannedFile[];
  repository: string;
  branch: string;
  /** Such as https://github.com. */
  serverUrl: string;
  /** Whether the channel's guidelines are posted already. */
  posted: boolean;
}

/** One step: a sentence or two, and the commands that do it. */
export interface NextStep {
  what: string;
  commands: string[];
}

/** The steps to the first approved request. */
export function nextSteps(input: NextInput): NextStep[] {
  const steps = [environments(input), ...slack(input), commit(input), doctor(input), firstRequest(input)];
  return steps.filter((one) => one !== null);
}

function environments({ policy, known, repository, branch, serverUrl }: NextInput): NextStep | null {
  const names = [OWN_ENVIRONMENT, ...new Set(Object.values(policy.targets).map(({ environment }) => environment))];
  const open = names.filter((name) => !isClosed(known.environments[name], branch, policy.adminBypass));
  if (open.length === 0) return null;
  const there = (name: string): boolean => typeof known.environments[name] === 'object';
  const make = open.filter((name) => !there(name));
  const mend = open.filter(there);
  const parts = [
    ...(make.length > 0 ? [`create the ${make.length === 1 ? 'environment' : 'environments'} ${make.join(', ')}`] : []),
    ...(mend.length > 0 ? [`change ${mend.join(', ')}`] : []),
  ];
  const bypass =
    policy.adminBypass === 'forbid' ? ' Untick "Allow administrators to bypass configured protection rules".' : '';
  const what = `At ${serverUrl}/${repository}/settings/environments ${parts.join(' and ')}. In each: "Deployment branches and tags", "Selected branches and tags", and ${branch} as the only one.${bypass}`;
  return { what, commands: [] };
}

function isClosed(state: EnvironmentState | undefined, branch: string, bypass: Policy['adminBypass']): boolean {
  if (state === undefined || typeof state === 'string') return false;
  if (bypass === 'forbid' && state.adminBypass !== false) return false;
  if (state.branches.kind === 'protected') return state.branches.defaultBranchProtected;
  if (state.branches.kind === 'all') return false;
  const [only, ...more] = state.branches.patterns;
  return more.length === 0 && only?.type === 'branch' && only.name === branch;
}

function slack({ policy, repository, posted }: NextInput): NextStep[] {
  if (policy.slack === undefined) return [];
  const secret = (name: string): string => `gh secret set ${name} --env ${OWN_ENVIRONMENT} --repo ${repository}`;
  return [
    {
      what: `Create the Slack app at https://api.slack.com/apps: "Create New App", "From a manifest", with the text of ${PLACES.manifest}; one app for each repository. Install it, and make an app-level token with the scope connections:write under "Basic Information". In the channel ${policy.slack.channel} write: /invite @Debug Approval`,
      commands: [],
    },
    {
      what: `Store its bot token (xoxb-…) and its app-level token (xapp-…) as secrets of the environment ${OWN_ENVIRONMENT}, and nowhere else.`,
      commands: [secret('SLACK_BOT_TOKEN'), secret('SLACK_APP_TOKEN')],
    },
    ...(posted ? [] : [GUIDELINES]),
  ];
}

const GUIDELINES: NextStep = {
  what: 'Tell the channel how to ask and how to decide, in words made from the policy (with SLACK_BOT_TOKEN set here):',
  commands: ['debug-approval policy guidelines --post'],
};

function commit({ files, branch }: NextInput): NextStep {
  return {
    what: `Commit the files and bring them to ${branch}, where they are read from. Guard them there: a branch rule that wants a review, and in .github/CODEOWNERS a line such as: /.github/ @your-org/your-team`,
    commands: [
      `git add ${files.map(({ path }) => path).join(' ')}`,
      // On Windows, files have no executable bit of their own.
      ...files.filter(({ executable }) => executable).map(({ path }) => `git update-index --chmod=+x ${path}`),
      'git commit -m "Add Debug Approval"',
      `git push origin HEAD:${branch}`,
    ],
  };
}

function doctor({ repository }: NextInput): NextStep {
  return {
    what: 'Let it be checked from end to end; Slack too, where SLACK_BOT_TOKEN and SLACK_APP_TOKEN are set. What a job alone can try, the workflow "Debug doctor" tries.',
    commands: [`debug-approval doctor --repository ${repository}`],
  };
}

function firstRequest({ policy, repository, serverUrl }: NextInput): NextStep {
  const [target = ''] = Object.keys(policy.targets);
  const askers = namesOf(policy, expandMembers(policy, policy.requesters));
  return {
    what: `Ask for the first time, harmlessly: at ${serverUrl}/${repository}/actions/workflows/debug.yml press "Run workflow", with the runbook hello, the target ${target} and a reason. ${askers} may ask; somebody else approves.`,
    commands: [],
  };
}
