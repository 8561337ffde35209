/** The ask job, whole: check, open, wait, show, and hand over what the debug job needs. */
import { APPROVAL_ENVIRONMENT } from '../log/names.ts';
import type { Trust } from '../log/trust.ts';
import { channelFor } from '../policy/modes.ts';
import { outcomeOf, outcomeText } from '../request/present.ts';
import { askOf, isOpen } from '../request/state.ts';
import { UNSIGNED_NOTICE } from '../request/unsigned.ts';
import { policyOf } from './allowed.ts';
import type { AskContext, AskDeps, Asked, FirstLook } from './ask.ts';
import { type AskInput, type CheckedAsk, checkAsk } from './ask-check.ts';
import { preflight } from './ask-people.ts';
import { tellRequester } from './care.ts';
import { type Desk, openDesk, writerOf } from './desk.ts';
import { findOlder, readEarlier, supersede } from './earlier.ts';
import { openEnvelope } from './envelope.ts';
import { keepOrEnd, refuseUsed } from './envelope-use.ts';
import { messageOf } from './fault.ts';
import { openRequest, showSettled } from './open.ts';
import type { Listener, TrustSource } from './ports.ts';
import { newEar } from './presses.ts';
import type { Reading } from './reading.ts';
import { type DrawIssue, viewOf } from './show.ts';
import { claimEnvironment, refuseUnsigned } from './unsigned.ts';
import { waitForVerdict } from './wait.ts';

/** Conducts the request from the first look to its end. Throws as `ask`. */
export async function conduct(
  deps: AskDeps,
  input: AskInput,
  context: AskContext,
  { facts, run, job: who }: FirstLook,
): Promise<Asked> {
  const { repository, clock, progress, teams, slackPeople } = deps;
  const draw = await deps.draw();
  const { policy, file } = policyOf(facts, input.policyPath, context.apiIsLoopback);
  refuseUnsigned(who, policy, progress);
  const job = claimEnvironment(who, APPROVAL_ENVIRONMENT);
  // The keys are on their way meanwhile; whoever is refused before never needs them.
  const early = deps.trust.trust(facts, policy.signers);
  early.catch(() => undefined);
  const inSlack = await openEnvelope(input, run, policy, () => early);
  const given = { input, facts, run, job, policy, file, inSlack };
  const [checked, open] = await Promise.all([
    checkAsk({ repository, teams, slackPeople }, given, { ...context, now: clock.now() }),
    policy.openRequests === 'one' ? openRequests(deps) : null,
  ]);
  const slack = (await deps.slack?.(channelFor(checked.policy, askOf(checked.request)))) ?? null;
  const chat = slack?.chat ?? null;
  const parts = { facts, writer: writerOf(job, context.job), policy, file, context, chat, teams, slackPeople };
  const desk = await openDesk({ deps: { ...deps, draw, trust: onceEarly(early, deps.trust) }, ...parts });
  if (policy.webhook !== null) {
    const { openDeliveries } = await import('./ask-deliveries.ts');
    desk.deliveries = await openDeliveries(desk, deps.webhook, policy.webhook.url);
  }
  if (inSlack !== null) await refuseUsed(desk, inSlack);
  const earlier = await readEarlier(desk, facts.earlier);
  const older = await findOlder(desk, checked.request, earlier, open ?? []);
  for (const { group, why, remedy } of checked.directory.unresolved) {
    progress.warn(`The group ${group} could not be read and has nobody: ${why} ${remedy}`);
  }
  if (checked.masked !== null) progress.warn(checked.masked);
  for (const line of preflight(checked, chat !== null)) progress.info(line);
  const unsigned = job.signed ? [] : [UNSIGNED_NOTICE];
  const notices = [...unsigned, ...checked.notices, ...older.map((issue) => `Supersedes #${issue}.`)];
  const opening = { ...checked, notices };
  const reading = await openAndWait(
    desk,
    draw,
    { checked: opening, earlier, older, open },
    slack?.listener ?? null,
    deps,
  );
  const approved = isOpen(reading.state) && reading.state.status === 'approved';
  const handedOver = checked.wait === 'gateway' && reading.state.status === 'pending';
  return { reading, view: viewOf(desk, reading), approved, handedOver };
}

/** Gives what was asked for early, and asks anew from then on. */
function onceEarly(early: Promise<Trust>, later: TrustSource): TrustSource {
  const waiting = [early];
  return { trust: (...about) => waiting.pop() ?? later.trust(...about) };
}

/** Superseding is a courtesy to approvers: where GitHub does not list what is open, older requests just expire. */
async function openRequests({ repository, progress }: Pick<Desk, 'repository' | 'progress'>): Promise<number[] | null> {
  try {
    return await repository.openRequests();
  } catch (error) {
    progress.warn(`Older requests cannot be superseded: ${messageOf(error)}`);
    return null;
  }
}

/** Of two asked at the same moment neither was open when the other looked: so the newer one looks again once it stands. */
async function supersedeAll(
  desk: Desk,
  draw: DrawIssue,
  opened: Reading,
  { older, open }: Pick<Plan, 'older' | 'open'>,
): Promise<void> {
  const now = open === null ? [] : ((await openRequests(desk)) ?? []);
  const since = now.filter((issue) => open?.includes(issue) === false);
  await supersede(desk, draw, opened, [...older, ...since]);
}

interface Plan {
  checked: CheckedAsk;
  earlier: Parameters<typeof openRequest>[3];
  older: readonly number[];
  /** The issues that were open requests at the first look; null: the policy lets many be open, or GitHub did not list them. */
  open: readonly number[] | null;
}

async function openAndWait(
  desk: Desk,
  draw: DrawIssue,
  { checked, earlier, older, open }: Plan,
  listener: Listener | null,
  deps: AskDeps,
): Promise<Reading> {
  const { signal, onIssue } = deps;
  const ear = newEar(desk, listener, signal);
  let superseding: Promise<void> = Promise.resolve();
  try {
    // Listening begins before anybody has a button, so that no press finds nobody.
    if (checked.waits && checked.wait === 'runner') await ear.open();
    const asked = await openRequest(desk, draw, checked, earlier, (issue) => {
      ear.own(issue.number, null);
      onIssue(issue);
    });
    const opened = checked.inSlack === null ? asked : await keepOrEnd(desk, asked, checked.inSlack);
    desk.deliveries?.offer(opened);
    const { snapshot, state } = opened;
    ear.own(snapshot.number, state.opening.card);
    if (isOpen(state)) superseding = supersedeAll(desk, draw, opened, { older, open });
    if (state.status !== 'pending') {
      desk.progress.info(`Asked in ${snapshot.url}.`);
      const told = tellRequester(desk, opened, outcomeText(outcomeOf(state)));
      await Promise.all([showSettled(desk, draw, opened), told]);
      return opened;
    }
    if (checked.wait === 'gateway') {
      desk.progress.info(`Asked in ${snapshot.url}; the gateway waits until ${checked.request.expiresAt}.`);
      return opened;
    }
    desk.progress.info(`Asked in ${snapshot.url}; waiting until ${checked.request.expiresAt}.`);
    return await waitForVerdict(desk, draw, ear, opened, signal);
  } finally {
    await Promise.all([ear.close(), superseding]);
    // Whoever cancelled the run waits for nothing; the close job delivers.
    if (desk.deliveries !== null) deps.onDelivered(await desk.deliveries.end(!signal.aborted));
  }
}
