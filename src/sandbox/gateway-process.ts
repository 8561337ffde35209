/** Runs the gateway for a town from its built bundle, in a process of its own, and leads GitHub's and Slack's requests there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Town } from './town.ts';

export interface GatewayProcess {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Ends it, and resolves once it is gone. */
  stop(): Promise<void>;
}

/** What one line of its log says, as far as it matters here. */
const Line = v.object({ level: v.string(), msg: v.string(), address: v.optional(v.string()) });

const PROGRAM = fileURLToPath(new URL('../../action/dist/cli.js', import.meta.url));
/** It is ready within a second; a slow machine is no reason to fail. */
const READY_MS = 30_000;
/** It ends within ten seconds when it is asked to. */
const END_MS = 15_000;

/** What whoever operates a gateway for this town knows, as environment variables. Throws where the town has no App. */
export function gatewayEnvironment({ github, slack, app, gatewayKey, ...town }: Town): Record<string, string> {
  if (app === null || gatewayKey === null) throw new Error('The town was opened without a gateway.');
  const { slackSigningSecret } = town;
  return {
    ...{ GITHUB_API_URL: github.url, SLACK_API_URL: slack.url, LISTEN_PORT: '0' },
    ...{
      GITHUB_APP_ID: String(app.id),
      GITHUB_APP_PRIVATE_KEY: app.privateKey,
      GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    },
    ...{ GATEWAY_KEY_NAME: gatewayKey.name, GATEWAY_PRIVATE_KEY: gatewayKey.privateKey },
    SLACK_BOT_TOKEN: town.slackToken,
    ...(slackSigningSecret === null
      ? { SLACK_APP_TOKEN: town.slackAppToken }
      : { SLACK_SIGNING_SECRET: slackSigningSecret }),
  };
}

/**
 * Starts it and waits until it is ready. `onEnded` is told why it ended, unless it was stopped. Throws where it does not get
 * ready, and then it is gone.
 */
export async function startGatewayProcess(town: Town, onEnded: (why: string) => void): Promise<GatewayProcess> {
  const cache = process.env['NODE_COMPILE_CACHE'];
  const child = spawn(process.execPath, [PROGRAM, 'gateway'], {
    env: { ...gatewayEnvironment(town), ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for the demo, which still needs it to end its request.
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(late);
  };
  try {
    const log = follow(child);
    const url = await ready(log, gone);
    if (town.slackSigningSecret !== null) await town.slack.setRequestUrl(`${url}/slack/events`);
    town.github.setWebhookUrl(`${url}/github/webhooks`);
    gone.then(() => {
      if (!stopped) onEnded(`The gateway ended by itself. ${log.trouble()}`);
    });
    return {
      url,
      async stop() {
        town.github.setWebhookUrl(null);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Followed {
  /** `127.0.0.1:<port>`, once it listens. */
  address(): string | null;
  /** What it said of what went wrong; its other words are not part of the story. */
  trouble(): string;
}

function follow(child: ChildProcess): Followed {
  let address: string | null = null;
  const trouble: string[] = [];
  child.once('error', (error) => trouble.push(error.message));
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (text) => {
      const line = logged(text);
      if (line === null) trouble.push(text);
      else if (line.level === 'error' || line.level === 'warn') trouble.push(line.msg);
      address ??= line?.address ?? null;
    });
  }
  return { address: () => address, trouble: () => trouble.slice(-5).join(' ') };
}

/** null: it is no line of the log. */
function logged(text: string): v.InferOutput<typeof Line> | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
  return parsed.success ? parsed.output : null;
}

async function ready(log: Followed, gone: Promise<void>): Promise<string> {
  let over = false;
  gone.then(() => {
    over = true;
  });
  const until = performance.now() + READY_MS;
  while (!over && performance.now() < until) {
    const address = log.address();
    if (address !== null && (await answers(`http://${address}/readyz`))) return `http://${address}`;
    await pause(20);
  }
  const how = over ? 'ended before it was ready' : `was not ready within ${READY_MS / 1000} s`;
  throw new Error(`The gateway ${how}. ${log.trouble()} Where its bundle is old, run \`npm run build\`.`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // It has just ended, which is noticed by itself.
    return false;
  }
}
