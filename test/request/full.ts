/** A policy with every way to decide, and requests under it: checklist, dialog, directories, denials, break-glass, reminders. */
import type { Policy } from '../../src/policy/schema.ts';
import type { DecideCommand } from '../../src/request/decide.ts';
import { dialogOf, shownHash } from '../../src/request/dialog.ts';
import type { Actor, EventOf } from '../../src/request/events.ts';
import type { Request } from '../../src/request/request.ts';
import type { LoggedRecord } from '../../src/request/state.ts';
import { policyOf } from '../policy/sample.ts';
import * as g from './given.ts';

/**
 * Ana asks. Bo and Cy are in the team, Di and Ed are leads; two of them approve in production, two denials end it. Cy is
 * quiet, the leads are asked after half an hour. What is only looked at on staging is pre-approved.
 */
export const FULL_TEXT = `version: 1
people:
  ana: { name: Ana, github: { id: 101, login: ana-dev }, slack: { team: T1, user: UANA } }
  bo: { name: Bo, github: { id: 102, login: bo-dev }, slack: { team: T1, user: UBO } }
  cy: { name: Cy, github: { id: 103, login: cy-dev }, slack: { team: T1, user: UCY } }
  di: { name: Di, github: { id: 104, login: di-dev }, email: di@example.com }
  ed: { name: Ed, github: { id: 105, login: ed-dev }, slack: { team: T1, user: UED } }
groups:
  developers: { members: [ana, bo] }
  sre: { github-team: acme/sre }
  oncall: { slack-group: S0ONCALL }
  leads: { members: [di, ed] }
targets:
  staging: { environment: staging, tier: staging }
  production: { environment: production, tier: production }
requesters: [developers]
link-by-email: true
runbooks:
  peek: { title: Look at a service, run: [runbooks/peek.sh], targets: [staging], risk: low }
  mend:
    title: Mend a service
    run: [runbooks/mend.sh, "--service={{ inputs.service }}"]
    inputs: { service: { type: enum, values: [api, web] } }
    checklist: [The replica is in sync, Nobody else works on it]
    targets: [production]
    risk: high
  turn: { title: Turn a switch, run: [runbooks/turn.sh], targets: [production], risk: medium }
  steps:
    title: Steps of our own
    manual: true
    inputs: { service: { type: enum, values: [api, web] } }
    targets: [production]
    risk: medium
rules:
  - { name: Pre-approved, when: { runbooks: [peek] }, require: none }
  - { name: Two people, when: { tiers: [production] }, require: { count: 2, of: [sre, oncall, leads] }, denials: 2 }
reason: { min-length: 5 }
expiry: 4h
window: 30m
slack: { channel: C0APPROVE, quiet: [cy], mirror: true }
reminders: { after: 10m, times: 3 }
escalation: { after: 30m, to: [leads] }
break-glass:
  who: [developers]
  targets: [production]
  reason: { min-length: 20 }
  review: { by: [leads, sre, ana], within: 24h }
signers: { workflows: [.github/workflows/debug.yml] }
`;
export const FULL = policyOf(FULL_TEXT);

/** The policy with one piece of its text replaced. */
export function fullWith(piece: string, replacement: string): Policy {
  if (!FULL_TEXT.includes(piece)) throw new Error(`The policy has no ${piece}`);
  return policyOf(FULL_TEXT.replace(piece, () => replacement));
}

export const CHECKLIST = ['The replica is in sync', 'Nobody else works on it'];
const REASON = 'Orders hang since the last release';

/** Ana asks to mend the web service in production. */
export function mend(change: Partial<Request> = {}): EventOf<'requested'> {
  const inputs = { service: 'web' };
  const argv = ['runbooks/mend.sh', '--service=web'];
  return {
    ...g.opening({ runbook: 'mend', argv, inputs, reason: REASON, expiresAt: g.at(14_400), ...change }),
    approvers: ['bo', 'cy', 'di', 'ed'],
    members: { sre: ['bo', 'cy'], oncall: ['bo'] },
    links: { di: { team: 'T1', user: 'UDI' } },
  };
}
/** The same by a runbook that wants a dialog and has no checklist. */
export const turn = (change: Partial<Request> = {}) =>
  mend({ runbook: 'turn', argv: ['runbooks/turn.sh'], inputs: {}, ...change });
/** What is pre-approved: nobody has to be asked. */
export const peek = (): EventOf<'requested'> => ({
  ...g.opening({ runbook: 'peek', argv: ['runbooks/peek.sh'], inputs: {}, target: 'staging', environment: 'staging' }),
  approvers: [],
});
export const broken = (change: Partial<Request> = {}) => turn({ breakGlass: true, ...change });

/** Who did something in the dialog, in the thread, by a slash command. */
export const by = (person: string, via: Actor['via']): Actor =>
  via === 'issue-comment' ? g.byGithub(person) : { ...g.bySlack(person), via, slack: slackOf(person) };

function slackOf(person: string): { team: string; user: string } {
  return FULL.people[person]?.slack ?? { team: 'T1', user: `U${person.toUpperCase()}` };
}

/** An approval in the dialog as its record has it. */
export function inDialog(person: string, opening = mend()): EventOf<'decided'> {
  const dialog = dialogOf(FULL, opening);
  return { ...g.decided(person), shown: shownHash(dialog), checklist: dialog.checklist };
}

/** Records of approvals in the dialog, of denials and of withdrawals, by comment id. */
export const approval = (id: number, person: string, opening = mend()): LoggedRecord =>
  g.record(id, inDialog(person, opening), by(person, 'slack-dialog'));
export const denial = (id: number, person: string): LoggedRecord =>
  g.record(id, g.decided(person, 'deny'), by(person, 'slack-button'));
export const withdrawal = (id: number, person: string, comment = ''): LoggedRecord =>
  g.record(id, { type: 'withdrawn', person, comment }, by(person, 'slack-thread'));
export const startOf = (opening: EventOf<'requested'>): EventOf<'started'> =>
  g.started({ digest: opening.digest, environment: opening.request.environment });

/** A wish to do something, as that channel brings it for this request. */
export function wish(person: string, via: Actor['via'], change: Partial<DecideCommand> = {}): DecideCommand {
  const { github, slack, evidence } = by(person, via);
  return {
    type: 'decide',
    decision: 'approve',
    comment: '',
    by: { github, slack, via, evidence },
    bot: false,
    claim: null,
    card: null,
    shown: null,
    checklist: [],
    standing: { left: [], barred: null },
    ...change,
  };
}
/** The same as sent off in the dialog, which showed what it must. */
export function submit(person: string, change: Partial<DecideCommand> = {}, opening = mend()): DecideCommand {
  const dialog = dialogOf(FULL, opening);
  return wish(person, 'slack-dialog', { shown: shownHash(dialog), checklist: dialog.checklist, ...change });
}
