/** What is left to do once `init` has written its files, in order and with real values. */

import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { FIRST_RUNBOOK } from '../../policy/compose.ts';
import { expandMembers, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { judgeEnvironment } from '../environment.ts';
import { inShell } from './command-line.ts';
import type { Known } from './look-up.ts';
import { firstAsk, PLACES, type PlannedFile } from './plan.ts';

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
  /** Whether Slack was asked with the token of an app: there is one then. */
  slackAsked: boolean;
}

/** One step: a sentence or two, and the commands that do it. */
export interface NextStep {
  what: string;
  commands: string[];
}

/** The steps to the first approved request. */
export function nextSteps(input: NextInput): NextStep[] {
  const steps = [
    environments(input),
    ...slack(input),
    directory(input),
    webhook(input),
    commit(input),
    doctor(input),
    firstRequest(input),
    guidelines(input),
  ];
  return steps.filter((one) => one !== null);
}

function environments({ policy, known, repository, branch, serverUrl }: NextInput): NextStep | null {
  const names = [APPROVAL_ENVIRONMENT, ...new Set(Object.values(policy.targets).map(({ environment }) => environment))];
  const rule = { adminBypass: policy.adminBypass, defaultBranch: branch, public: known.repository?.public === true };
  const open = names.filter((name) => {
    const state = known.environments[name];
    return typeof state !== 'object' || judgeEnvironment(name, state, rule).problems.length > 0;
  });
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

function slack({ policy, repository, slackAsked }: NextInput): NextStep[] {
  if (policy.slack === undefined) return [];
  const secret = (name: string): string => `gh secret set ${name} --env ${APPROVAL_ENVIRONMENT} --repo ${repository}`;
  return [
    { what: appWords(policy.slack.channel, slackAsked), commands: [] },
    {
      what: `Store its bot token (xoxb-…) and its app-level token (xapp-…) as secrets of the environment ${APPROVAL_ENVIRONMENT}, and nowhere else.`,
      commands: [secret('SLACK_BOT_TOKEN'), secret('SLACK_APP_TOKEN')],
    },
  ];
}

/** Only a policy that is kept has such groups. */
function directory({ policy, repository }: NextInput): NextStep | null {
  const teams = Object.values(policy.groups).flatMap(({ source }) =>
    source.kind === 'github-team' ? [source.team] : [],
  );
  if (teams.length === 0) return null;
  return {
    what: `The policy takes groups from GitHub teams (${[...new Set(teams)].join(', ')}). Store a token that reads the organization's members, and nothing else, as a secret of the environment ${APPROVAL_ENVIRONMENT}.`,
    commands: [`gh secret set DIRECTORY_TOKEN --env ${APPROVAL_ENVIRONMENT} --repo ${repository}`],
  };
}

/** Only a policy that is kept has one. */
function webhook({ policy, repository }: NextInput): NextStep | null {
  if (policy.webhook === null) return null;
  return {
    what: `The policy has a webhook (${policy.webhook.url}). Make the secret that signs what it is sent, store it in the environment ${APPROVAL_ENVIRONMENT}, and give it to whoever receives (docs/MONITORING.md).`,
    commands: [
      'echo "whsec_$(openssl rand -base64 32)"',
      `gh secret set WEBHOOK_SECRET --env ${APPROVAL_ENVIRONMENT} --repo ${repository}`,
    ],
  };
}

function appWords(channel: string, asked: boolean): string {
  const appToken = 'an app-level token with the scope connections:write under "Basic Information"';
  const create = `at https://api.slack.com/apps: "Create New App", "From a manifest", with the text of ${PLACES.manifest}`;
  if (!asked) {
    return `Create the Slack app ${create}; one app for each repository. Install it, and make ${appToken}. In the channel ${channel} write: /invite @Debug Approval`;
  }
  return `The Slack app whose token was just used needs ${appToken}, and to be in the channel ${channel}: write there /invite @Debug Approval. If it is another repository's, create one for this ${create}.`;
}

function guidelines({ policy, posted }: NextInput): NextStep | null {
  if (policy.slack === undefined || posted) return null;
  return {
    what: 'At last tell the channel how to ask and how to decide, in words made from the policy (with SLACK_BOT_TOKEN set here):',
    commands: ['debug-approval policy guidelines --post'],
  };
}

function commit({ files, branch }: NextInput): NextStep {
  return {
    what: `Commit the files and bring them to ${branch}, where they are read from. Guard them there: a branch rule that wants a review, and in .github/CODEOWNERS a line such as: /.github/ @your-org/your-team`,
    commands: [
      `git add ${files.map(({ path }) => path).join(' ')}`,
      // On Windows, files have no executable bit of their own.
      ...files.filter(({ executable }) => executable).map(({ path }) => `git update-index --chmod=+x ${path}`),
      'git commit -m "Add Debug Approval"',
      `git push origin HEAD:${inShell(branch)}`,
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
  const { runbook, target } = firstAsk(policy);
  const askers = namesOf(policy, expandMembers(policy, policy.requesters));
  return {
    what: `Ask for the first time${runbook === FIRST_RUNBOOK.key ? ', harmlessly' : ''}: at ${serverUrl}/${repository}/actions/workflows/debug.yml press "Run workflow", with the runbook ${runbook}, the target ${target} and a reason. ${askers} may ask; somebody else approves.`,
    commands: [],
  };
}
