/** What all findings come to: how many of each kind, the exit code, and what to do next. */
import type { Finding, Health } from './finding.ts';
import { counted, listed } from './judge.ts';

export interface DoctorSummary {
  counts: Record<Health, number>;
  /** 0: nothing is wrong. 1: something is. 2: the repository could not be looked at. */
  exitCode: 0 | 1 | 2;
  /** One line. */
  sentence: string;
}

/** The id of the finding without which nothing else was looked at. */
export const READABLE = 'repository';

/** Sums up. */
export function summaryOf(findings: readonly Finding[]): DoctorSummary {
  const count = (health: Health) => findings.filter((one) => one.health === health).length;
  const counts = { ok: count('ok'), wrong: count('wrong'), note: count('note'), unknown: count('unknown') };
  const blind = findings.some(({ id, health }) => id === READABLE && health === 'unknown');
  const exitCode = blind ? 2 : counts.wrong > 0 ? 1 : 0;
  return { counts, exitCode, sentence: sentenceOf(exitCode, counts) };
}

function sentenceOf(exitCode: 0 | 1 | 2, { ok, wrong, note, unknown }: Record<Health, number>): string {
  if (exitCode === 2) return 'The repository could not be looked at; mend what is said above and run doctor again.';
  const rest = [
    ...(note > 0 ? [counted(note, 'note', 'notes')] : []),
    ...(unknown > 0 ? [`${unknown} could not be looked at from here`] : []),
  ];
  const tail = rest.length === 0 ? '' : `; ${listed(rest)}`;
  if (exitCode === 0) {
    const next = unknown > 0 ? ' Do what stands under each ?, to see it all.' : ' Ask for something harmless next.';
    return `Nothing is wrong: ${ok} ok${tail}.${next}`;
  }
  const first = wrong === 1 ? 'Mend the ✗ above' : 'Mend the ✗ above, from top to bottom';
  return `${counted(wrong, 'thing is', 'things are')} wrong: ${ok} ok${tail}. ${first}, then run doctor again.`;
}
