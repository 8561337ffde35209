/** The ask job, whole: check, open, wait, show, and hand over what the debug job needs. */
import { isOpen } from '../request/state.ts';
import { policyOf } from './allowed.ts';
import type { AskContext, AskDeps, Asked, FirstLook } from './ask.ts';
import { type AskInput, checkAsk } from './ask-check.ts';
import { openDesk } from './desk.ts';
import { openRequest } from './open.ts';
import { newEar } from './presses.ts';
import type { Reading } from './reading.ts';
import { viewOf } from './show.ts';
import { waitForVerdict } from './wait.ts';

/** Conducts the request from the first look to its end. Throws as `ask`. */
export async function conduct(
  deps: AskDeps,
  input: AskInput,
  context: AskContext,
  { facts, run, job }: FirstLook,
): Promise<Asked> {
  const { repository, clock, progress } = deps;
  const draw = await deps.draw();
  const { policy, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  const given = { input, facts, run, job, policy, file };
  const checked = await checkAsk(repository, given, { ...context, now: clock.now() });
  const slack = (await deps.slack?.(policy.slack?.channel ?? null)) ?? null;
  const desk = await openDesk({ deps, facts, job, policy, file, context, chat: slack?.chat ?? null });
  progress.info(`This request can be approved by ${checked.approvers.length} people other than you.`);
  // Listening begins before anybody has a button, so that no press finds nobody.
  const ear = newEar(desk, slack?.listener ?? null, deps.signal);
  const onIssue: AskDeps['onIssue'] = (issue) => {
    ear.own(issue.number);
    deps.onIssue(issue);
  };
  let reading: Reading;
  try {
    await ear.open();
    const opened = await openRequest(desk, draw, checked, facts.earlier, onIssue);
    progress.info(`Asked in ${opened.snapshot.url}; waiting until ${checked.request.expiresAt}.`);
    reading = await waitForVerdict(desk, draw, ear, opened, deps.signal);
  } finally {
    await ear.close();
  }
  return {
    reading,
    view: viewOf(desk, reading),
    approved: isOpen(reading.state) && reading.state.status === 'approved',
  };
}
