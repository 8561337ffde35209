/** What became of clicks, judged by the signed logs alone. */
import { evidenceOf } from '../../src/sandbox/evidence.ts';
import type { Town } from '../../src/sandbox/town.ts';
import type { AskedCard } from './ask-process.ts';
import type { Approver } from './crowd-policy.ts';

/** One person's click on one card; a person whose click is not acknowledged presses again, as Slack tells them to. */
export interface Click {
  card: AskedCard;
  person: Approver;
  acknowledged: boolean;
  /** How often the button was pressed for it. */
  presses: number;
}

export interface Truth {
  /** Decisions of somebody, or on a request, that no click was for. */
  crossed: number;
  /** Clicks whose person's decision does not stand in the request. */
  lost: number;
  /** Decisions of one person that count more than once, and presses that are recorded more than once. */
  twice: number;
  /** Acknowledged clicks whose person's decision does not stand. */
  untrue: number;
  /** Decisions that stand. */
  standing: number;
  /** Issues that are approved. */
  approved: Set<number>;
}

/** Reads every log and compares it with the clicks. Throws where a log does not hold. */
export async function judge(town: Town, cards: readonly AskedCard[], clicks: readonly Click[]): Promise<Truth> {
  const truth: Truth = { crossed: 0, lost: 0, twice: 0, untrue: 0, standing: 0, approved: new Set() };
  for (const card of cards) {
    const { log, state } = await evidenceOf(town, card.issue);
    const [broken] = log.broken;
    if (broken !== undefined || state.status === 'none') {
      throw new Error(`The log of issue #${card.issue} does not hold: ${broken?.why ?? 'it is empty'}`);
    }
    if (state.status === 'approved') truth.approved.add(card.issue);
    const own = clicks.filter((click) => click.card.issue === card.issue);
    const asked = new Set(own.map(({ person }) => `${person.key} ${person.slack} ${card.ts}`));
    const presses = new Set<string>();
    for (const { record } of log.entries) {
      for (const event of record.events) {
        if (event.type !== 'decided') continue;
        const { slack, evidence } = record.by;
        if (!asked.has(`${event.person} ${slack?.user} ${evidence['message_ts']}`)) truth.crossed += 1;
        const press = `${slack?.user} ${evidence['action_ts']}`;
        if (presses.has(press)) truth.twice += 1;
        presses.add(press);
      }
    }
    const standing = state.decisions.map(({ person }) => person);
    truth.standing += standing.length;
    truth.twice += standing.length - new Set(standing).size;
    const missing = own.filter(({ person }) => !standing.includes(person.key));
    truth.lost += missing.length;
    truth.untrue += missing.filter(({ acknowledged }) => acknowledged).length;
  }
  return truth;
}
