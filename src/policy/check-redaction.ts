/** Checks that what a policy says of redaction fits together: names are looked for, and every id means one thing. */
import { DETECTORS } from '../redact/detectors.ts';
import { NAMES } from '../redact/patterns.ts';
import type { Draft } from './draft.ts';
import { atKey, atValue, type Finding } from './problems.ts';

/** What marks and counts call the values of secrets. */
const REGISTERED = ['secret', 'registered'];

/** Findings for names that nobody looks for, a search for no names, and patterns whose id is taken. */
export function checkRedaction({ redaction }: Draft): Finding[] {
  return [...idleNames(redaction), ...takenIds(redaction.patternIds)];
}

function idleNames({ on, hasNames }: Draft['redaction']): Finding[] {
  const asked = on.indexOf(NAMES);
  if (asked === -1 && hasNames) {
    const message = `nobody looks for them: the detector ${NAMES} is off; write \`on: [${NAMES}]\` beside them.`;
    return [atKey(['redaction', 'names'], message)];
  }
  if (asked === -1 || hasNames) return [];
  return [
    atValue(['redaction', 'on', asked], `would find nothing: list under \`${NAMES}\` beside it what it looks for.`),
  ];
}

function takenIds(ids: Draft['redaction']['patternIds']): Finding[] {
  return ids.flatMap((id, index) => {
    const message = id === null ? null : takenBy(id, ids.indexOf(id), index);
    return message === null ? [] : [atValue(['redaction', 'patterns', index, 'id'], message)];
  });
}

function takenBy(id: string, first: number, index: number): string | null {
  if (id === NAMES || DETECTORS.some((one) => one.id === id)) {
    return `"${id}" is the id of a detector that is there already; choose another, so that marks and counts tell them apart.`;
  }
  if (REGISTERED.includes(id)) return `"${id}" is what marks and counts call secrets; choose another.`;
  return first === index ? null : `"${id}" is the id of patterns[${first}], too; give each its own.`;
}
