/** Runs the gateway for a town, with what whoever operates it knows. */
import { vi } from 'vitest';
import { readGatewayConfig } from '../../src/entry/cli/gateway-config.ts';
import { runGateway } from '../../src/entry/cli/gateway-start.ts';
import { gatewayEnvironment } from '../../src/sandbox/gateway-process.ts';
import type { Town } from '../../src/sandbox/town.ts';

export interface RunningGateway {
  url: string;
  /** Its log so far. */
  lines: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts one in this process, waits until it is ready, and leads GitHub's and Slack's requests there. */
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
  if (town.slackSigningSecret !== null) await town.slack.setRequestUrl(`${url}/slack/events`);
  town.github.setWebhookUrl(`${url}/github/webhooks`);
  return {
    ...{ url, lines },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
