/** What can be wrong before, while and after somebody is asked, each as a person would get it wrong. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FaultRule } from '../../src/sandbox/github/faults.ts';
import type { SlackFault } from '../../src/sandbox/slack/faults.ts';
import { OWNER, PEOPLE, REPOSITORY, type Town, type TownOptions } from '../../src/sandbox/town.ts';
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
const withNew = (name: string, value: string) =>
  inWorkflow(`          runbook: \${{`, `          ${name}: ${JSON.stringify(value)}\n          runbook: \${{`);
const inputs = (change: Record<string, string>) => () => ({ inputs: { ...HELLO, ...change } });
const as = (actor: { id: number; login: string }) => () => ({ actor });
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
const ANSWERS: [name: string, rule: Pick<FaultRule, 'status' | 'body' | 'headers' | 'drop'>][] = [
  ['401', { status: 401, body: message('Bad credentials') }],
  [
    '403',
    {
      status: 403,
      body: message('Resource not accessible by integration'),
      headers: { 'x-accepted-github-permissions': 'issues=write' },
    },
  ],
  ['404', { status: 404, body: message('Not Found') }],
  ['422', { status: 422, body: message('Validation Failed: body is too long (maximum is 65536 characters)') }],
  ['429', { status: 429, body: message('You have exceeded a secondary rate limit.'), headers: { 'retry-after': '1' } }],
  ['500', { status: 500, body: message('Server Error') }],
  ['no answer', { drop: 'before' }],
];

const SECRETS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
/** Another set of Slack tokens in the environment debug-approval. */
const tokens = (change: (sound: Record<string, string>) => Record<string, string>): TownOptions => ({
  environments: (sound) =>
    sound.map((one) => (one.name === 'debug-approval' ? { ...one, secrets: change(one.secrets) } : one)),
});
const without = (name: string) =>
  tokens((sound) => Object.fromEntries(Object.entries(sound).filter(([key]) => key !== name)));
const branches = (name: string): TownOptions => ({
  environments: (sound) => sound.map((one) => (one.name === name ? { ...one, branches: { kind: 'all' } } : one)),
});
const branch = async (checkout: string) =>
  void (await promisify(execFile)('git', ['branch', '--force', 'feature'], { cwd: checkout }));

const INPUTS: Case[] = [
  {
    name: 'no runbook, target and reason',
    edit: all(withInput('runbook', ''), withInput('target', ''), withInput('reason', '')),
  },
  { name: 'an unknown runbook', edit: withInput('runbook', 'restart') },
  { name: 'an unknown target', edit: withInput('target', 'moon') },
  {
    name: 'a target that the runbook does not allow',
    run: inputs({ runbook: 'find-order', target: 'staging', inputs: '{"order":"AB-1234"}' }),
  },
  { name: 'inputs that are no JSON', run: inputs({ inputs: 'service: api' }) },
  {
    name: 'a missing, an unknown and a wrong input',
    run: inputs({ runbook: 'service-status', inputs: '{"lines":0,"colour":"red"}' }),
  },
  {
    name: 'an input that does not fit its pattern',
    run: inputs({ runbook: 'find-order', inputs: '{"order":"1; drop table"}' }),
  },
  { name: 'a reason that is too short and a ticket of another form', run: inputs({ reason: 'slow', ticket: 'none' }) },
  { name: 'a reason that is too long', run: inputs({ reason: 'x'.repeat(2_001) }) },
  {
    name: 'inputs that are too long',
    run: inputs({ runbook: 'service-status', inputs: JSON.stringify({ service: 'x'.repeat(10_001) }) }),
  },
  { name: 'a duration that is none', run: inputs({ duration: '10' }) },
  { name: 'a duration that is too long', run: inputs({ duration: '2h' }) },
  {
    name: 'an urgency and a way to wait that do not exist',
    edit: all(withInput('urgency', 'panic'), withNew('timeout', 'soon')),
  },
];

const POLICIES: Case[] = [
  { name: 'no policy', edit: (checkout) => rm(join(checkout, POLICY)) },
  { name: 'another path of the policy', edit: withNew('policy', 'policy.yml') },
  {
    name: 'a policy that is no YAML',
    edit: (checkout) => writeFile(join(checkout, POLICY), 'version: 1\npeople: [\n'),
  },
  {
    name: 'a policy with many mistakes',
    edit: all(
      inPolicy('version: 1', 'version: 2\ncolour: red'),
      inPolicy('members: [ bo, cy ]', 'members: [ bo, nobody ]'),
      inPolicy('window: 5m', 'window: soon'),
      inPolicy('of: security', 'of: nobody'),
    ),
  },
  {
    name: 'a target in the environment debug-approval',
    edit: inPolicy('production: { environment: production', 'production: { environment: debug-approval'),
  },
  { name: 'Slack tokens and no channel', edit: inPolicy('slack: { channel: C123 }', '') },
  {
    name: 'a workflow that may not sign',
    edit: inPolicy('.github/workflows/debug.yml', '.github/workflows/other.yml'),
  },
  {
    name: 'nobody who could approve',
    edit: inPolicy('require: { count: 1, of: sre }', 'require: { count: 2, of: sre }'),
    run: as(PEOPLE.bo),
  },
  { name: 'somebody whom the policy does not know', run: as(PEOPLE.ed) },
  { name: 'somebody who may not request', run: as(PEOPLE.di) },
  { name: 'a bot', run: as({ id: 41_898_282, login: 'github-actions[bot]' }) },
];

const REPOSITORIES: Case[] = [
  {
    name: 'no environment of the target',
    town: { environments: (sound) => sound.filter(({ name }) => name !== 'production') },
  },
  { name: "the target's environment admits every branch", town: branches('production') },
  { name: "the ask job's environment admits every branch", town: branches('debug-approval') },
  { name: 'a plan without environment protection', town: { plan: 'free' } },
  { name: 'an admin bypass that the policy forbids', edit: inPolicy('admin-bypass: show', 'admin-bypass: forbid') },
  { name: 'a public repository', town: { public: true } },
  {
    name: 'another branch, which the environment keeps out',
    edit: branch,
    run: () => ({ branch: 'feature' }),
    gate: true,
  },
  {
    name: 'another branch, which the environment lets in',
    town: branches('debug-approval'),
    edit: branch,
    run: () => ({ branch: 'feature' }),
  },
  {
    name: 'another event',
    edit: all(
      inWorkflow('  workflow_dispatch:', "  schedule:\n    - cron: '0 3 * * *'\n  workflow_dispatch:"),
      ...(['runbook', 'target', 'reason'] as const).map((name) => withInput(name, HELLO[name])),
    ),
    run: () => ({ event: 'schedule' }),
  },
  { name: 'no environment of the ask job', edit: inWorkflow('    environment: debug-approval\n', '') },
  {
    name: "the target's environment for the ask job",
    edit: inWorkflow('environment: debug-approval', 'environment: production'),
  },
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
    name: 'a GITHUB_API_URL of another scheme',
    run: ({ github }) => ({ host: { ...github, apiUrl: 'ftp://api.example.com' } }),
  },
  {
    name: 'a SLACK_API_URL that is not Slack',
    run: () => ({ env: { SLACK_API_URL: 'https://slack.example.com/api/' } }),
  },
];

const SLACK: Case[] = [
  { name: 'a missing Slack scope', town: { bot: { scopes: ['users:read'] } }, stands: true },
  { name: 'the bot is not in the channel', town: { bot: { inChannel: false } }, stands: true },
  {
    name: 'the bot is not in a public channel',
    faults: slack({ method: 'chat.postMessage', error: 'not_in_channel' }),
    stands: true,
  },
  { name: 'a channel that does not exist', edit: inPolicy('channel: C123', 'channel: C999'), stands: true },
  {
    name: 'a wrong Slack bot token',
    town: tokens((sound) => ({ ...sound, SLACK_BOT_TOKEN: 'xoxb-wrong' })),
    stands: true,
  },
  { name: 'a wrong Slack app token', town: tokens((sound) => ({ ...sound, SLACK_APP_TOKEN: 'xapp-wrong' })) },
  {
    name: 'Slack tokens that are swapped',
    town: tokens((sound) => ({
      SLACK_BOT_TOKEN: sound['SLACK_APP_TOKEN'] ?? '',
      SLACK_APP_TOKEN: sound['SLACK_BOT_TOKEN'] ?? '',
    })),
  },
  ...SECRETS.map((name): Case => ({ name: `no ${name}`, town: without(name) })),
  { name: 'Slack down at the card', faults: slack({ method: 'chat.postMessage', status: 503 }), stands: true },
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

const GITHUB: Case[] = ANSWERS.flatMap(([name, rule]): Case[] => [
  { name: `GitHub's ${name} to the issue`, faults: creating(rule) },
  { name: `GitHub's ${name} to the opening record`, faults: recording(rule), stands: true },
]);

const OUTAGES = ['429', '500', 'no answer'];

/** Cases of a GitHub that fails while people are asked; what only lasts is waited out until somebody denies. */
export const WHILE_WAITING: Case[] = ANSWERS.filter(([name]) => name !== '422').map(([name, rule]) => ({
  name: `GitHub's ${name} while waiting`,
  stands: true,
  ...(OUTAGES.includes(name) ? { outage: true } : {}),
  whileWaiting(town, issue) {
    const path = new RegExp(`^${REPO}/issues/${issue}/comments$`);
    return town.github.fault({ method: 'GET', path, times: LASTS, ...rule });
  },
}));

export const CASES: Case[] = [...INPUTS, ...POLICIES, ...REPOSITORIES, ...SLACK, ...GITHUB];
