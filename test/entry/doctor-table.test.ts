/** What doctor prints about others' names moves no cursor and turns no direction, wherever it stands. */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { summaryOf } from '../../src/app/doctor/summary.ts';
import { doctorAnnotation, doctorTable } from '../../src/entry/doctor-table.ts';

const HOSTILE = 'acme/x@\u001b[2J\u202egnp\u009b31m';
const finding: Finding = { id: 'x', area: 'Workflows', health: 'wrong', what: HOSTILE, remedy: `Mend ${HOSTILE}` };

test.each([
  ['an annotation', () => doctorAnnotation(`${HOSTILE}\nMend ${HOSTILE}`)],
  ['the table', () => doctorTable([finding], summaryOf([finding]))],
])('§4.9 a name with control characters stands inert in %s, which keeps its lines', (_, text) => {
  for (const sign of ['\u001b', '\u202e', '\u009b']) expect(text()).not.toContain(sign);
  expect(text()).toContain('\n');
});
