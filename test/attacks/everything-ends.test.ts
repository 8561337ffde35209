/** Whatever fails, and whenever somebody cancels: nothing unapproved runs, and after the close job nothing stands open. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import type { Repository } from '../../src/app/ports.ts';
import { createWorld, type World } from '../app/world.ts';

const CLOSE = {
  run: { id: 9001, attempt: 1 },
  event: 'workflow_dispatch',
  workflow: { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' },
};

type Operation = keyof Repository;

/** The n-th call of an operation by any job fails; counted from 1. */
function failNth(w: World, operation: Operation, n: number, error: Error): { failed: boolean } {
  const seen = { failed: false };
  let calls = 0;
  const { client } = w.github;
  w.github.client = () =>
    new Proxy(client(), {
      get(real, name, receiver) {
        const work: unknown = Reflect.get(real, name, receiver);
        if (name !== operation || typeof work !== 'function') return work;
        return async (...given: unknown[]) => {
          calls += 1;
          if (calls !== n) return work.apply(real, given);
          seen.failed = true;
          throw error;
        };
      },
    });
  return seen;
}

/** What people do meanwhile, as far as there is a card or an issue to do it on. */
function people(w: World): void {
  const deed = (seconds: number, what: () => unknown) => void w.after(seconds, what).catch(() => null);
  deed(10, () => w.press('bo'));
  deed(13, () => w.comment('nobody', '/approve'));
  deed(20, () => w.comment('cy', '/approve'));
}

/** A whole run of the workflow, as GitHub would conduct it: debug only after a successful ask, close always. */
async function conduct(w: World, asking: ReturnType<World['ask']>) {
  const asked = await asking.result.catch(() => null);
  const approved = asked?.approved === true;
  let debugged: 'success' | 'failure' | 'skipped' = 'skipped';
  if (approved && asked !== null) {
    debugged = await w.debug(asked).then(
      () => 'success' as const,
      () => 'failure' as const,
    );
  }
  const known = w.github.issues.size > 0;
  const close = async () =>
    w.sweep({ what: known ? { kind: 'issue', number: 1 } : { kind: 'own-run' }, debugResult: debugged }, CLOSE);
  // The close job may itself meet the failure; the next sweep is there for that.
  await close().catch(() => null);
  w.runOf(9001);
  const facts = w.github.runs.get(9001);
  if (facts !== undefined) w.github.runs.set(9001, { ...facts, status: 'completed', conclusion: 'failure' });
  await w.sweep().catch(() => null);
  return { approved, debugged };
}

function nothingStandsOpen(w: World): void {
  const requests = [...w.github.issues.values()].filter(({ labels }) => labels.includes('debug-request'));
  for (const issue of requests) expect(issue).toMatchObject({ open: false });
  for (const { view } of w.slack.cards) expect(view.button).toBeNull();
  expect(w.slack.connected).toEqual([]);
}

const OPERATIONS: Operation[] = [
  'facts',
  'run',
  'environment',
  'issue',
  'createIssue',
  'updateIssue',
  'lockIssue',
  'comment',
  'poll',
  'readComment',
];
const CALLS = [1, 2, 3, 4, 5, 6, 7];
const ERRORS: [string, () => Error][] = [
  ['unavailable', () => new Fault('unavailable', 'GitHub answered 503.', 'Try again.')],
  ['permission', () => new Fault('permission', 'GitHub answered 403.', 'Grant it.')],
  ['not confirmed', () => new Fault('not-confirmed', 'GitHub did not answer.', 'Look.')],
  ['a defect', () => new TypeError('undefined is not a function')],
];

test.each(OPERATIONS)(
  '§4.12 whenever %s fails, in whatever way, everything ends and nothing unapproved runs',
  async (operation) => {
    for (const n of CALLS) {
      for (const [name, error] of ERRORS) {
        const w = await createWorld();
        const seen = failNth(w, operation, n, error());
        const asking = w.ask();
        people(w);
        const { approved } = await conduct(w, asking);
        try {
          if (!approved) expect(w.commands).toEqual([]);
          expect(w.commands.length).toBeLessThan(2);
          nothingStandsOpen(w);
        } catch (problem) {
          throw new Error(`call ${n} of ${operation}: ${name} (${seen.failed ? 'failed' : 'never came'})`, {
            cause: problem,
          });
        }
        // What never came does not come with another error either, nor does any later call.
        if (!seen.failed) return;
      }
    }
  },
);

const MOMENTS = [
  0, 0.01, 0.03, 0.05, 0.07, 0.09, 0.11, 0.13, 0.15, 5, 9.99, 10.01, 10.03, 10.05, 10.07, 10.09, 19.99, 20.01, 20.03,
  20.05, 20.07,
];
test('§4.12 whenever the run is cancelled, everything ends, and what was not approved by then does not run', async () => {
  for (const moment of MOMENTS) {
    const w = await createWorld();
    const asking = w.ask();
    void w.after(moment, asking.cancel);
    people(w);
    const { approved } = await conduct(w, asking);
    try {
      if (moment < 20) expect([approved, w.commands]).toEqual([false, []]);
      nothingStandsOpen(w);
    } catch (problem) {
      throw new Error(`cancelled after ${moment} s`, { cause: problem });
    }
  }
});
