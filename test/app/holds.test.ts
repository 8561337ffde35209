/** Labels that people set, a hold above all, stay whatever a job draws or marks meanwhile; and what is held stays. */
import { expect, test } from 'vitest';
import { approvedBy, asked, CLOSE, withWebhook } from './fake-receiver.ts';
import { key, policyWith } from './policies.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;
const RETENTION = key('retention: { slack: 24h, transcript: 2d, run-logs: 3d }');
const PEOPLES = ['debug:hold', 'incident-7'];

function label(w: World): void {
  const issue = w.github.issue();
  issue.labels = [...issue.labels, ...PEOPLES];
}

async function closing() {
  const { w, receiver, asking, close, webhook } = await asked(() => {}, policyWith(RETENTION, withWebhook));
  await w.debug(await approvedBy(w, asking));
  return { w, receiver, close, webhook };
}

test('a hold that somebody sets while the close job delivers to the webhook stays when the issue is drawn', async () => {
  const { w, receiver, close } = await closing();
  receiver.slowMs = 3_000;
  const over = close('success');
  await w.after(4, () => label(w));
  await over;
  const { labels, open } = w.github.issue();
  expect([open, labels]).toEqual([false, expect.arrayContaining(['debug:finished', 'debug:shared', ...PEOPLES])]);
});

test('a hold that somebody sets while a broken log is looked at stays when the issue is closed as an error', async () => {
  const { w, webhook } = await closing();
  w.github.remove(w.github.issue().comments[1]?.id ?? 0, 1);
  const client = w.github.client;
  w.github.client = () => {
    const real = client();
    const issue: typeof real.issue = async (number) => {
      const seen = await real.issue(number);
      if (!seen.labels.includes('debug:hold')) label(w);
      return seen;
    };
    return { ...real, issue };
  };
  await w.sweep({ what: { kind: 'issue', number: 1 }, debugResult: 'success' }, CLOSE, [], webhook);
  const { labels, open } = w.github.issue();
  expect([open, labels]).toEqual([false, expect.arrayContaining(['debug:error', ...PEOPLES])]);
});

test('a hold that somebody sets while the purge looks at the logs keeps everything, with a webhook, too', async () => {
  const { w, close, webhook } = await closing();
  await close('success');
  w.shares.artifacts.set(71, { run: 9001, name: 'transcript-1', text: 'transcript' });
  w.shares.logs.set(9001, 'logs');
  await w.clock.sleep(80 * HOUR_MS);
  const github = w.shares.github();
  const looking: typeof github = {
    ...github,
    async logs(run) {
      label(w);
      return github.logs(run);
    },
  };
  const shared = { ...w.shares.deps(), github: looking };
  await w.sweep({}, {}, [], { ...webhook, shared });
  expect([w.shares.gone, w.github.issue().locked]).toEqual([[], true]);
  expect(w.github.issue().labels).toEqual(expect.arrayContaining(PEOPLES));
});
