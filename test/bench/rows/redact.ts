/** Row: how fast and how small redaction is, each figure against a peer that is measured in the same run. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { build } from 'rolldown';
import { COMMANDS } from '../../../src/redact/commands.ts';
import { DETECTORS } from '../../../src/redact/detectors.ts';
import { createRedactor, DEFAULT_CHOICE, type RedactionChoice } from '../../../src/redact/redactor.ts';
import { logStream } from '../../redact/corpus/corpus.ts';
import { BASE64, chanceOf } from '../../redact/corpus/sample.ts';
import { nearMisses } from '../near-misses.ts';
import { type Figure, quantile, type Row, rounded, type Say } from '../row.ts';

const MB = 1024 * 1024;
const megabytes = (name: string, usual: number) => Number(process.env[name] ?? usual) * MB;
const PIECE = 65_536;
/** Peers that are slow by far are measured on a part; rates are compared. */
const PEER_BYTES = 4 * MB;
const SECRETS = 50;
const PAIRS = 3;
const STREAM = fileURLToPath(new URL('../redact-stream.ts', import.meta.url));

export const redact: Row = {
  name: 'redact',
  about:
    'Redaction of a mixed log (REDACT_MB, 200), of near-misses of each detector (REDACT_NEAR_MB, 10), and the memory for a long one (REDACT_LONG_MB, 1024)',
  async measure(say) {
    const log = Buffer.concat([...logStream(megabytes('REDACT_MB', 200), 1)]);
    const loop = best(3, log, referenceLoop);
    const found = best(3, log, (bytes) => redacted(bytes, [], DEFAULT_CHOICE));
    const values = best(3, log, (bytes) => redacted(bytes, secretValues(), NO_DETECTORS));
    const part = log.subarray(0, PEER_BYTES);
    const text = part.toString('latin1');
    const regexps = best(2, part, () => passes(text));
    const searches = best(2, part, searched);
    tell(say, { loop, found, values, regexps, searches });
    return [
      await secretlintFigure(say, log),
      figure('redact-regexp', found, regexps, 'of the time of a RegExp pass per anchor', 1 / 3),
      figure('redact-loop', found, loop, 'times the time of the loop', 4),
      figure('redact-values-indexof', values, searches, 'of the time of an indexOf pass per value', 1 / 5),
      figure('redact-values-loop', values, loop, 'times the time of the loop', 2.5),
      ...worstFigures(say, found),
      await memoryFigure(say),
    ];
  },
};

const NO_DETECTORS: RedactionChoice = { ...DEFAULT_CHOICE, off: DETECTORS.map(({ id }) => id) };

/** The time that ours takes, where the peer takes 1. Rates are in bytes a second. */
function figure(name: string, ours: number, peer: number, unit: string, bar: number): Figure {
  return { name, value: rounded(peer / ours, 3), unit, bar: rounded(bar, 3) };
}

function tell(say: Say, rates: Record<string, number>): void {
  say(
    Object.entries(rates)
      .map(([name, rate]) => `${name} ${Math.round(rate / MB)} MB/s`)
      .join(', '),
  );
}

/** The best rate of some turns, by this thread's own time: what else the machine does counts less. */
function best(times: number, bytes: Buffer, work: (bytes: Buffer) => unknown): number {
  const seconds = Array.from({ length: times }, () => {
    const from = process.threadCpuUsage();
    work(bytes);
    const { user, system } = process.threadCpuUsage(from);
    return (user + system) / 1e6;
  });
  return bytes.length / Math.min(...seconds);
}

const TABLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte * 7) & 0xff);

/** The yardstick: every byte is looked up in a table of 256 entries. */
function referenceLoop(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum = (sum + (TABLE[bytes[at] ?? 0] ?? 0)) | 0;
  return sum;
}

function redacted(bytes: Buffer, secrets: readonly string[], choice: RedactionChoice): number {
  const redactor = createRedactor({ secrets, choice, commands: true });
  let out = 0;
  for (let at = 0; at < bytes.length; at += PIECE) out += redactor.push(bytes.subarray(at, at + PIECE)).length;
  return out + redactor.end().length;
}

function secretValues(): string[] {
  const chance = chanceOf(3);
  return Array.from({ length: SECRETS }, (_, index) => chance.of(BASE64, 16 + (index % 24)));
}

/** What a filter does that has one regular expression for each anchor, and no check behind it. */
function passes(text: string): number {
  const anchors = [...DETECTORS, COMMANDS].flatMap((one) => one.anchors);
  let count = 0;
  for (const anchor of anchors) {
    if (typeof anchor === 'symbol') continue;
    const pattern = typeof anchor === 'string' ? anchor : anchor.is;
    const flags = pattern.startsWith('(?i)') ? 'gi' : 'g';
    for (const _ of text.matchAll(new RegExp(pattern.replace('(?i)', ''), flags))) count += 1;
  }
  return count;
}

/** One pass per value, of the value alone: its forms would be passes more. */
function searched(bytes: Buffer): number {
  return secretValues().filter((value) => bytes.indexOf(value) >= 0).length;
}

/** Families are tried with so many bytes, which tells slow from fast; so many of the slowest are measured in full. */
const TRIED_BYTES = 16 * 1024;
const SLOWEST = 8;
/** More values than one in so many bytes that are masked all the same make it no near-miss. */
const BYTES_PER_VALUE = 1_000;

/** The slowest detector's near-misses, all families one after the other, and the slowest of all families, against the usual rate. */
function worstFigures(say: Say, usual: number): Figure[] {
  const bytes = megabytes('REDACT_NEAR_MB', 10);
  const tried = DETECTORS.map((detector) => ({ id: detector.id, families: nearFamilies(detector) }));
  const all = tried.flatMap(({ families }) => families).sort((one, other) => one.rate - other.rate);
  const detectors = tried.map(({ id, families }) => {
    const share = Math.ceil(bytes / families.length);
    return {
      name: id,
      rate: nearRate(Buffer.concat(families.flatMap(({ family }) => [family.text(share), LINE_END]))),
    };
  });
  say(
    `${all.length} families of near-misses of ${tried.length} detectors; the slowest detectors, all families of each:`,
  );
  const detector = tellSlowest(say, detectors);
  say('and the slowest families, each alone:');
  const slowest = all.slice(0, SLOWEST);
  const family = tellSlowest(
    say,
    slowest.map((one) => ({ name: one.name, rate: nearRate(one.family.text(bytes)) })),
  );
  return [
    figure('redact-worst', detector, usual, 'times the usual time', 4),
    figure('redact-worst-family', family, usual, 'times the usual time', 4),
  ];
}

const LINE_END = Buffer.from('\n');

/** The detector's families of near-misses, and how fast each is at first sight, in bytes a second. */
function nearFamilies(detector: (typeof DETECTORS)[number]) {
  const tryOut = createTrial();
  return nearMisses(detector).flatMap((family) => {
    const { rate, masked } = tryOut(family.text(TRIED_BYTES));
    const near = family.known || masked * BYTES_PER_VALUE < TRIED_BYTES;
    return near ? [{ name: `${detector.id} (${family.name})`, rate, family }] : [];
  });
}

function nearRate(text: Buffer): number {
  return best(3, text, (bytes) => redacted(bytes, [], DEFAULT_CHOICE));
}

/** Gives the lowest rate. */
function tellSlowest(say: Say, all: { name: string; rate: number }[]): number {
  const slowest = all.toSorted((one, other) => one.rate - other.rate).slice(0, SLOWEST);
  for (const { name, rate } of slowest) tell(say, { [name]: rate });
  return slowest[0]?.rate ?? 0;
}

/** Tells how fast such texts are, in bytes a second by the clock, and how many values are masked in one. */
function createTrial(): (text: Buffer) => { rate: number; masked: number } {
  const redactor = createRedactor({ secrets: [], choice: DEFAULT_CHOICE, commands: true });
  const count = () => Object.values(redactor.counts()).reduce((sum, one) => sum + one, 0);
  return (text) => {
    const line = Buffer.concat([text, Buffer.from('\n')]);
    const before = count();
    redactor.push(line);
    const masked = count() - before;
    const times = Array.from({ length: 3 }, () => {
      const from = performance.now();
      redactor.push(line);
      return performance.now() - from;
    });
    return { rate: (1_000 * line.length) / Math.min(...times), masked };
  };
}

/** In a process of its own, as a bundle: what Node needs to read TypeScript would be more than all else. */
async function memoryFigure(say: Say): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'redact-'));
  try {
    const file = join(folder, 'stream.mjs');
    await build({ input: STREAM, platform: 'node', output: { file } });
    const long = process.env['REDACT_LONG_MB'] ?? '1024';
    const told: unknown = JSON.parse(execFileSync(process.execPath, [file, long], { encoding: 'utf8' }));
    if (typeof told !== 'object' || told === null || !('peak' in told) || !('early' in told))
      throw new Error(String(told));
    say(`resident after a tenth ${Math.round(Number(told.early) / MB)} MB`);
    return {
      name: 'redact-memory',
      value: rounded(Number(told.peak) / MB),
      unit: `MB at most over ${long} MB`,
      bar: 96,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Its preset on all of the log, turn by turn with ours, so that both have the same machine. */
async function secretlintFigure(say: Say, log: Buffer): Promise<Figure> {
  const pairs: { ours: number; theirs: number }[] = [];
  while (pairs.length < PAIRS) {
    const ours = best(1, log, (bytes) => redacted(bytes, [], DEFAULT_CHOICE));
    pairs.push({ ours, theirs: await presetRate(log) });
  }
  for (const { ours, theirs } of pairs) tell(say, { ours, "secretlint's preset": theirs });
  const ratio = quantile(
    pairs.map(({ ours, theirs }) => ours / theirs),
    0.5,
  );
  return figure('redact-secretlint', ratio, 1, "of the time of secretlint's preset", 1 / 3);
}

/** It masks and takes whole texts only: it gets strings of the length at which it is fastest, and they cost it nothing. */
async function presetRate(log: Buffer): Promise<number> {
  const config = { rules: [{ id: 'preset', rule: creator }] };
  let micros = 0;
  for (let at = 0; at < log.length; at += MB) {
    const content = log.toString('latin1', at, at + MB);
    const from = process.threadCpuUsage();
    await lintSource({
      source: { filePath: 'log.txt', content, ext: '.txt', contentType: 'text' },
      options: { maskSecrets: true, config },
    });
    const { user, system } = process.threadCpuUsage(from);
    micros += user + system;
  }
  return log.length / (micros / 1e6);
}
