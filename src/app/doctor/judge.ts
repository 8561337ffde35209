/** Makes findings: what is so, how it is judged, and what a failure to look means. */
import { Fault } from '../fault.ts';
import type { Finding } from './finding.ts';

type Area = Finding['area'];

/** The four ways to judge, for one area of the table. */
export interface Judge {
  ok(id: string, what: string): Finding;
  wrong(id: string, what: string, remedy: string): Finding;
  note(id: string, what: string, remedy?: string): Finding;
  unknown(id: string, what: string, remedy: string): Finding;
  /** Runs a look; where GitHub or Slack did not answer it, the finding is `unknown` and the other looks go on. */
  look(id: string, work: () => Promise<Finding[]>): Promise<Finding[]>;
}

/** The judge of an area. */
export function judgeOf(area: Area): Judge {
  const made = (health: Finding['health'], id: string, what: string, remedy: string | null): Finding => {
    return { id, area, health, what, remedy };
  };
  const unknown: Judge['unknown'] = (id, what, remedy) => made('unknown', id, what, remedy);
  return {
    unknown,
    ok: (id, what) => made('ok', id, what, null),
    wrong: (id, what, remedy) => made('wrong', id, what, remedy),
    note: (id, what, remedy) => made('note', id, what, remedy ?? null),
    async look(id, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Fault) return [unknown(id, error.message, error.remedy)];
        throw error;
      }
    },
  };
}

/** Names in a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 person`, `3 people`. */
export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
