/** `audit verify` of an export: a file, or what comes in by standard input. */
import { type ExportVerdict, told, verifyExport } from '../../log/export-verify.ts';
import { onTerminal } from '../terminal-text.ts';
import type { VerifyOptions } from './audit.ts';
import { heldAgainst, summing, sumOf } from './audit-checksum.ts';
import { finish } from './audit-finish.ts';
import { openFile } from './audit-input.ts';
import { auditorFor, waiting } from './audit-open.ts';
import { type ProgressLine, progressOn } from './audit-progress.ts';
import { trustedBy } from './audit-trust.ts';
import { count, GRADE_WORDS } from './audit-words.ts';

/** Verifies and tells; null is standard input. Throws Faults where what is to be trusted cannot be had. */
export async function verifyFile(path: string | null, options: VerifyOptions): Promise<void> {
  const progress = progressOn(process.stderr);
  const trusted = await trustedFor(options, progress);
  let requests = 0;
  const kept = options.sha256 === undefined ? null : sumOf(options.sha256);
  const { bytes, sum } = summing(path === null ? process.stdin : await openFile(path));
  const read = await verifyExport(bytes, {
    trusted,
    ...(options.head === undefined ? {} : { heads: [{ hash: options.head }] }),
    onRequest({ issue }) {
      requests += 1;
      progress.show(`${count(requests, 'request')} verified, now issue #${issue}`);
    },
  }).finally(() => progress.end());
  const verdict = kept === null ? read : heldAgainst(read, kept, sum());
  const code = ({ whole: 0, broken: 1, unknown: 2 } as const)[verdict.status];
  const sha256 = sum();
  finish(code, verdict.grading?.grade ?? null, fileWords(verdict), { kind: 'file', ...verdict, sha256 }, options);
}

/** The repository's own keys and workflows where one is named, else what trusted exports vouch for, else the file's own word. */
async function trustedFor(options: VerifyOptions, progress: ProgressLine) {
  if (options.repository === undefined) return trustedBy(options.trust ?? []);
  const { trust, known } = await auditorFor(options.repository, { ...options, onWait: waiting(progress) }).finally(() =>
    progress.end(),
  );
  return { trust, known };
}

const WHAT_TO_DO = {
  whole: [],
  broken: ['\nWhat to do: compare with another copy, or with what stands on GitHub (audit verify owner/name).'],
  unknown: [
    'What to do: name with --trust an export of the same repository that was kept elsewhere, made while its keys were published. Where a workflow was renamed, keep its old path under `signers` in the policy, and verify with --repository.',
  ],
};
const NO_EXPORT = [
  'What to do: name a file that `debug-approval audit export` wrote as jsonl, unpacked; its events (cloudevents, ocsf) cannot be verified.',
];

/** The verdict on an export. */
export function fileWords(verdict: ExportVerdict): string {
  const { status, grading, faults, counts, unusedKeys } = verdict;
  // A line break in what somebody wrote must not begin a line of ours.
  const why = onTerminal(`${verdict.why.charAt(0).toLowerCase()}${verdict.why.slice(1)}`);
  // The first sentence says that the records hold; by which keys, belongs to it.
  const rests =
    status !== 'whole' || grading === null ? why : why.replace(/\.(?= |$)/, ` (${GRADE_WORDS[grading.grade]}).`);
  const head = { whole: 'whole', broken: 'broken', unknown: 'not determined' }[status];
  const weak =
    status === 'whole' && grading !== null && grading.grade !== 'live' ? [`  ${onTerminal(grading.why)}`] : [];
  const others = faults.slice(1).map((fault) => `  ${onTerminal(told(fault))}`);
  const more = counts.faults - faults.length;
  const policies = counts.policiesWithoutText;
  return [
    `${head}: ${rests}`,
    ...weak,
    ...(others.length === 0 ? [] : ['\nIt is not the only fault:', ...others]),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    ...(status === 'unknown' && verdict.repository === null ? NO_EXPORT : WHAT_TO_DO[status]),
    ...(policies > 0 ? [`\n${count(policies, 'policy text')} could not be had when this was exported.`] : []),
    ...unusedKeys.map(
      ({ kid, why: reason }) =>
        `\nThe file's key ${onTerminal(kid ?? 'without a name')} was not used: ${onTerminal(reason)}.`,
    ),
  ].join('\n');
}
