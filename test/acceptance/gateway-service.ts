/** Runs the gateway for a town, with what whoever operates it knows. */
import { vi } from 'vitest';
import { readGatewayConfig } from '../../src/entry/cli/gateway-config.ts';
import { runGateway } from '../../src/entry/cli/gateway-start.ts';
import type { Town } from '../../src/sandbox/town.ts';

export interface RunningGateway {
  url: string;
  /** Its log so far. */
  lines: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** The environment of a gateway for this town. */
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

/** Starts one in this process, and waits until it is ready. */
export async function startGateway(town: Town): Promise<RunningGateway> {
  const config = await readGatewayConfig(gatewayEnvironment(town), undefined);
  const stopping = new AbortController();
  const lines: Record<string, unknown>[] = [];
  const ended = runGateway(config, stopping.signal, (line) => lines.push(JSON.parse(line)));
  let over = false;
  ended
    .catch(() => undefined)
    .then(() => {
      over = true;
    });
  const url = await vi.waitFor(
    async () => {
      const at = `http://${lines[0]?.['address']}`;
      if (!over && !(await fetch(`${at}/readyz`)).ok) throw new Error('The gateway is not ready.');
      return at;
    },
    { timeout: 20_000 },
  );
  // Where it could not start, that is told instead of its not being ready.
  if (over) await ended;
  return {
    ...{ url, lines },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
