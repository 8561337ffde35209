/** The corpus that judges detectors is itself sound: enough of everything, labels that hold, negatives that are none. */
import { globSync, readFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpus, DETECTORS, type Finding, type Label, NAMES, type Sample, score, spansOf } from './corpus.ts';
import { LINES_PER_SECRET, logStream } from './log-stream.ts';
import { ibanHolds, luhnHolds } from './sample.ts';

const { positives, negatives } = corpus();
const samples = [...positives, ...negatives];
const labelled = (sample: Sample, { start, end }: Label) => sample.text.slice(start, end);
const valuesOf = (detector: string) =>
  positives.flatMap((sample) =>
    sample.labels.filter(({ detectors }) => detectors[0] === detector).map((label) => labelled(sample, label)),
  );
const perfect = (text: string): Finding[] =>
  samples
    .find((sample) => sample.text === text)
    ?.labels.map(({ start, end, detectors }) => ({ start, end, detector: detectors[0] ?? '' })) ?? [];

describe('the positives', () => {
  it('are at least 400, and at least 6 for each detector', () => {
    expect(positives.length).toBeGreaterThanOrEqual(400);
    const few = Object.keys(DETECTORS).filter((detector) => valuesOf(detector).length < 6);
    expect(few).toEqual([]);
  });

  it('name no detector that the contract does not know', () => {
    const named = positives.flatMap(({ labels }) => labels.flatMap(({ detectors }) => detectors));
    expect([...new Set(named)].filter((id) => !Object.hasOwn(DETECTORS, id))).toEqual([]);
    expect(Object.keys(DETECTORS).filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('have labels in the order of the text, which neither overlap nor hold blanks at their ends', () => {
    for (const sample of positives) {
      expect(sample.labels.length).toBeGreaterThan(0);
      let behind = 0;
      for (const label of sample.labels) {
        expect(label.start, sample.text).toBeGreaterThanOrEqual(behind);
        expect(labelled(sample, label)).toMatch(/^\S(.*\S)?$/s);
        behind = label.end;
      }
      expect(behind).toBeLessThanOrEqual(sample.text.length);
    }
  });

  it('have no marks of their making left, and are well-formed text', () => {
    expect(
      samples.filter(({ text }) => /[\uE000-\uE002]|undefined/u.test(text.replace(/token=undefined/, ''))),
    ).toEqual([]);
    expect(samples.filter(({ text }) => !text.isWellFormed())).toEqual([]);
  });

  it('stand alone, at line ends, in quotes, in JSON within JSON, in URLs, and several in a line', () => {
    const texts = positives.filter(({ labels }) => labels.length > 0);
    const around = texts.flatMap((sample) =>
      sample.labels.map(({ start, end }) => [sample.text.slice(0, start), sample.text.slice(end)] as const),
    );
    const places: ((before: string, after: string) => boolean)[] = [
      (before, after) => before === '' && after === '',
      (_, after) => after.startsWith('\n'),
      (_, after) => after.startsWith('\r\n'),
      (before, after) => before.endsWith('"') && after.startsWith('"'),
      (before, after) => before.endsWith("'") && after.startsWith("'"),
      (before, after) => before.endsWith('\\"') && after.startsWith('\\"'),
      (before, after) => /[?&]\w+=$/.test(before) && after.startsWith('&'),
    ];
    for (const place of places)
      expect(around.filter((sides) => place(...sides)).length, `${place}`).toBeGreaterThan(10);
    expect(texts.filter(({ labels }) => labels.length > 2).length).toBeGreaterThan(10);
  });
});

/** What parts groups of digits. */
const GAPS = /%20|[ +\u00a0\u202f-]/g;

describe('the values', () => {
  it('hold by the checks of their standards', () => {
    const digits = valuesOf('card').map((value) => value.replace(GAPS, ''));
    expect(digits.filter((value) => !luhnHolds(value) || !/^[2-6]\d{13,18}$/.test(value))).toEqual([]);
    const accounts = valuesOf('iban').map((value) => value.replace(GAPS, '').toUpperCase());
    expect(accounts.filter((value) => !ibanHolds(value))).toEqual([]);
    expect(valuesOf('ipv4').filter((value) => !isIPv4(value))).toEqual([]);
    expect(valuesOf('ipv6').filter((value) => !isIPv6(value))).toEqual([]);
    expect(
      valuesOf('ssn').filter((value) => !/^(?!000|666|9)\d{3}([- ]?)(?!00)\d\d\1(?!0000)\d{4}$/.test(value)),
    ).toEqual([]);
    const mac = /^(?:[\da-f]{2}(?::[\da-f]{2}){5}|[\da-f]{2}(?:-[\da-f]{2}){5}|[\da-f]{4}(?:\.[\da-f]{4}){2})$/i;
    expect(valuesOf('mac').filter((value) => !mac.test(value))).toEqual([]);
    const names = NAMES.map((name) => name.toLowerCase());
    expect(valuesOf('names').filter((value) => !names.includes(value.toLowerCase()))).toEqual([]);
  });

  it('that are JSON web tokens can be read', () => {
    // The claims of an encrypted one are not to be read.
    for (const token of valuesOf('jwt').filter((value) => value.split('.').length === 3)) {
      const [header = '', claims = ''] = token.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toHaveProperty('alg');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toBeTypeOf('object');
    }
  });

  it('are made at run time: no source of the corpus holds the shape of a secret', () => {
    const shapes =
      /(?:A[KS]IA[A-Z2-7]{16}|AIza[\w-]{35}|gh[pousr]_\w{36}|xox[abep]-\d{6}|[sr]k_live_\w{20}|glpat-[\w-]{20}|hf_[A-Za-z]{34}|-----BEGIN [A-Z ]*PRIVATE KEY-----\\?n)/;
    const sources = globSync('*.ts', { cwd: import.meta.dirname });
    expect(sources.length).toBeGreaterThan(10);
    const holding = sources.filter((file) => shapes.test(readFileSync(join(import.meta.dirname, file), 'utf8')));
    expect(holding).toEqual([]);
  });

  it('are the same for one seed and others for another', () => {
    expect(corpus()).toEqual({ positives, negatives });
    const others = new Set(corpus(2).positives.map(({ text }) => text));
    expect(positives.filter(({ text }) => others.has(text)).length).toBeLessThan(positives.length / 10);
  });
});

/** Issuers and their lengths, by the schemes' own tables; the corpus makes no others. */
const CARD =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11})$/;
/** What announces a version, or stands around a dotted quad that is one. */
const VERSION = /(?:\bv|[Vv]er(?:sion|\.)?[=: ("]*|\b(?:release|build|section) |==|[\w)]\/|[-_.@]|\w[:/]\w+:)$/;
const STAYING = /^(?:0\.0\.0\.0|127\.|255\.)|::1$|^::$/;

describe('the negatives', () => {
  it('are at least 400, all different, and none of them is labelled', () => {
    expect(negatives.length).toBeGreaterThanOrEqual(400);
    expect(new Set(negatives.map(({ text }) => text)).size).toBe(negatives.length);
    expect(negatives.filter(({ labels }) => labels.length > 0)).toEqual([]);
  });

  const matches = (pattern: RegExp) =>
    negatives.flatMap(({ text }) =>
      [...text.matchAll(pattern)].map((match) => ({ text, value: match[0], before: text.slice(0, match.index) })),
    );

  it('hold no number that is a card or an account', () => {
    const numbers = matches(/(?<![\d.])\d(?:[ -]?\d){11,18}(?![\d])/g).map(({ value }) => value.replace(/[ -]/g, ''));
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.filter((value) => CARD.test(value) && luhnHolds(value))).toEqual([]);
    const accounts = matches(/\b[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}\b/g).map(({ value }) => value.replaceAll(' ', ''));
    expect(accounts.length).toBeGreaterThan(10);
    expect(accounts.filter((value) => !value.startsWith('XX') && ibanHolds(value))).toEqual([]);
  });

  it('hold only addresses that stay by definition, and versions that say so', () => {
    const quads = matches(/(?<![\d.])\d+(?:\.\d+){3}(?![.\d])/g).filter(({ value }) => isIPv4(value));
    expect(quads.length).toBeGreaterThan(10);
    const unexplained = quads.filter(({ value, before }) => !STAYING.test(value) && !VERSION.test(before));
    expect(unexplained).toEqual([]);
    const sixes = matches(/(?<![\w:.])[\da-f:]*:[\da-f:.]*(?![\w:])/gi).filter(({ value }) => isIPv6(value));
    expect(sixes.filter(({ value }) => !STAYING.test(value))).toEqual([]);
  });

  it('hold no JSON web token, no phone number with +, no social security number, no MAC', () => {
    expect(matches(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)).toEqual([]);
    // No country has the codes 214 and 429.
    expect(matches(/(?<![\w.+])\+(?!214|429)[1-9]\d{7,14}(?![\d.])/g)).toEqual([]);
    expect(matches(/(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])/g)).toEqual([]);
    const macs = matches(/(?<![\w:-])[\da-f]{2}(?:([:-])[\da-f]{2})(?:\1[\da-f]{2}){4}(?![\w:-])/gi);
    expect(macs.filter(({ value }) => !/^(?:00|ff)(?:.\w\w){5}$/.test(value) || new Set(value).size > 2)).toEqual([]);
  });
});

describe('the score', () => {
  it('of one who finds everything and nothing else is whole', () => {
    const { all, rows, missed, wrong } = score(samples, perfect);
    expect(all).toMatchObject({ recall: 1, precision: 1, misnamed: 0 });
    expect([...rows.keys()].sort()).toEqual(Object.keys(DETECTORS).sort());
    expect([missed, wrong]).toEqual([[], []]);
  });

  it('of one who finds nothing has no recall', () => {
    expect(score(samples, () => []).all).toMatchObject({ found: 0, recall: 0, findings: 0 });
  });

  const one: Sample = {
    about: 'x',
    text: 'ana@example.com and more',
    labels: [{ start: 0, end: 15, detectors: ['email'] }],
  };

  it('counts a value that is masked in part as missed, and what touches no value as wrong', () => {
    const partly = score([one], () => [{ start: 0, end: 14, detector: 'email' }]);
    expect(partly.all).toMatchObject({ labels: 1, found: 0, wrong: 0 });
    expect(partly.missed).toMatchObject([{ detector: 'email', value: 'ana@example.com' }]);
    const beside = score([one], () => [
      { start: 0, end: 15, detector: 'email' },
      { start: 20, end: 24, detector: 'secret' },
    ]);
    expect(beside.rows.get('email')).toMatchObject({ recall: 1, precision: 1 });
    expect(beside.rows.get('secret')).toMatchObject({ wrong: 1, precision: 0 });
  });

  it('takes what several detectors cover together as found, and names what another claims', () => {
    const shared = score([one], () => [
      { start: 0, end: 8, detector: 'names' },
      { start: 8, end: 15, detector: 'email' },
    ]);
    expect(shared.all).toMatchObject({ found: 1, wrong: 0, misnamed: 1 });
  });
});

describe('the spans of a redactor', () => {
  it('are found from its markers in every text of the corpus', () => {
    for (const sample of positives) {
      let redacted = '';
      let behind = 0;
      for (const [index, { start, end, detectors }] of sample.labels.entries()) {
        redacted += `${sample.text.slice(behind, start)}‹${detectors[0]}#${index + 1}›`;
        behind = end;
      }
      redacted += sample.text.slice(behind);
      expect(spansOf(sample.text, redacted)).toEqual(perfect(sample.text));
    }
  });

  it('are refused when it changed anything else', () => {
    for (const redacted of ['a ‹email#1› d', 'a b', 'x ‹email#1› c', 'a b c‹email#1›', 'a ‹email#1› c ‹email#2›']) {
      expect(() => spansOf('a b c', redacted), redacted).toThrow('changed what it did not mark');
    }
  });
});

describe('the long log', () => {
  it('has the length that was asked for, and is the same for the same seed', () => {
    const read = (seed: number) => Buffer.concat([...logStream(1_000_001, seed)]);
    const log = read(1);
    expect(log.length).toBe(1_000_001);
    expect(log.equals(read(1))).toBe(true);
    expect(log.equals(read(2))).toBe(false);
    expect(log.includes(0)).toBe(false);
    const lines = log.toString().split('\n');
    expect(lines.length).toBeGreaterThan(10 * LINES_PER_SECRET);
    for (const kind of [/^\{"level"/, /^203\.0\.113\./, /^\tat com\.example/, /^ {4}at /, /^time=/]) {
      expect(lines.filter((line) => kind.test(line)).length).toBeGreaterThan(100);
    }
  });
});
