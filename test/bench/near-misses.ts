/** Texts that nearly are what a detector finds: the corpus's values where they stand, each spoilt, over and over. */
import type { Detector } from '../../src/redact/detectors/detector.ts';
import { corpus } from '../redact/corpus/corpus.ts';
import { type Chance, chanceOf } from '../redact/corpus/sample.ts';

const DIFFERENT = 600;
const SEPARATORS = ['\n', ' ', ''];

const SPOILS: readonly ((text: string, chance: Chance) => string)[] = [
  (text, chance) => text.slice(0, Math.max(1, text.length - 1 - chance.below(3))),
  (text, chance) => replaced(text, chance.below(text.length), '!'),
  (text) => text.slice(0, Math.ceil(text.length / 2)),
  (text, chance) => replaced(text, chance.below(text.length), ''),
];

/** So many bytes of near-misses of the detector, by each way of separating them. */
export function nearMisses(detector: Detector, bytes: number): Buffer[] {
  const chance = chanceOf(7);
  const called = detector.id === 'named-secret' ? 'secret' : detector.id;
  const texts = corpus().positives.flatMap(({ text, labels }) => {
    const label = labels.find(({ detectors }) => detectors[0] === called);
    return label === undefined
      ? []
      : [{ before: text.slice(0, label.start), value: text.slice(label.start, label.end) }];
  });
  return SEPARATORS.map((separator) => {
    const spoilt = Array.from({ length: DIFFERENT }, (_, index) => {
      const { before, value } = texts[index % texts.length] ?? { before: '', value: '' };
      return `${before}${SPOILS[index % SPOILS.length]?.(value, chance) ?? ''}${separator}`;
    });
    return repeated(Buffer.from(spoilt.join('')), bytes);
  });
}

function replaced(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1);
}

function repeated(part: Buffer, bytes: number): Buffer {
  const whole = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += part.length) part.copy(whole, at);
  return whole;
}
