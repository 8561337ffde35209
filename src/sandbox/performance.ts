/** One performance of the demo: opens its town, lets the story be played, and closes everything whatever happens. */
import { once } from 'node:events';
import { saveExport } from './evidence.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { playOut, summaryOf } from './outcome.ts';
import { buildPage } from './page/assets.ts';
import { openPage, type Page } from './page/server.ts';
import { pageTown } from './page/town.ts';
import { PLOTS, type Scenario } from './plots.ts';
import type { Decider, Narrator } from './story.ts';
import { atTerminal, type Terminal, type TerminalNarrator, terminalNarrator } from './terminal.ts';
import { openTown, type Town } from './town.ts';

/** What the command line was given. */
export interface DemoOptions {
  /** The gateway waits, and no job. */
  gateway?: true;
  auto?: true;
  json?: true;
  scenario: Scenario;
  export?: string;
  /** true: the page alone; false: none; undefined: along with the story in a terminal. */
  page?: boolean;
  port?: number;
}

/** Plays the demo to its end and sets the exit code. Throws what no scenario may meet. */
export async function perform(options: DemoOptions): Promise<void> {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && options.auto !== true;
  const output = options.json === true ? process.stderr : process.stdout;
  const narrator = terminalNarrator(output);
  const departure = watchForLeaving(narrator);
  try {
    narrator.say(`Opening a local GitHub and Slack${options.gateway === true ? ', and the gateway' : ''} …`);
    const onGatewayEnded = (why: string): void => {
      narrator.say(why);
      departure.leave('closed');
    };
    const opened = await openUnlessLeft(() => open(options, interactive, onGatewayEnded), departure.cancel.signal);
    const ended = opened === null ? { ...UNPLAYED, left: departure.how() } : await playAndClose(opened);
    const how = ended.left;
    if (how === null) process.exitCode = ended.sound && (interactive || ended.asItMust) ? 0 : 1;
    else process.exitCode = ended.sound && how === 'interrupted' ? INTERRUPTED : 1;
  } finally {
    departure.unwatch();
  }

  async function playAndClose({ town, page, close }: Opened): Promise<Ended & { left: Leaving | null }> {
    try {
      if (page !== null) output.write(`Page: ${page.url}\n`);
      if (options.page === true) {
        narrator.say('Open it in a browser: ask as Ana, approve as Bo, try to break it. Ctrl-C ends it.');
        await departure.linger();
        return { sound: town.github.violations.length === 0, asItMust: true, left: null };
      }
      if (page !== null) narrator.say('Decide here in the terminal, or there in a browser as anybody.');
      const terminal = { input: process.stdin, output, onLeave: departure.leave };
      const decider = interactive ? atTerminal(terminal) : PLOTS[options.scenario].script;
      const ended = await playTo({ town, page }, decider, narrator, options, departure.cancel);
      const left = departure.how();
      if (page !== null && left === null) {
        narrator.say(`The page stays open at ${page.url}; Ctrl-C ends it.`);
        await departure.linger();
      }
      return { ...ended, left };
    } finally {
      await close();
    }
  }
}

/** `sound`: nothing went wrong that no scenario may have; `asItMust`: it ended as its scenario must. */
interface Ended {
  sound: boolean;
  asItMust: boolean;
}

const UNPLAYED: Ended = { sound: true, asItMust: false };

interface Opened {
  town: Town;
  page: Page | null;
  close(): Promise<void>;
}

/** A town with its gateway where one is wanted, and its page: built while the town is opened. */
async function open(
  options: DemoOptions,
  interactive: boolean,
  onGatewayEnded: (why: string) => void,
): Promise<Opened> {
  const withPage = options.page ?? interactive;
  const usual = withPage ? pageTown() : {};
  const policy = [...(usual.policy ?? []), ...(PLOTS[options.scenario].policy ?? [])];
  const opening = openTown({ ...usual, policy, gateway: options.gateway === true });
  const [opened, built] = await Promise.allSettled([opening, withPage ? buildPage() : null]);
  if (opened.status === 'rejected') throw opened.reason;
  const town = opened.value;
  const parts: { gateway: GatewayProcess | null; page: Page | null } = { gateway: null, page: null };
  const close = async (): Promise<void> => {
    // The last thing opened is the first to be closed: what ends with the page is still a matter for the gateway.
    try {
      await parts.page?.close();
    } finally {
      try {
        await parts.gateway?.stop();
      } finally {
        await town.close();
      }
    }
  };
  try {
    if (built.status === 'rejected') throw built.reason;
    if (options.gateway === true) parts.gateway = await startGatewayProcess(town, onGatewayEnded);
    const assets = built.value;
    const port = options.port ?? 0;
    if (assets !== null) parts.page = await openPage({ town, assets, port, onProblem: console.error });
    return { town, page: parts.page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is opened; null where the person left meanwhile, which may be why it could not be opened: Ctrl-C ends git, too. */
async function openUnlessLeft(open: () => Promise<Opened>, left: AbortSignal): Promise<Opened | null> {
  try {
    const opened = await open();
    if (!left.aborted) return opened;
    await opened.close();
    return null;
  } catch (error) {
    if (left.aborted) return null;
    throw error;
  }
}

type Leaving = Parameters<Terminal['onLeave']>[0];

/** What a shell gives for a program that Ctrl-C ended: 128 and SIGINT's number. */
const INTERRUPTED = 130;

/** Cancels the run, instead of ending it midway, when the person at the terminal or a signal wants the demo to end. */
function watchForLeaving(narrator: Narrator) {
  const cancel = new AbortController();
  let left: Leaving | null = null;
  let farewell = 'Cancelling the run; its close job still ends the request …';
  const leave = (how: Leaving): void => {
    narrator.say(left === null ? farewell : 'That goes on already; this can take some seconds …');
    left ??= how;
    cancel.abort();
  };
  /** Waits until the person leaves. */
  const linger = async (): Promise<void> => {
    farewell = 'Closing the page; what still runs is cancelled …';
    if (!cancel.signal.aborted) await once(cancel.signal, 'abort');
  };
  const interrupt = (): void => leave('interrupted');
  const terminate = (): void => leave('closed');
  const hangUp = (): void => {
    // The terminal is gone, and with it whoever could be told that nothing can be read or written there any more.
    for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => {});
    terminate();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', hangUp);
  const unwatch = (): void => void process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', hangUp);
  return { cancel, leave, linger, how: (): Leaving | null => left, unwatch };
}

/** Plays, reports and exports. */
async function playTo(
  { town, page }: Pick<Opened, 'town' | 'page'>,
  decider: Decider,
  narrator: TerminalNarrator,
  { scenario, json, export: file }: DemoOptions,
  cancel: AbortController,
): Promise<Ended> {
  const outcome = await playOut(town, decider, narrator, scenario, cancel, page?.follow);
  narrator.end(summaryOf(outcome, town));
  const problem = file === undefined ? null : await saveExport(file, outcome.evidence?.exported ?? null);
  if (problem !== null) console.error(problem);
  if (json === true) console.log(JSON.stringify(outcome.report));
  const opened = outcome.evidence !== null || cancel.signal.aborted;
  const sound = town.github.violations.length === 0 && problem === null && opened;
  return { sound, asItMust: outcome.asItMust };
}
