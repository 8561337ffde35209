/** What can be wrong before, while and after somebody is asked: one case of each way to an end, as a person would get it wrong. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultRule } from '../../src/sandbox/github/faults.ts';
import type { SlackFault } from '../../src/sandbox/slack/faults.ts';
import { OWNER, REPOSITORY, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { type Asked, DEBUG, HELLO, POLICY, replaceIn } from './stage.ts';

export interface Case {
  name: string;
  /** What the repository or Slack is made of; such a case has a town of its own. */
  town?: TownOptions;
  /** Changes the repository's files. */
  edit?: (checkout: string) => Promise<void>;
  run?: (town: Town) => Asked;
  /** Orders failures before the run starts; gives what takes them back. */
  faults?: (town: Town) => (() => void)[];
  /** Orders a failure once people were asked. */
  whileWaiting?: (town: Town, issue: number) => () => void;
  /** Whether an issue stands when it goes wrong. */
  stands?: true;
  /** GitHub itself keeps the job from starting. */
  gate?: true;
  /** What passes by itself is waited out; here until somebody denies. */
  outage?: true;
}

const inPolicy = (from: string, to: string) => (checkout: string) => replaceIn(checkout, POLICY, from, to);
const inWorkflow = (from: string, to: string) => (checkout: string) => replaceIn(checkout, DEBUG, from, to);

/** What somebody writes under `with:` of the ask step. */
const withInput = (name: string, value: string) =>
  inWorkflow(`          ${name}: \${{ inputs.${name} }}`, `          ${name}: ${JSON.stringify(value)}`);
const inputs = (change: Record<string, string>) => () => ({ inputs: { ...HELLO, ...change } });
const withoutPermission = (line: string) => inWorkflow(`      ${line}`, `      # ${line}`);
const all =
  (...edits: ((checkout: string) => Promise<void>)[]) =>
  async (checkout: string) => {
    for (const edit of edits) await edit(checkout);
  };

const REPO = `/repos/${OWNER}/${REPOSITORY}`;
const LASTS = 1_000;
const github = (rule: Omit<FaultRule, 'times'>) => (town: Town) => [town.github.fault({ times: LASTS, ...rule })];
const slack = (fault: SlackFault) => (town: Town) => [town.slack.fault({ times: LASTS, ...fault })];
const creating = (rule: Omit<FaultRule, 'times' | 'method' | 'path'>) =>
  github({ method: 'POST', path: new RegExp(`^${REPO}/issues$`), ...rule });
const recording = (rule: Omit<FaultRule, 'times' | 'method' | 'path'>) =>
  github({ method: 'POST', path: new RegExp(`^${REPO}/issues/\\d+/comments$`), ...rule });

const message = (text: string) => ({ message: text, documentation_url: 'https://docs.github.com/rest' });
const ANSWERS = {
  '401': { status: 401, body: message('Bad credentials') },
  '403': {
    status: 403,
    body: message('Resource not accessible by integration'),
    headers: { 'x-accepted-github-permissions': 'issues=write' },
  },
  '500': { status: 500, body: message('Server Error') },
} satisfies Record<string, Pick<FaultRule, 'status' | 'body' | 'headers'>>;

const branch = async (checkout: string) =>
  void (await promisify(execFile)('git', ['branch', '--force', 'feature'], { cwd: checkout }));

/** The rules of inputs and policy are held in memory (test/entry/ask-inputs, test/app/bad-input); here one of each way that they are told. */
const INPUTS: Case[] = [
  {
    name: 'no runbook, target and reason',
    edit: all(withInput('runbook', ''), withInput('target', ''), withInput('reason', '')),
  },
  {
    name: 'a missing, an unknown and a wrong input',
    run: inputs({ runbook: 'service-status', inputs: '{"lines":0,"colour":"red"}' }),
  },
];

const POLICIES: Case[] = [
  { name: 'no policy', edit: (checkout) => rm(join(checkout, POLICY)) },
  {
    name: 'a policy with many mistakes',
    edit: all(
      inPolicy('version: 1', 'version: 2\ncolour: red'),
      inPolicy('members: [ bo, cy ]', 'members: [ bo, nobody ]'),
      inPolicy('window: 5m', 'window: soon'),
      inPolicy('of: security', 'of: nobody'),
    ),
  },
];

const REPOSITORIES: Case[] = [
  {
    name: 'no environment of the target',
    town: { environments: (sound) => sound.filter(({ name }) => name !== 'production') },
  },
  { name: 'a plan without environment protection', town: { plan: 'free' } },
  {
    name: 'another branch, which the environment keeps out',
    edit: branch,
    run: () => ({ branch: 'feature' }),
    gate: true,
  },
  { name: 'no environment of the ask job', edit: inWorkflow('    environment: debug-approval\n', '') },
  { name: 'no permission contents: read', edit: withoutPermission('contents: read # the policy and this action') },
  { name: 'no permission issues: write', edit: withoutPermission("issues: write # the request's issue") },
  {
    name: 'permission issues: read alone',
    edit: inWorkflow("issues: write # the request's issue", "issues: read # the request's issue"),
  },
  { name: 'no permission actions: read', edit: withoutPermission('actions: read # who') },
  { name: 'no permission id-token: write', edit: withoutPermission('id-token: write # signs each record') },
  {
    name: 'a GITHUB_API_URL that is not private',
    run: ({ github }) => ({ host: { ...github, apiUrl: 'http://api.example.com' } }),
  },
  {
    name: 'a SLACK_API_URL that is not Slack',
    run: () => ({ env: { SLACK_API_URL: 'https://slack.example.com/api/' } }),
  },
];

const SLACK: Case[] = [
  { name: 'a missing Slack scope', town: { bot: { scopes: ['users:read'] } }, stands: true },
  {
    name: 'a Slack that cuts the connection at the card',
    faults: slack({ method: 'chat.postMessage', drop: 'before' }),
    stands: true,
  },
  {
    name: 'Slack down while listening, which the issue makes up for',
    faults: slack({ method: 'apps.connections.open', status: 503 }),
    stands: true,
    outage: true,
  },
  {
    name: 'Socket Mode that is switched off',
    faults: slack({ method: 'apps.connections.open', error: 'link_disabled' }),
  },
];

const GITHUB: Case[] = [
  { name: "GitHub's 401 to the issue", faults: creating(ANSWERS['401']) },
  { name: "GitHub's 500 to the issue", faults: creating(ANSWERS['500']) },
  { name: "GitHub's 403 to the opening record", faults: recording(ANSWERS['403']), stands: true },
];

const whileWaiting = (name: keyof typeof ANSWERS): Pick<Case, 'name' | 'stands' | 'whileWaiting'> => ({
  name: `GitHub's ${name} while waiting`,
  stands: true,
  whileWaiting(town, issue) {
    const path = new RegExp(`^${REPO}/issues/${issue}/comments$`);
    return town.github.fault({ method: 'GET', path, times: LASTS, ...ANSWERS[name] });
  },
});

/** Cases of a GitHub that fails while people are asked; what only lasts is waited out until somebody denies. */
export const WHILE_WAITING: Case[] = [whileWaiting('401'), { ...whileWaiting('500'), outage: true }];

export const CASES: Case[] = [...INPUTS, ...POLICIES, ...REPOSITORIES, ...SLACK, ...GITHUB];
