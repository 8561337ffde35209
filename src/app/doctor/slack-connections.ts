/** Findings on what brings the presses: the app token, whose app it is, and who else is connected to that app. */
import type { Finding } from './finding.ts';
import { counted } from './judge.ts';
import type { BotFacts, ConnectionFacts, SlackAnswer, SlackFailure, SlackInspector } from './slack-inspector.ts';
import { APP_TOKEN } from './slack-tokens.ts';
import { aboutSlack, reasonOf, toSee } from './slack-words.ts';

/** Whether both tokens belong to one Slack app. */
export type SameApp = 'same' | 'different' | 'unknown';

/** Slack's error codes for an app whose Socket Mode is switched off. */
const SWITCHED_OFF = ['link_disabled', 'socket_mode_disabled'];

/** Whether the app token may open connections. */
export function listenFinding(listen: SlackAnswer<{ app: string | null }>): Finding {
  const id = 'slack.app';
  if (listen.ok) {
    const app = listen.value.app === null ? '' : ` of the Slack app ${listen.value.app}`;
    return aboutSlack(id, 'ok', `The app token may open Socket Mode connections${app}.`);
  }
  const { failure } = listen;
  if (failure.kind === 'unanswered') return aboutSlack(id, 'unknown', failure.what, failure.remedy);
  if (failure.kind === 'scope') {
    const what = 'The app token lacks the scope connections:write, so no press of a button can arrive.';
    return aboutSlack(id, 'wrong', what, APP_TOKEN);
  }
  return aboutSlack(id, 'wrong', failure.what, mending(failure));
}

function mending({ code }: SlackFailure): string {
  const off = code !== null && SWITCHED_OFF.includes(code);
  return off ? 'Switch it on under "Socket Mode" of the Slack app.' : APP_TOKEN;
}

/** Whether the bot and the app token are one Slack app's. */
export async function sameAppFinding(
  slack: SlackInspector,
  bot: BotFacts,
  listening: string | null,
): Promise<{ same: SameApp; finding: Finding }> {
  const id = 'slack.app.same';
  const asked = bot.bot === null ? null : await slack.appOfBot(bot.bot);
  const asking = asked?.ok ? asked.value : null;
  if (asking !== null && listening !== null) {
    if (asking === listening) {
      return { same: 'same', finding: aboutSlack(id, 'ok', `Both tokens belong to the Slack app ${asking}.`) };
    }
    const what = `The bot token belongs to the Slack app ${asking}, the app token to ${listening}: presses of the bot's buttons go to an app that nobody listens to.`;
    const remedy = `Take both tokens from one Slack app. ${APP_TOKEN}`;
    return { same: 'different', finding: aboutSlack(id, 'wrong', what, remedy) };
  }
  const failure = asked === null || asked.ok ? null : asked.failure;
  const what = `Whether both tokens belong to one Slack app is not known: ${failure === null ? 'Slack did not name the app' : reasonOf(failure)}.`;
  const remedy = failure === null ? 'Compare them at https://api.slack.com/apps.' : toSee(failure, ['users:read']);
  return { same: 'unknown', finding: aboutSlack(id, 'unknown', what, remedy) };
}

const ID = 'slack.connections';
/** Slack opens no more for one app. */
const MOST = 10;
const SHARED =
  'Give each repository a Slack app of its own, made from slack-app-manifest.yml, which `debug-approval init` writes: of those that share one, each gets presses that are meant for another. Where nobody else has it, jobs that were killed left connections behind; switching Socket Mode off and on again under "Socket Mode" of the Slack app ends them.';

/**
 * Whether anybody else is connected to the app. Connects only while no request is open: Slack may hand a press to any
 * connection, and nobody would hear of one that came to this examination.
 */
export async function connectionsFinding(
  slack: SlackInspector,
  { openRequests, waitingRuns }: { openRequests: number | null; waitingRuns: number | null },
  same: SameApp,
): Promise<Finding> {
  const kept = keptFrom(openRequests, same);
  if (kept !== null) return kept;
  const counting = await slack.countConnections();
  if (!counting.ok) return uncounted(counting.failure, waitingRuns);
  return judged(counting.value, waitingRuns);
}

/** Why it must not connect now; null: it may. */
function keptFrom(openRequests: number | null, same: SameApp): Finding | null {
  const unlooked = 'How many connections the Slack app has was not looked at';
  if (same === 'different') {
    const what = `${unlooked}: presses that come to another Slack app are meant for somebody else.`;
    return aboutSlack(ID, 'unknown', what, 'Take both tokens from one Slack app first.');
  }
  if (openRequests === 0) return null;
  const why =
    openRequests === null
      ? 'whether a request is open is not known, and a press for one could come here and be lost'
      : `${openRequests === 1 ? 'a request is' : `${openRequests} requests are`} open, and a press for ${openRequests === 1 ? 'it' : 'one'} could come here and be lost`;
  const remedy = 'Run this again while no request is open (`debug-approval list` shows them).';
  return aboutSlack(ID, 'unknown', `${unlooked}: ${why}.`, remedy);
}

function uncounted(failure: SlackFailure, waitingRuns: number | null): Finding {
  if (failure.code === 'too_many_websockets') return allTaken(waitingRuns);
  if (failure.kind === 'unanswered') return aboutSlack(ID, 'unknown', failure.what, failure.remedy);
  return aboutSlack(ID, 'wrong', failure.what, mending(failure));
}

function allTaken(waitingRuns: number | null): Finding {
  const taken = "All of the Slack app's ten connections are taken";
  if (waitingRuns === null) return aboutSlack(ID, 'unknown', `${taken}, and how many runs wait is not known.`, SHARED);
  if (waitingRuns < MOST) {
    const what = `${taken}, but ${waiting(waitingRuns)}: another repository or connections left behind share it.`;
    return aboutSlack(ID, 'wrong', what, SHARED);
  }
  const what = `${taken}, since ${waiting(waitingRuns)}; a further run hears presses only through them.`;
  return aboutSlack(ID, 'note', what, 'Decide or cancel requests that nobody needs any more.');
}

function judged({ connections }: ConnectionFacts, waitingRuns: number | null): Finding {
  if (connections === null) {
    return aboutSlack(ID, 'unknown', 'Slack did not say how many connections the Slack app has.', 'Try again.');
  }
  const others = connections - 1;
  if (others === 0) return aboutSlack(ID, 'ok', 'Nobody else is connected to the Slack app.');
  const known = `Besides this examination the Slack app has ${counted(others, 'connection', 'connections')}`;
  if (waitingRuns !== null && others <= waitingRuns)
    return aboutSlack(ID, 'ok', `${known}, and ${waiting(waitingRuns)}.`);
  if (waitingRuns === null) {
    return aboutSlack(ID, 'unknown', `${known}, and how many runs wait is not known.`, SHARED);
  }
  const what = `${known}, but ${waiting(waitingRuns)}: another repository or a connection left behind shares it, and Slack hands presses to any of them.`;
  return aboutSlack(ID, 'wrong', what, SHARED);
}

function waiting(runs: number): string {
  if (runs === 0) return 'no run waits for a decision';
  return runs === 1 ? 'one run waits for a decision' : `${runs} runs wait for a decision`;
}
