/** The endings that a request can have, each played through the sandbox from "Run workflow" to the closed issue. */
import { APPROVE_ACTION, DENY_ACTION } from '../slack/press.ts';
import { githubAs, type Person } from './people.ts';
import { CHANNEL, PEOPLE, type PersonKey, type Town } from './town.ts';
import { type LogLine, type RunResult, runWorkflow, type StateChange } from './workflow/run.ts';

export const SCENARIOS = ['approve', 'deny', 'expire', 'cancel', 'self-approve', 'rerun', 'tamper'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** What the story tells while it goes on. */
export interface Narrator {
  say(text: string): void;
  onLog(line: LogLine): void;
  onState(change: StateChange): void;
}

/** How a scenario must end: the request's status, and whether its command ran. */
export const ENDINGS: Record<Scenario, { status: string; ran: boolean; whole: boolean }> = {
  approve: { status: 'finished', ran: true, whole: true },
  deny: { status: 'denied', ran: false, whole: true },
  expire: { status: 'expired', ran: false, whole: true },
  cancel: { status: 'cancelled', ran: false, whole: true },
  'self-approve': { status: 'cancelled', ran: false, whole: true },
  rerun: { status: 'finished', ran: true, whole: true },
  tamper: { status: 'error', ran: false, whole: false },
};

export interface Told {
  run: RunResult;
  /** The second run of the `rerun` scenario. */
  again: RunResult | null;
  issue: number;
  /** From the first click that was recorded to its record's time in the list, in ms; null without one. */
  decisionMs: number | null;
}

/** Someone who decides: the script, or a person at the terminal. Called once the card has its buttons. */
export type Decider = (stage: Stage) => Promise<void>;

export interface Stage {
  town: Town;
  issue: number;
  press(person: PersonKey, decision: 'approve' | 'deny'): Promise<void>;
  github(person: PersonKey): Person;
  cancel(): void;
  narrator: Narrator;
  /** Resolves when the run is over. */
  whenOver: Promise<unknown>;
}

const INPUTS: Record<string, string> = {
  runbook: 'hello',
  target: 'production',
  reason: 'Orders are slow since 14:00; look at the service.',
  ticket: 'OPS-42',
};

/**
 * Plays one request from its start to its end; aborting `cancel` cancels its run, which then still comes to its end.
 * `run` runs the workflows, where somebody else wants to see them too.
 */
export async function play(
  town: Town,
  decider: Decider,
  narrator: Narrator,
  scenario: Scenario,
  cancel: AbortController = new AbortController(),
  run: typeof runWorkflow = runWorkflow,
): Promise<Told> {
  const before = (await town.slack.messages(CHANNEL)).length;
  narrator.say(`Ana presses "Run workflow": ${INPUTS['runbook']} on ${INPUTS['target']}.`);
  const options = {
    host: town.github,
    checkout: town.checkout,
    workflowPath: '.github/workflows/debug.yml',
    actor: PEOPLE.ana,
    env: town.env,
    tempDir: town.tempDir,
    onLog: narrator.onLog,
    onState: narrator.onState,
  };
  const over = new AbortController();
  const running = run({ ...options, inputs: INPUTS, signal: cancel.signal }).finally(() => over.abort());
  // Never rejects: what a refused run throws is thrown where the run is awaited, below.
  const ended = Promise.allSettled([running]);
  const card = await cardWithButtons(town, before, over.signal);
  let decisionMs: number | null = null;
  if (card !== null) {
    narrator.say(`Slack pings ${card.pings.join(' and ')}: ${card.text}  [Approve] [Deny]`);
    const stage: Stage = {
      town,
      issue: card.issue,
      github: (person) => githubAs(town, person),
      cancel: () => cancel.abort(),
      narrator,
      whenOver: ended,
      async press(person, decision) {
        const { name, slack } = PEOPLE[person];
        narrator.say(`${name} presses ${decision === 'approve' ? 'Approve' : 'Deny'}.`);
        const seen = town.slack.ephemerals(slack).length;
        const pressed = performance.now();
        const actionId = decision === 'approve' ? APPROVE_ACTION : DENY_ACTION;
        const { acknowledged } = await town.slack.press({
          member: slack,
          channel: CHANNEL,
          ts: card.ts,
          actionId,
        });
        if (acknowledged) decisionMs ??= Math.round(performance.now() - pressed);
        if (!acknowledged) narrator.say('Slack shows a warning: the press was not acknowledged.');
        const told = await privateAnswer(town, slack, seen, over.signal);
        if (told !== null) narrator.say(`Slack tells ${name} alone: ${told}`);
      },
    };
    try {
      await Promise.race([decider(stage), ended]);
    } catch (error) {
      // The town is closed next: nothing may still run in it.
      cancel.abort();
      await ended;
      throw error;
    }
  }
  const result = await running;
  const rerun = (): Promise<RunResult> => {
    narrator.say('Ana re-runs the debug job alone; the outputs of the first attempt are replayed.');
    return run({ ...options, rerun: { of: result, mode: { job: 'debug' } } });
  };
  const again = scenario === 'rerun' && !cancel.signal.aborted ? await rerun() : null;
  return { run: result, again, issue: card?.issue ?? 1, decisionMs };
}

/** Waits until the new card has its buttons, which carry the issue's number; null: the run ended without. */
async function cardWithButtons(
  town: Town,
  before: number,
  over: AbortSignal,
): Promise<{ ts: string; issue: number; text: string; pings: string[] } | null> {
  while (!over.aborted) {
    const card = (await town.slack.messages(CHANNEL))[before];
    const issue = card === undefined ? null : issueOfButtons(card.blocks);
    if (card !== undefined && issue !== null) {
      const names = Object.values(PEOPLE).flatMap(({ slack, name }) => (card.pings.includes(slack) ? [name] : []));
      return { ts: card.ts, issue, text: card.text, pings: names };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

/** What Slack shows to one person alone after a press; null when nothing comes within half a second. */
async function privateAnswer(town: Town, member: string, seen: number, over: AbortSignal): Promise<string | null> {
  for (let tries = 0; tries < 25 && !over.aborted; tries += 1) {
    const answer = town.slack.ephemerals(member).at(seen);
    if (answer !== undefined) return answer.text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

function issueOfButtons(blocks: unknown): number | null {
  const match = /\\"i\\":(\d+)/.exec(JSON.stringify(blocks ?? []));
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** The scripted people of each scenario. */
export function script(scenario: Scenario): Decider {
  switch (scenario) {
    case 'approve':
    case 'rerun':
      return ({ press }) => press('bo', 'approve');
    case 'deny':
      return ({ press }) => press('bo', 'deny');
    case 'expire':
      return async ({ narrator }) => narrator.say('Nobody answers. Silence is never consent.');
    case 'cancel':
      return async ({ narrator, cancel }) => {
        narrator.say('Ana cancels the run.');
        cancel();
      };
    case 'self-approve':
      return selfApprove;
    case 'tamper':
      return tamper;
  }
}

async function selfApprove({ press, narrator, cancel }: Stage): Promise<void> {
  await press('ana', 'approve');
  await press('ana', 'approve');
  narrator.say('Ana gives up and cancels the run.');
  cancel();
}

async function tamper({ press, github, issue, narrator }: Stage): Promise<void> {
  await press('ana', 'approve');
  const cy = github('cy');
  const records = await cy.comments(issue);
  const last = records.at(-1);
  if (last === undefined) throw new Error('There is no record to edit.');
  narrator.say(`Cy, who may write to the repository, edits the record in comment ${last.id}.`);
  await cy.edit(last.id, last.body.replace('Ana', 'Bo'));
}
