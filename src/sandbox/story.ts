/** Plays one request through the sandbox, from "Run workflow" to the closed issue. */
import { buttonsIn, canBeSent, type Filling, slackAs, wordsIn } from './members.ts';
import { githubAs, type Person } from './people.ts';
import { PLOTS, type Scenario } from './plots.ts';
import { CHANNEL, PEOPLE, type PersonKey, type Town } from './town.ts';
import { type LogLine, type RunResult, runWorkflow, type StateChange } from './workflow/run.ts';

/** What the story tells while it goes on. */
export interface Narrator {
  say(text: string): void;
  onLog(line: LogLine): void;
  onState(change: StateChange): void;
}

export interface Told {
  run: RunResult;
  /** The second run of the `rerun` scenario. */
  again: RunResult | null;
  /** The sweep's run, where the story needs one after the request's. */
  swept: RunResult | null;
  issue: number;
  /** From the first click that was recorded to its record's time in the list, in ms; null without one. */
  decisionMs: number | null;
  /** How long the ask job kept its runner once the request's buttons stood, in ms; 0 where it was over before. */
  runnerWaitMs: number;
}

/** Someone who decides: the script, or a person at the terminal. Called once the card has its buttons. */
export type Decider = (stage: Stage) => Promise<void>;

export interface Stage {
  town: Town;
  issue: number;
  /** Presses a button; where Approve opens a dialog, ticks its checklist and sends it. */
  press(person: PersonKey, decision: 'approve' | 'deny', filling?: Filling): Promise<void>;
  /** Answers in the card's thread. */
  reply(person: PersonKey, text: string): Promise<void>;
  /** Uses a slash command, such as `/reject-debug 1 not now`. */
  slash(person: PersonKey, line: string): Promise<void>;
  github(person: PersonKey): Person;
  cancel(): void;
  narrator: Narrator;
  /** Resolves when the run is over. */
  whenOver: Promise<unknown>;
}

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
  const { by = 'ana', inputs, after = 'nothing' } = PLOTS[scenario];
  const before = (await town.slack.messages(CHANNEL)).length;
  narrator.say(`${PEOPLE[by].name} presses "Run workflow": ${inputs['runbook']} on ${inputs['target']}.`);
  const options = {
    host: town.github,
    checkout: town.checkout,
    workflowPath: '.github/workflows/debug.yml',
    actor: PEOPLE[by],
    env: town.env,
    tempDir: town.tempDir,
    onLog: narrator.onLog,
    onState: narrator.onState,
  };
  const jobs = watchJobs(narrator.onState);
  const over = new AbortController();
  const running = run({ ...options, inputs, onState: jobs.onState, signal: cancel.signal }).finally(() => over.abort());
  // Never rejects: what a refused run throws is thrown where the run is awaited, below.
  const ended = Promise.allSettled([running]);
  const card = await cardWithButtons(town, before, over.signal);
  const issue = card?.issue ?? 1;
  const clicks: { ms: number | null } = { ms: null };
  if (card !== null) {
    jobs.stands();
    narrator.say(`Slack pings ${card.pings.join(' and ')}: ${card.text}  ${card.buttons}`);
    if (town.app !== null) {
      // Nobody waits on a runner: people decide while GitHub holds the debug job.
      await Promise.race([jobs.held, ended]);
    }
    const hands = inSlack(town, narrator, card.ts, clicks, over.signal);
    const github = (person: PersonKey): Person => githubAs(town, person);
    const stage: Stage = { town, issue, narrator, github, ...hands, cancel: () => cancel.abort(), whenOver: ended };
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
  if (card === null) await tellPassedOver(town, narrator, before);
  const told = { run: result, again: null, swept: null, issue, decisionMs: clicks.ms, runnerWaitMs: jobs.waited() };
  if (cancel.signal.aborted) return told;
  if (after === 'rerun') {
    narrator.say('Ana re-runs the debug job alone; the outputs of the first attempt are replayed.');
    return { ...told, again: await run({ ...options, rerun: { of: result, mode: { job: 'debug' } } }) };
  }
  if (after === 'nothing') return told;
  await signReview(town, narrator, issue);
  // The page shows requests' runs alone.
  return { ...told, swept: await runWorkflow({ ...options, workflowPath: SWEEP, event: 'schedule' }) };
}

const SWEEP = '.github/workflows/sweep.yml';

/** Measures for how long the ask job goes on once its request stands, and sees when GitHub holds a job. */
function watchJobs(onState: Narrator['onState']) {
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  let stood: number | null = null;
  let ended: number | null = null;
  return {
    held,
    onState(change: StateChange): void {
      if (change.kind === 'job' && change.status === 'waiting' && change.environment != null) hold();
      if (change.kind === 'job' && change.job === 'ask' && change.status === 'completed') ended = performance.now();
      onState(change);
    },
    stands(): void {
      stood = performance.now();
    },
    waited: (): number => (stood === null || ended === null ? 0 : Math.max(ended - stood, 0)),
  };
}

/** A break-glass asks nobody: its run may be over before its card had buttons. */
async function tellPassedOver(town: Town, narrator: Narrator, before: number): Promise<void> {
  const card = (await town.slack.messages(CHANNEL))[before];
  if (card !== undefined) narrator.say(`Meanwhile Slack pinged ${pingedBy(card).join(' and ')}: ${card.text}`);
}

async function signReview(town: Town, narrator: Narrator, issue: number): Promise<void> {
  narrator.say('Cy, who did not ask for it, reads what was done and signs the after-review on the issue.');
  await githubAs(town, 'cy').comment(issue, '/review Only the status was read; nothing was changed.');
  narrator.say('The sweep, which runs on a schedule, finds it.');
}

/** What the people at the card can do in Slack; the time from the first click that was recorded goes to `clicks`. */
function inSlack(
  town: Town,
  narrator: Narrator,
  ts: string,
  clicks: { ms: number | null },
  over: AbortSignal,
): Pick<Stage, 'press' | 'reply' | 'slash'> {
  /** Does something as a person, and tells what Slack then shows to that person alone. */
  const telling = async (person: PersonKey, deed: () => Promise<void>): Promise<void> => {
    const { name, slack } = PEOPLE[person];
    const seen = town.slack.ephemerals(slack).length;
    await deed();
    const told = await privateAnswer(town, slack, seen, over);
    if (told !== null) narrator.say(`Slack tells ${name} alone: ${told}`);
  };
  const noted = ({ acknowledged, afterMs }: { acknowledged: boolean; afterMs: number }): void => {
    if (acknowledged) clicks.ms ??= Math.round(afterMs);
    else narrator.say('Slack shows a warning: it was not acknowledged.');
  };
  return {
    press: (person, decision, filling) =>
      telling(person, async () => {
        const { name } = PEOPLE[person];
        const member = slackAs(town, person);
        const [card] = await town.slack.thread(CHANNEL, ts);
        if (decision === 'deny' || !buttonsIn(card?.blocks).includes('approve-dialog')) {
          narrator.say(`${name} presses ${decision === 'approve' ? 'Approve' : 'Deny'}.`);
          return noted(await member.press(ts, decision));
        }
        narrator.say(`${name} presses “Approve…”.`);
        await member.press(ts, 'approve-dialog');
        const dialog = await member.dialog();
        if (dialog === null) return narrator.say('Slack opened no dialog.');
        if (!canBeSent(dialog)) return narrator.say(`The dialog tells ${name}: ${wordsIn(dialog)}`);
        narrator.say(`${name} reads the dialog, which is drawn from the log, ticks its checklist and sends it.`);
        const sent = await member.fillIn(dialog, filling);
        if (sent.kept === null) return noted(sent);
        narrator.say(`The dialog stays open and says: ${sent.kept}`);
      }),
    reply: (person, text) =>
      telling(person, async () => {
        narrator.say(`${PEOPLE[person].name} answers in the card’s thread: ${text}`);
        await slackAs(town, person).reply(ts, text);
      }),
    slash: (person, line) =>
      telling(person, async () => {
        narrator.say(`${PEOPLE[person].name} types ${line}`);
        await slackAs(town, person).slash(line);
      }),
  };
}

function pingedBy({ pings }: { pings: string[] }): string[] {
  return Object.values(PEOPLE).flatMap(({ slack, name }) => (pings.includes(slack) ? [name] : []));
}

const LABELS = { approve: 'Approve', 'approve-dialog': 'Approve…', deny: 'Deny' } as const;

/** Waits until the new card has its buttons, which carry the issue's number; null: the run ended without. */
async function cardWithButtons(
  town: Town,
  before: number,
  over: AbortSignal,
): Promise<{ ts: string; issue: number; text: string; pings: string[]; buttons: string } | null> {
  while (!over.aborted) {
    const card = (await town.slack.messages(CHANNEL))[before];
    const issue = card === undefined ? null : issueOfButtons(card.blocks);
    if (card !== undefined && issue !== null) {
      const buttons = buttonsIn(card.blocks).map((button) => `[${LABELS[button]}]`);
      return { ts: card.ts, issue, text: card.text, pings: pingedBy(card), buttons: buttons.join(' ') };
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
