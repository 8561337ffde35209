/** Many people and jobs at one request: each decides by what it sees of the log, late and with gaps, and appends. */
import fc from 'fast-check';
import type { Policy } from '../../src/policy/schema.ts';
import { type Command, type DecideCommand, decide } from '../../src/request/decide.ts';
import { dialogOf, shownHash } from '../../src/request/dialog.ts';
import type { Actor, Deed, Event, EventOf } from '../../src/request/events.ts';
import { fold, type LoggedRecord, type OpenedState } from '../../src/request/state.ts';
import * as f from './full.ts';
import * as g from './given.ts';

/** What somebody, or a job, does; and what it sees of the log: without the last `lag` records and those of `gaps`. */
export interface Deedlet {
  who: string;
  via: Actor['via'];
  what: Deed | 'start' | 'expire' | 'remind' | 'cancel-run' | 'overdue';
  /** The approval is given as it must be: the dialog showed the request, all is ticked. */
  proper: boolean;
  left: string[];
  bot: boolean;
  lag: number;
  gaps: number[];
  /** Seconds since the deed before. */
  after: number;
}

const PEOPLE = ['ana', 'bo', 'cy', 'di', 'ed', 'nobody'];
const VIAS = ['slack-button', 'slack-dialog', 'slack-thread', 'slash-command', 'issue-comment'] as const;

export const deedlet = fc.record<Deedlet>({
  who: fc.constantFrom(...PEOPLE),
  via: fc.constantFrom(...VIAS),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('approve' as const) },
    { weight: 2, arbitrary: fc.constantFrom('deny' as const, 'withdraw' as const) },
    { weight: 1, arbitrary: fc.constantFrom('start', 'cancel', 'review', 'expire', 'remind', 'cancel-run', 'overdue') },
  ),
  proper: fc.boolean(),
  left: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, fc.subarray<string>(['sre', 'oncall'])),
  bot: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  lag: fc.nat({ max: 3 }),
  gaps: fc.array(fc.nat({ max: 8 }), { maxLength: 2 }),
  after: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 300 }) }, fc.nat({ max: 20_000 })),
});

/** A record that was appended, and the deed that it came of. */
export interface Happened {
  record: LoggedRecord;
  deed: Deedlet;
}

/** All records in the end; the opening is not among `happened`. */
export function live(policy: Policy, opening: EventOf<'requested'>, deeds: readonly Deedlet[]): Happened[] {
  const first = g.record(1, opening);
  const happened: Happened[] = [];
  let now = 10;
  for (const deed of deeds) {
    now += deed.after;
    const all = happened.map(({ record }) => record);
    const seen = all.slice(0, all.length - deed.lag).filter((_, index) => !deed.gaps.includes(index));
    const outcome = decide(policy, fold(policy, [first, ...seen]), commandOf(policy, opening, deed), {
      now: g.T0 + now * 1000,
    });
    const events: (Event | null)[] =
      outcome.kind === 'append' ? outcome.events : outcome.kind === 'refuse' ? [outcome.record] : [];
    const person = outcome.kind === 'append' ? outcome.person : null;
    for (const event of events) {
      if (event === null) continue;
      const by = { ...f.by(deed.who, deed.via), person };
      happened.push({ deed, record: g.record(happened.length + 2, event, by, g.at(now)) });
    }
  }
  return happened;
}

function commandOf(policy: Policy, opening: EventOf<'requested'>, deed: Deedlet): Command {
  switch (deed.what) {
    case 'start':
      return {
        type: 'start',
        started: f.startOf(opening),
        unrecordedDenials: [],
        unrecordedWithdrawals: [],
        unrecordedCancels: [],
      };
    case 'expire':
    case 'overdue':
      return { type: deed.what };
    case 'cancel-run':
      return { type: 'cancel', reason: 'The workflow run was cancelled.' };
    case 'remind':
      return { type: 'remind', due: { step: 1, people: ['bo'], escalatedTo: [] } };
    default:
      return wished(policy, opening, deed, deed.what);
  }
}

function wished(policy: Policy, opening: EventOf<'requested'>, deed: Deedlet, decision: Deed): DecideCommand {
  const { who, via, proper, left, bot } = deed;
  const dialog = dialogOf(policy, opening);
  return f.wish(who, via, {
    decision,
    bot,
    comment: 'A word of mine',
    shown: proper && via === 'slack-dialog' ? shownHash(dialog) : null,
    checklist: proper ? dialog.checklist : dialog.checklist.slice(1),
    standing: { left, barred: null },
  });
}

export const stateOf = (policy: Policy, records: readonly LoggedRecord[]): OpenedState => {
  const state = fold(policy, records);
  if (state.status === 'none') throw new Error('There is no opening.');
  return state;
};
