/** Ask jobs of the sandbox: the built bundle as a process with what a runner would give it, one workflow run each. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { decodeButton } from '../../src/request/button.ts';
import { CHANNEL, OWNER, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { parseAction } from '../../src/sandbox/workflow/parse.ts';
import { APPROVE_ACTION, APPROVE_DIALOG_ACTION } from '../../src/slack/press.ts';
import { pause, until } from './row.ts';

export interface Ended {
  code: number | null;
  /** By `performance.now()`. */
  at: number;
}

export interface AskProcess {
  runId: number;
  /** When the process was started, by `performance.now()`. */
  startedAt: number;
  /** Resolves once the card has its buttons. Throws when the process ends before, with its last words. */
  asked(): Promise<AskedCard>;
  ended: Promise<Ended>;
  /** How it ended; null while it goes on. */
  over(): Ended | null;
  /** What it said, for messages about failures. */
  words: string[];
  /** Ends it as a lost runner does: nothing is told to anybody. */
  kill(): Promise<Ended>;
}

export interface AskedCard {
  issue: number;
  ts: string;
}

const WORKFLOW = '.github/workflows/debug.yml';
const REF = 'refs/heads/main';

/** Starts one ask job. `preload` is a module that the process loads first; `directory`: it may read the teams. */
export function startAsk(town: Town, options: { preload?: string; directory?: true } = {}): AskProcess {
  const { github } = town;
  const sha = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: town.checkout, encoding: 'utf8' }).trim();
  const { ana } = PEOPLE;
  const actor = { id: ana.id, login: ana.login };
  const event = 'workflow_dispatch';
  const run = github.startRun({ workflowPath: WORKFLOW, event, ref: REF, sha, actor, triggeringActor: actor });
  github.updateRun(run.id, { status: 'in_progress', conclusion: null });
  const permissions = { contents: 'read', issues: 'write', actions: 'read', 'id-token': 'write' } as const;
  const job = github.startJob({ runId: run.id, attempt: 1, key: 'ask', environment: 'debug-approval', permissions });
  if (job.kind === 'refused') throw new Error(job.reason);
  if (job.oidc === null) throw new Error('The sandbox gave the ask job no OIDC right.');
  const folder = join(town.tempDir, String(run.id));
  mkdirSync(folder, { recursive: true });
  const env = {
    ...town.env,
    ...inputsOf(town, {
      'github-token': job.token,
      ...slackTokens(job.secrets),
      ...(options.directory === true ? { 'directory-token': town.directoryToken } : {}),
    }),
    ...runnerEnvironment(town, { sha, folder, run }),
    ACTIONS_ID_TOKEN_REQUEST_URL: job.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.oidc.requestToken,
  };
  const preload = options.preload === undefined ? [] : ['--import', options.preload];
  const startedAt = performance.now();
  const args = [...preload, join(town.checkout, 'action/dist/ask.js')];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return watch(town, child, run.id, startedAt);
}

function slackTokens(secrets: Record<string, string>): Record<string, string> {
  return {
    'slack-bot-token': secrets['SLACK_BOT_TOKEN'] ?? '',
    'slack-app-token': secrets['SLACK_APP_TOKEN'] ?? '',
  };
}

/** What the workflow passes, over action.yml's own defaults. */
function inputsOf(town: Town, tokens: Record<string, string>): Record<string, string> {
  const path = join(town.checkout, 'action.yml');
  const { inputs } = parseAction(readFileSync(path, 'utf8'), path);
  const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? ''] as const);
  const words = {
    runbook: 'hello',
    target: 'production',
    reason: 'Orders are slow; look at the service.',
    ticket: 'OPS-42',
  };
  const given = { ...Object.fromEntries(defaults), ...words, ...tokens };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

function runnerEnvironment(town: Town, of: { sha: string; folder: string; run: { id: number; number: number } }) {
  const { github } = town;
  const name = `${OWNER}/${REPOSITORY}`;
  const { ana } = PEOPLE;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: of.folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'ask',
    GITHUB_JOB: 'ask',
    GITHUB_WORKFLOW: 'Debug',
    GITHUB_WORKFLOW_REF: `${name}/${WORKFLOW}@${REF}`,
    GITHUB_WORKFLOW_SHA: of.sha,
    GITHUB_WORKSPACE: of.folder,
    GITHUB_ACTOR: ana.login,
    GITHUB_ACTOR_ID: String(ana.id),
    GITHUB_TRIGGERING_ACTOR: ana.login,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_SERVER_URL: github.serverUrl,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_REF: REF,
    GITHUB_SHA: of.sha,
    GITHUB_REPOSITORY: name,
    GITHUB_REPOSITORY_ID: String(github.repository.id),
    GITHUB_REPOSITORY_OWNER: OWNER,
    GITHUB_REPOSITORY_OWNER_ID: String(github.repository.ownerId),
    GITHUB_RUN_ID: String(of.run.id),
    GITHUB_RUN_NUMBER: String(of.run.number),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_OUTPUT: file(of.folder, 'output'),
    GITHUB_STEP_SUMMARY: file(of.folder, 'summary'),
    RUNNER_TEMP: of.folder,
    RUNNER_OS: 'Linux',
    RUNNER_ENVIRONMENT: 'github-hosted',
  };
}

function file(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  return path;
}

const running = new Set<AskProcess>();

/** Ends every ask job that still runs, then the town: a row that fails leaves nothing behind. */
export async function closeTown(town: Town): Promise<void> {
  await killAsks();
  // What the sandbox is just answering needs it for a moment more.
  await pause(1_000);
  await town.close();
}

/** Ends every ask job that still runs. */
export async function killAsks(): Promise<void> {
  await Promise.all([...running].map((ask) => ask.kill()));
}

function watch(town: Town, child: ChildProcess, runId: number, startedAt: number): AskProcess {
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => words.push(line));
  }
  let over: Ended | null = null;
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      over = { code, at: performance.now() };
      running.delete(ask);
      done(over);
    });
  });
  const look = cardFinder(town, runId);
  const asked = async (): Promise<AskedCard> => {
    const card = await until(`The card of run ${runId}`, 120, () => {
      if (over !== null) throw new Error(`The ask job of run ${runId} ended too early:\n${words.slice(-8).join('\n')}`);
      return look();
    });
    while (!(await hasButtons(town, card))) await pause(20);
    return card;
  };
  const ask: AskProcess = {
    ...{ runId, startedAt, words, ended, asked },
    over: () => over,
    kill: () => {
      if (over === null) child.kill('SIGKILL');
      return ended;
    },
  };
  running.add(ask);
  return ask;
}

/** The update that brings the buttons may have been asked for and not be done yet. */
async function hasButtons({ slack }: Town, { ts }: AskedCard): Promise<boolean> {
  const [card] = await slack.thread(CHANNEL, ts);
  const text = JSON.stringify(card?.blocks ?? []);
  return APPROVE.some((action) => text.includes(`"${action}"`));
}

/** The card's Approve, whether it opens a dialog or not. */
const APPROVE: readonly (string | undefined)[] = [APPROVE_ACTION, APPROVE_DIALOG_ACTION];

const Buttons = v.array(
  v.looseObject({
    elements: v.optional(
      v.array(v.looseObject({ action_id: v.optional(v.string()), value: v.optional(v.string()) })),
      [],
    ),
  }),
);

/** Looks through what Slack was asked, each call once, for the update that gives this run's card its buttons. */
function cardFinder({ slack }: Town, runId: number): () => AskedCard | null {
  let seen = 0;
  return () => {
    while (seen < slack.requests.length) {
      const request = slack.requests[seen++];
      if (request?.method !== 'chat.update') continue;
      const { blocks, channel, ts } = request.args;
      if (channel !== CHANNEL || typeof ts !== 'string') continue;
      const parsed = v.safeParse(Buttons, typeof blocks === 'string' ? JSON.parse(blocks) : blocks);
      if (!parsed.success) continue;
      const button = parsed.output.flatMap(({ elements }) => elements).find((one) => APPROVE.includes(one.action_id));
      const claim = decodeButton(button?.value ?? '');
      if (claim?.request.split('/')[1] === String(runId)) return { issue: claim.issue, ts };
    }
    return null;
  };
}
