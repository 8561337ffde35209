/** What a request shared, as somebody sees it who looks at Slack and GitHub and not at the log. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonicalJson } from '../../src/log/canonical.ts';
import { CHANNEL, OWNER, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';

const Artifacts = v.object({
  artifacts: v.array(
    v.object({
      id: v.number(),
      name: v.string(),
      digest: v.string(),
      expired: v.boolean(),
      created_at: v.string(),
      expires_at: v.string(),
    }),
  ),
});

/** The card with its thread, the artifacts of a run, and the hash of its logs; null: it has none any more. */
export async function sharedBy(town: Town, run: number, ts: string) {
  const headers = { authorization: `Bearer ${town.github.userToken(PEOPLE.di.login)}` };
  const of = `${town.github.apiUrl}/repos/${OWNER}/${REPOSITORY}/actions/runs/${run}`;
  const [listed, logs] = await Promise.all([
    fetch(`${of}/artifacts`, { headers }),
    fetch(`${of}/attempts/1/logs`, { headers }),
  ]);
  const { artifacts } = v.parse(Artifacts, await listed.json());
  const bytes = new Uint8Array(await logs.arrayBuffer());
  return { thread: await town.slack.thread(CHANNEL, ts), artifacts, logs: logs.ok ? hash(bytes) : null };
}

/** The hash by which the log names a message. */
export function messageHash({ ts, text, blocks = [] }: { ts: string; text: string; blocks?: unknown[] }): string {
  return hash(canonicalJson({ ts, text, blocks }));
}

const hash = (data: string | Uint8Array): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
