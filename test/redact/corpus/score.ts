/** How well something finds what the corpus labels: recall and precision, for each detector and in all. */
import type { Label, Sample } from './sample.ts';

/** What was masked, in UTF-16 code units of the text before. */
export interface Finding {
  start: number;
  end: number;
  detector: string;
}

export interface Row {
  /** Labels whose own detector this is, and how many of them are wholly masked, by whatever detector. */
  labels: number;
  found: number;
  /** What the detector masked, and how much of that touches no label. */
  findings: number;
  wrong: number;
  /** What it masked that belongs to labels which other detectors should claim: masked well, named badly. */
  misnamed: number;
  /** Shares from 0 to 1; of nothing, 1. */
  recall: number;
  precision: number;
}

export interface Score {
  all: Row;
  rows: Map<string, Row>;
  /** What to look at: the label's text, or what was masked, within its sample. */
  missed: { detector: string; value: string; sample: Sample }[];
  wrong: { detector: string; value: string; sample: Sample }[];
}

/** Judges `find` by the samples; a label counts as found when all of it but blanks and line ends is masked. */
export function score(samples: readonly Sample[], find: (text: string) => readonly Finding[]): Score {
  const result: Score = { all: emptyRow(), rows: new Map(), missed: [], wrong: [] };
  for (const sample of samples) judge(sample, find(sample.text), result);
  for (const row of [result.all, ...result.rows.values()]) {
    row.recall = share(row.found, row.labels);
    row.precision = share(row.findings - row.wrong, row.findings);
  }
  return result;
}

function judge(sample: Sample, findings: readonly Finding[], { all, rows, missed, wrong }: Score): void {
  const rowOf = (detector: string): Row => {
    const row = rows.get(detector) ?? emptyRow();
    rows.set(detector, row);
    return row;
  };
  for (const label of sample.labels) {
    const detector = label.detectors[0] ?? '';
    const found = isCovered(sample.text, label, findings);
    for (const row of [all, rowOf(detector)]) {
      row.labels += 1;
      row.found += found ? 1 : 0;
    }
    if (!found) missed.push({ detector, value: sample.text.slice(label.start, label.end), sample });
  }
  for (const finding of findings) {
    const touched = sample.labels.filter(({ start, end }) => start < finding.end && finding.start < end);
    const misnamed = touched.length > 0 && !touched.some(({ detectors }) => detectors.includes(finding.detector));
    for (const row of [all, rowOf(finding.detector)]) {
      row.findings += 1;
      row.wrong += touched.length === 0 ? 1 : 0;
      row.misnamed += misnamed ? 1 : 0;
    }
    const value = sample.text.slice(finding.start, finding.end);
    if (touched.length === 0) wrong.push({ detector: finding.detector, value, sample });
  }
}

function isCovered(text: string, label: Label, findings: readonly Finding[]): boolean {
  for (let at = label.start; at < label.end; at++) {
    const masked = findings.some(({ start, end }) => start <= at && at < end);
    if (!masked && !/\s/.test(text.charAt(at))) return false;
  }
  return true;
}

const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
const emptyRow = (): Row => ({ labels: 0, found: 0, findings: 0, wrong: 0, misnamed: 0, recall: 1, precision: 1 });

const MARKER = /‹([a-z0-9-]+)#\d+›/;

/**
 * Where a redactor masked, from the text that it gave: what stands between its markers `‹detector#N›` is found again in the
 * text before. Throws a `RangeError` when it changed anything else.
 */
export function spansOf(text: string, redacted: string): Finding[] {
  const [first = '', ...rest] = redacted.split(MARKER);
  const changed = () =>
    new RangeError(`The redactor changed what it did not mark: ${JSON.stringify(redacted)} of ${JSON.stringify(text)}`);
  if (!text.startsWith(first)) throw changed();
  const findings: Finding[] = [];
  let start = first.length;
  // Detectors and the texts behind their markers take turns; what is masked has at least one character.
  for (let index = 0; index < rest.length; index += 2) {
    const [detector = '', behind = ''] = rest.slice(index, index + 2);
    const isLast = index + 2 >= rest.length;
    const end = isLast ? text.length - behind.length : text.indexOf(behind, start + 1);
    if (end <= start || !text.startsWith(behind, end)) throw changed();
    findings.push({ start, end, detector });
    start = end + behind.length;
  }
  if (start !== text.length) throw changed();
  return findings;
}
