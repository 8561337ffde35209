/**
 * The labelled corpus by which detectors are judged: texts with what must be masked in them, and texts that only look so.
 * It is made from the published definition of each format, named beside it, never from a detector's pattern. Values are made
 * at run time from a fixed seed: nothing of the shape of a secret stands in these files.
 */
import { ADDRESSES } from './addresses.ts';
import { CLOUD } from './cloud.ts';
import { CREDENTIALS } from './credentials.ts';
import { DELIVERY } from './delivery.ts';
import { KEYS } from './keys.ts';
import { negatives } from './negatives.ts';
import { NOTATIONS } from './notations.ts';
import { PERSONAL } from './personal.ts';
import { placed } from './places.ts';
import { SAAS } from './saas.ts';
import { chanceOf, type Format, type Sample, sampleOf } from './sample.ts';
import { SERVICES } from './services.ts';
import { SEVERAL } from './several.ts';
import { WRITTEN } from './written.ts';

export { DETECTORS } from './detectors.ts';
export { logStream } from './log-stream.ts';
export { NAMES } from './personal.ts';
export type { Label, Sample } from './sample.ts';
export { type Finding, type Score, score, spansOf } from './score.ts';

const PER_TOKEN = 12;
/** Formats with many faces get more. */
const PER_MANIFOLD = 24;
const PER_LINE_OF_SEVERAL = 4;
/** Prime to the number of places, so that the formats begin at different ones. */
const STRIDE = 7;

/** All samples, the same for the same seed; another seed gives other values in other places. */
export function corpus(seed = 1): { positives: Sample[]; negatives: Sample[] } {
  const chance = chanceOf(seed);
  const samplesOf = (format: Format, count: number, shift: number, personal: boolean): Sample[] =>
    Array.from({ length: count }, (_, index) =>
      sampleOf(format.source, placed(format.make(chance), format, index + shift, personal, chance)),
    );
  const several = SEVERAL.flatMap((line) =>
    Array.from({ length: PER_LINE_OF_SEVERAL }, () => sampleOf('several in one line', line(chance))),
  );
  const positives = [
    ...[...CLOUD, ...SAAS, ...DELIVERY, ...SERVICES].flatMap((format, index) =>
      samplesOf(format, PER_TOKEN, index * STRIDE, false),
    ),
    ...[...KEYS, ...CREDENTIALS, ...NOTATIONS].flatMap((format, index) =>
      samplesOf(format, PER_MANIFOLD, index, false),
    ),
    ...[...PERSONAL, ...ADDRESSES, ...WRITTEN].flatMap((format, index) => samplesOf(format, PER_MANIFOLD, index, true)),
    ...several,
  ];
  return { positives, negatives: negatives(chance) };
}
