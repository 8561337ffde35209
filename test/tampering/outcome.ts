/** What each reader makes of an attack, and the table of all of them. */
import type { RequestVerdict } from '../../src/app/audit.ts';
import type { ExportVerdict } from '../../src/log/export-verify.ts';
import type { FakeGithub } from '../app/fake-github.ts';
import { logOf } from './forge.ts';
import type { Place } from './place.ts';
import { audited, type Met, meet, replay, warned } from './replay.ts';
import type { Row } from './row.ts';

/** The debug job, the sweep, `audit verify` of the repository, and an export that is made then. */
export interface Outcome {
  met: Met;
  /** What the signatures of ignored records lack. */
  lacking: string[];
  warnings: string[];
  first: RequestVerdict | undefined;
  second: RequestVerdict | undefined;
  file: string;
  verdict: ExportVerdict;
}

/** The attack, on a repository of its own for whoever reads it. */
export async function outcomeOf(place: Place, act: Row['act']): Promise<Outcome> {
  const after = async (issues: Parameters<typeof replay>[1]): Promise<FakeGithub> => {
    const github = replay(place, issues);
    await act({ place, github });
    return github;
  };
  // The debug job is still to run; the others look at what it left behind.
  const met = await meet(place, await after([place.approved]));
  const later = await after(place.later);
  const { requests, file, verdict } = await audited(place, later);
  const [first, second] = [1, 2].map((issue) => requests.find((one) => one.issue === issue));
  const findings = later.issues.has(1) ? (await logOf(place, later)).findings : [];
  const lacking = findings.flatMap(({ signature }) => signature ?? []);
  return { met, lacking, first, second, file, verdict, warnings: await warned(place, later) };
}

const HEAD = [
  '| who | does what | the debug job | `audit verify` | an export made then |',
  '| --- | --- | --- | --- | --- |',
];

/** All rows and what came of them, in Markdown. */
export function tableOf(rows: readonly (readonly [Row, Outcome])[]): string {
  const lines = rows.map(([{ by, attack }, outcome]) => `| ${by} | ${attack} | ${cells(outcome).join(' | ')} |`);
  return `${[...HEAD, ...lines].join('\n')}\n`;
}

const REFUSALS: Readonly<Record<string, string>> = {
  log: 'refuses: the log is broken',
  changed: 'refuses: the text was changed',
  refused: 'refuses: there is no such issue',
};

function cells({ met, lacking, first, verdict }: Outcome): string[] {
  const told = first?.broken.length === 0 ? first.notes : first?.broken;
  const codes = [...new Set(told?.map(({ code }) => `\`${code}\``))];
  const [unchecked] = verdict.heads.unchecked;
  return [
    met.fault === null ? 'runs' : (REFUSALS[met.fault.code] ?? met.fault.code),
    [`${first?.status}${codes.length === 0 ? '' : ':'}`, codes.join(', '), ...lacking.map((what) => `(${what})`)]
      .filter((part) => part !== '')
      .join(' '),
    `${verdict.status}${unchecked === undefined ? '' : `, names #${unchecked.issue} as missing`}`,
  ];
}
