/** What a refused person is told: what, why, and who can or what to do. */
import { sourceText } from '../policy/group-source.ts';
import { lookup } from '../policy/lookup.ts';
import { nameOf } from '../policy/people.ts';
import type { Policy } from '../policy/schema.ts';
import type { DecideCommand } from './command.ts';
import { decisionOf, denialsFor } from './counting.ts';
import type { Deed, RefusalCode } from './events.ts';
import { checklistOf, unticked } from './manner.ts';
import { oneOfNames } from './names.ts';
import { excludedPersons, type OpenedState, reviewOf } from './state.ts';
import { statusWords } from './status-words.ts';

/** Who was refused, and why. `person` is the policy's key, `name` what people call them. */
export interface RefusedAs {
  code: RefusalCode;
  person: string | null;
  name: string;
}

interface Telling extends RefusedAs {
  policy: Policy;
  state: OpenedState;
  command: DecideCommand;
  /** "You" where only they read it, else their name. */
  who: string;
  /** "You may not approve this request". */
  may: string;
}

const DEEDS: { readonly [deed in Deed]: string } = {
  approve: 'approve this request',
  deny: 'deny this request',
  withdraw: 'withdraw an approval of this request',
  cancel: 'cancel this request',
  review: 'sign the after-review of this request',
};

/**
 * The message for a refused attempt. What comes by Slack is answered to that person alone; what a comment is answered
 * stands in the job's log, for others. `policy` is as of the opening.
 */
export function refusalMessage(policy: Policy, state: OpenedState, command: DecideCommand, as: RefusedAs): string {
  const who = command.by.slack === null ? as.name : 'You';
  const may = `${who} may not ${DEEDS[command.decision]}`;
  return MESSAGES[as.code]({ policy, state, command, who, may, ...as });
}

const MESSAGES: { readonly [code in RefusalCode]: (of: Telling) => string } = {
  'unknown-person': (of) =>
    `${of.may}: the policy ${of.state.opening.request.policy.path} links ${accountWords(of.command.by)} with nobody. ${ask(of, ', or ask for an entry under `people`')}`,
  'own-request': ownRequest,
  'not-eligible': notEligible,
  bot: (of) => `${of.may}: bots and apps decide nothing. ${ask(of)}`,
  'wrong-digest': (of) =>
    `${of.may} from here: this button belongs to another request or was changed. Open the request's own card or its issue.`,
  'wrong-card': (of) =>
    `${of.may} from here: this message is not the request's own card. Open the request's own card or its issue.`,
  'already-decided': alreadyDecided,
  expired: (of) =>
    `${of.may} any more: it expired at ${of.state.opening.request.expiresAt}. Ask anew by running the workflow again.`,
  'not-open': notOpen,
  'left-group': (of) => `${of.may} any more: ${since(of)}. ${ask(of)}`,
  account: (of) =>
    `${of.may} from Slack: ${ended(of.command.standing.barred ?? 'the account may decide nothing')} Comment /${of.command.decision} on the issue instead. ${ask(of)}`,
  'needs-dialog': needsDialog,
  'not-shown': (of) =>
    `${of.may} by this dialog: what it showed is not what the log says. Close it and press Approve on the request's card again; should it happen once more, decide on the issue and have the log looked at.`,
  checklist: checklist,
  'nothing-to-withdraw': nothingToWithdraw,
  'not-requester': notRequester,
  'no-review': noReview,
};

function accountWords({ slack, github }: DecideCommand['by']): string {
  if (slack !== null) return `your Slack account (${slack.team}/${slack.user})`;
  return github === null ? 'this account' : `the GitHub account ${github.login} (id ${github.id})`;
}

/** Who can do it instead, and what else is to do. */
function ask(of: Telling, more = ''): string {
  const persons = able(of);
  if (persons.length === 0) return `There is nobody to ask. ${of.state.verdict.sentence}`;
  return `Ask ${oneOfNames(of.policy, persons)}${more}.`;
}

function able({ policy, state, command, code, person }: Telling): string[] {
  if (command.decision === 'cancel') return excludedPersons(state.opening.request);
  const persons = command.decision === 'review' ? (reviewOf(policy, state)?.by ?? []) : undecided(state);
  // Whose bot it was may still do it by their own hand.
  return persons.filter((one) => code === 'bot' || one !== person);
}

/** Those who may still decide: whoever denied is not to be asked again. */
function undecided(state: OpenedState): string[] {
  return state.opening.approvers.filter((person) => decisionOf(state, person) !== 'deny');
}

function ownRequest(of: Telling): string {
  const { state, person, command, who } = of;
  const asked = person === state.opening.request.requester.person;
  const why = asked
    ? `${who === 'You' ? 'you' : of.name} asked for it`
    : `the run belongs to ${who === 'You' ? 'you' : of.name}`;
  const instead = command.decision === 'deny' ? `To stop it, ${wayTo(of, 'cancel')}.` : ask(of);
  const verdict = command.decision === 'review' ? '' : ` ${state.verdict.sentence}`;
  return `${of.may}: ${why}. ${instead}${verdict}`;
}

/** How to do something where it counts. */
function wayTo({ state }: Telling, deed: 'cancel' | 'deny'): string {
  const thread = state.opening.card === null ? '' : ` or reply ${deed} in the card's thread`;
  return `comment /${deed} on the issue${thread}`;
}

function notEligible(of: Telling): string {
  const { request } = of.state.opening;
  const object = of.who === 'You' ? 'you' : of.name;
  const why =
    of.command.decision === 'review'
      ? `the policy does not name ${object} for after-reviews`
      : `no rule of the policy names ${object} for ${request.runbook} on ${request.target}`;
  return `${of.may}: ${why}. ${ask(of)}`;
}

function alreadyDecided(of: Telling): string {
  const { state, person, who } = of;
  const have = who === 'You' ? 'You have' : `${of.name} has`;
  if (decisionOf(state, person ?? '') === 'approve') {
    return `${have} already approved this request; one human counts once. ${state.verdict.sentence}`;
  }
  const needed = denialsFor(of.policy, state.opening);
  const denied = state.decisions.filter(({ decision }) => decision === 'deny').length;
  return `${have} already denied this request and cannot decide on it any more. ${denied} of ${needed} denials so far.`;
}

function notOpen(of: Telling): string {
  const { state } = of;
  const running = state.status === 'running' && of.command.decision !== 'approve';
  const advice = running ? ' To stop the job, cancel its run in GitHub.' : '';
  return `${of.may} any more: ${statusWords(state)}. Nothing was changed.${advice}`;
}

function since({ policy, command, who, name }: Telling): string {
  const groups = command.standing.left.map((key) => {
    const source = sourceText(lookup(policy.groups, key)?.source ?? { kind: 'listed' });
    return source === null ? key : `${key} (${source})`;
  });
  return `${who === 'You' ? 'you have' : `${name} has`} left ${groups.join(', ')} since it was asked`;
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function needsDialog(of: Telling): string {
  const items = checklistOf(of.policy, of.state.opening);
  const why =
    items.length > 0
      ? 'this runbook has a checklist, which must be ticked'
      : 'the policy wants the request read in the dialog first';
  const lines = items.length > 0 ? `, with these lines below it: ${taskLines(items)}` : '';
  const card = of.state.opening.card === null ? '' : "Press Approve on the request's card, which opens the dialog, or ";
  const write = `${card === '' ? 'Comment' : 'comment'} /approve on the issue${lines}`;
  return `${of.may} in this way: ${why}. ${card}${write}${lines === '' ? '.' : ''}`;
}

function checklist(of: Telling): string {
  const missing = unticked(of.policy, of.state.opening, of.command.checklist);
  const what = missing.length === 1 ? '1 item of the checklist is' : `${missing.length} items of the checklist are`;
  const todo =
    of.command.by.via === 'slack-dialog'
      ? `Tick what was checked: ${missing.map((item) => `"${item}"`).join('; ')}`
      : `Comment /approve again, with every item that was checked as a ticked line; missing: ${taskLines(missing)}`;
  return `${of.may} yet: ${what} not ticked. ${todo}`;
}

function taskLines(items: readonly string[]): string {
  return items.map((item) => `"- [x] ${item}"`).join('; ');
}

function nothingToWithdraw(of: Telling): string {
  const { state, person, who } = of;
  const whose = who === 'You' ? 'yours' : of.name;
  const denied = decisionOf(state, person ?? '') === 'deny';
  const why = denied ? 'a denial cannot be withdrawn' : `there is no approval of ${whose} that counts`;
  return `Nothing was withdrawn: ${why}. ${state.verdict.sentence}`;
}

function notRequester(of: Telling): string {
  const { policy, state, person } = of;
  const names = excludedPersons(state.opening.request).map((one) => nameOf(policy, one));
  const may = `${of.may}: only ${names.join(' and ')}, whose request it is, may.`;
  return state.opening.approvers.includes(person ?? '') ? `${may} To stop it, ${wayTo(of, 'deny')}.` : may;
}

function noReview({ policy, state, may }: Telling): string {
  const review = reviewOf(policy, state);
  if (review === null) {
    const why = state.opening.request.breakGlass ? 'its debug job has not started' : 'it was no break-glass';
    return `${may}: it needs none, since ${why}.`;
  }
  if (review.signed !== null) return `${may}: ${review.signed.name} has signed it already.`;
  if (state.status === 'running') return `${may} yet: the debug job is still running. Sign once it has ended.`;
  return `${may} without a word: say what was found. Comment /review on the issue, followed by it.`;
}
