/** What a request's log teaches: each record that now stands in it, what was added beside it, and what broke it. */
import type { Actor, Event, EventOf } from '../../request/events.ts';
import type { Evidence } from '../evidence.ts';
import { ACTIONS_BOT } from '../github/accounts.ts';
import { PEOPLE } from '../town.ts';
import { keyOf } from './cast.ts';
import { faultsOf, sentence, statusOf } from './issues.ts';
import { held, rule, short, step, type Telling } from './lesson.ts';

type Entry = Evidence['log']['entries'][number];

/** The lessons of one accepted record, in the order of its events. */
export function lessonsOfRecord(evidence: Evidence, entry: Entry): Telling[] {
  return entry.record.events.flatMap((event) => lessonOf(evidence, entry, event));
}

function lessonOf(evidence: Evidence, { record }: Entry, event: Event): Telling[] {
  const who = whoOf(record.by);
  const number = `Record ${record.seq}`;
  switch (event.type) {
    case 'requested':
      return [openingLesson(evidence, event)];
    case 'decided':
      return event.decision === 'deny'
        ? [held(`${who} denied it`, `${number}, signed. One eligible denial is enough: nothing runs.`, rule('deny'))]
        : [
            step(
              `${who} approved`,
              `${number}, signed and chained to the one before. ${verdictOf(evidence)}`,
              rule('human'),
            ),
          ];
    case 'refused':
      return [refusalLesson(event, { who, number, way: wayOf(record.by) })];
    case 'refusals-counted':
      return [countedLesson(event)];
    case 'started':
      return [startLesson(event)];
    case 'ended':
      return endLessons(event);
    case 'expired':
      return [held('Nobody answered in time', `${number} ends the request as expired. Nothing ran.`, rule('ends'))];
    case 'cancelled':
      return [
        step(
          'The request is cancelled',
          `${number} says why: ${event.reason} From now on nobody can approve it.`,
          rule('ends'),
        ),
      ];
    case 'withdrawn':
    case 'reminded':
    case 'discussed':
      return [step(...WHILE_OPEN[event.type](who, number), rule(event.type === 'withdrawn' ? 'deny' : 'ends'))];
    case 'reviewed':
      return [
        step(
          `${who} signed the after-review`,
          `${number} says what was found: “${event.comment}” Somebody other than the requester had to, so that no break-glass goes unread.`,
          rule('own'),
        ),
      ];
    case 'review-overdue':
      return [
        held(
          'The after-review is overdue',
          `${number} says that nobody signed it in time. The issue stays open until somebody does.`,
          rule('ends'),
        ),
      ];
    case 'purge':
    case 'purged':
      return [step(...PURGE[event.type](number), rule('ends'))];
    case 'errored':
      return [held('The request ended in an error', `${event.message} Nothing runs.`, rule('unclear'))];
  }
}

type Words = (who: string, number: string) => [title: string, text: string];

const WHILE_OPEN: { readonly [type in 'withdrawn' | 'reminded' | 'discussed']: Words } = {
  withdrawn: (who, number) => [
    `${who} withdrew the approval`,
    `${number}, signed. From now on it counts for nothing; until the job starts ${who} may approve again.`,
  ],
  reminded: (_, number) => [
    'Those who may still decide were reminded',
    `${number} says whom. Silence is never consent, so that somebody has to be asked again.`,
  ],
  discussed: (_, number) => [
    'What the thread says is on record',
    `${number} holds it, with secrets masked: the policy mirrors the discussion. None of it decides anything.`,
  ],
};

const PURGE: { readonly [type in 'purge' | 'purged']: (number: string) => [title: string, text: string] } = {
  purge: (number) => [
    'What was shared is about to go',
    `${number} holds a hash of each thing, written before anything is deleted.`,
  ],
  purged: (number) => ['What was shared is gone', `${number} is the receipt: what went, and what could not and why.`],
};

function openingLesson({ snapshot }: Evidence, { request, digest }: EventOf<'requested'>): Telling {
  const by = whoIs(request.requester.login);
  const text = [
    `Issue #${snapshot.number} opened with record 1, signed by GitHub for this very run.`,
    `Its digest ${short(digest)} covers all that ${by} asks: the command ${request.argv.join(' ')} at commit ${request.commit.slice(0, 7)},`,
    `the target ${request.target}, the reason and the time limit. Change one word, and it is another digest.`,
  ];
  return step(`${by} asks for ${request.runbook} on ${request.target}`, text.join(' '), rule('exact'));
}

function verdictOf({ state }: Evidence): string {
  if (state.status === 'none') return '';
  return `The policy says of it now: ${sentence(state.verdict.sentence)}`;
}

/** Told once the policy is satisfied; null before. */
export function approvalLesson({ state }: Evidence): Telling | null {
  if (state.status === 'none' || state.verdict.status !== 'met') return null;
  if (state.opening.request.breakGlass)
    return held(
      'The glass is broken: nobody approved it',
      `${sentence(state.verdict.sentence)} It starts at once, and loudly: whoever was passed over is named and pinged, and the issue stays open until somebody else signs.`,
      rule('unclear'),
    );
  const text = `${sentence(state.verdict.sentence)} No record says "approved": every reader works it out from the decisions, so that nobody can simply write it. GitHub may now start the debug job.`;
  return step('The rules are met', text, rule('human'));
}

interface Attempt {
  who: string;
  number: string;
  way: string;
}

function refusalLesson({ code, decision }: EventOf<'refused'>, { who, number, way }: Attempt): Telling {
  const recorded = `${number} keeps the attempt for the auditor; it counts for nothing.`;
  const wanted = `${who} tried to ${decision} ${way}`;
  switch (code) {
    case 'own-request':
      return held(`${who} cannot decide on their own request`, `${wanted}. ${recorded}`, rule('own'));
    case 'unknown-person':
      return held(
        `${who} is nobody to the policy`,
        `${wanted}, with an account that the policy links with no person. ${recorded}`,
        rule('unclear'),
      );
    case 'wrong-digest':
    case 'wrong-card':
      return held(
        'The button was not this request’s',
        `${wanted}, by a button that carries another digest than the request has. ${recorded}`,
        rule('exact'),
      );
    case 'account':
    case 'left-group':
      return held(
        `${who} may decide here no longer`,
        `${wanted}, but the directory says of the account that it may not. ${recorded}`,
        rule('unclear'),
      );
    case 'not-shown':
      return held(
        'The dialog did not show the request',
        `${wanted}, by a dialog whose text is not what the log says. ${recorded}`,
        rule('exact'),
      );
    case 'not-requester':
      return held(
        `${who} cannot cancel what somebody else asks`,
        `${wanted}; whoever may decide can deny it. ${recorded}`,
        rule('unclear'),
      );
    case 'bot':
      return held('Programs decide nothing', `${wanted}, through an app. ${recorded}`, rule('others'));
    default:
      return held(
        `${who} may not decide here`,
        `${wanted}, and no rule names them for this request. ${recorded}`,
        rule('unclear'),
      );
  }
}

function countedLesson({ counts }: EventOf<'refusals-counted'>): Telling {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const text = `Further refused attempts, and dialogs that were sent incomplete, are counted along with the next record instead of filling the log: ${all} since.`;
  return held('What was refused again is only counted', text, rule('private'));
}

function startLesson({ digest, environment }: EventOf<'started'>): Telling {
  const text = `Inside the environment ${environment} it computed the digest anew, from the signed opening, its own commit and the policy, and got the same ${short(digest)}. It recorded the start before the command ran, so that no second job can use this approval.`;
  return step('The debug job proved what it runs', text, rule('once'));
}

function endLessons({ outcome, reason, exitCode, durationMs, redactions }: EventOf<'ended'>): Telling[] {
  const masked = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  const lasted = durationMs === null ? '' : ` after ${(durationMs / 1000).toFixed(1)} s`;
  const how = ENDS[reason] ?? `The command ended with exit code ${exitCode ?? 'none'}${lasted}.`;
  const text = `${how} The record also holds the hash of all that it printed, so that the kept transcript can be checked.`;
  const end =
    outcome === 'finished'
      ? step('The command is done', text)
      : held('The job did not finish', how, rule(reason === 'refused' ? 'deny' : 'ends'));
  if (masked === 0) return [end];
  const hidden = `The command printed ${masked === 1 ? 'a secret' : `secrets ${masked} times`}. What you see in the log is what everybody sees: a mark in place of the value.`;
  return [end, held('What it printed was masked', hidden, rule('secrets'))];
}

const ENDS: Partial<Record<EventOf<'ended'>['reason'], string>> = {
  window: 'The time that was approved is over, so the command was ended.',
  cancelled: 'The run was cancelled while the command ran.',
  interrupted: 'The job ended without a word; the close job recorded that for it.',
  'spawn-failed': 'The command could not be started.',
  refused: 'A denial came to light before the command started, so nothing ran.',
};

/** What breaks the log, once it does. */
export function brokenLesson(evidence: Evidence): Telling {
  const bot = `account ${ACTIONS_BOT.id}`;
  const what = faultsOf(evidence)
    .slice(0, 2)
    .map((why) => why.replace(bot, `${ACTIONS_BOT.login}, which writes the records,`));
  const after = evidence.snapshot.open
    ? 'GitHub remembers it, and the chain of signed records no longer closes: nothing may run on this request any more.'
    : 'The request is over, but its log no longer passes for whole: an auditor sees it at once.';
  return held('The change shows', [...what, after].join(' '), rule('changed'));
}

/** What was added and is ignored, by the verifier's own words; null for what teaches nothing new. */
export function findingLesson({ code, why }: Evidence['log']['findings'][number]): Telling | null {
  const words = sentence(why);
  if (code === 'edited')
    return held(
      'Edited words decide nothing',
      `${words} Whoever may edit comments could have written them, so they count for nothing.`,
      rule('others'),
    );
  if (code === 'deleted') return null;
  return held(
    'It looks like a record, and is none',
    `The verifier says of it: ${words} It is ignored, and the request goes on.`,
    rule('added'),
  );
}

/** The issue is closed. */
export function closedLesson(evidence: Evidence, cardHasButtons: boolean): Telling {
  const { snapshot, log } = evidence;
  const status = statusOf(evidence);
  const buttons = cardHasButtons ? '' : ' The card in Slack says so too, and has no buttons any more.';
  const holds =
    faultsOf(evidence).length > 0
      ? ''
      : ` Its ${log.entries.length} records stay: signed, chained, readable for anybody.`;
  return step(
    `Issue #${snapshot.number} is closed as ${status}`,
    `Nothing stays open.${buttons}${holds}`,
    rule('ends'),
  );
}

const WAYS: Partial<Record<Actor['via'], string>> = {
  'slack-button': 'with the button in Slack',
  'slack-dialog': 'in the dialog in Slack',
  'slack-thread': 'with a reply in the thread in Slack',
  'slash-command': 'with a slash command in Slack',
};

function wayOf(by: Actor): string {
  return WAYS[by.via] ?? 'with a comment on the issue';
}

function whoOf(by: Actor): string {
  return by.person === null ? whoIs(by.slack?.user ?? by.github?.login ?? '') : by.name;
}

/** The sandbox's name for an account; the account itself where it is nobody's here. */
function whoIs(account: string): string {
  const key = keyOf(account);
  return key === null ? account || 'Somebody' : PEOPLE[key].name;
}
