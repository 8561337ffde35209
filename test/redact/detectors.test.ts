/** Rules of the detectors: each finds what it says, leaves what only looks so, and holds its own on the labelled corpus. */
import { describe, expect, it } from 'vitest';
import { expandExample } from '../../src/redact/detectors/detector.ts';
import { DETECTORS } from '../../src/redact/detectors.ts';
import type { RedactionChoice } from '../../src/redact/redactor.ts';
import { redactText } from '../../src/redact/text.ts';
import { corpus, NAMES, score, spansOf } from './corpus/corpus.ts';

const only = (id: string): RedactionChoice => ({
  off: DETECTORS.map((one) => one.id).filter((one) => one !== id),
  on: [],
  patterns: [],
  allow: [],
  names: [],
});

describe.each(DETECTORS)('the detector $id', (detector) => {
  const choice = only(detector.id);

  it('masks its examples', () => {
    for (const example of detector.examples.masked) {
      const { counts } = redactText(expandExample(example), { secrets: [], choice });
      expect(counts[detector.id] ?? 0, example).toBeGreaterThan(0);
    }
  });

  it('keeps what only looks so', () => {
    for (const example of detector.examples.kept) {
      const text = expandExample(example);
      expect(redactText(text, { secrets: [], choice }).text).toBe(text);
    }
  });
});

describe.each([1, 2, 3])('the detectors together, on the corpus of seed %i', (seed) => {
  const choice: RedactionChoice = { off: [], on: ['names'], patterns: [], allow: [], names: NAMES };
  const { positives, negatives } = corpus(seed);
  const judged = score([...positives, ...negatives], (text) => {
    const redacted = redactText(text, { secrets: [], choice }).text;
    // The corpus calls by the marker of registered values what is a detector of its own.
    return spansOf(text, redacted.replaceAll('‹named-secret#', '‹secret#'));
  });
  const told = ({ detector, value, sample }: (typeof judged.missed)[number]) =>
    `${detector}: ${value} in ${sample.text}`;

  it('find at least 99 in 100 values of each kind', () => {
    const low = [...judged.rows].filter(([, { recall }]) => recall < 0.99).map(([id]) => id);
    expect(judged.missed.filter(({ detector }) => low.includes(detector)).map(told)).toEqual([]);
  });

  it('are right with at least 97 in 100 of what each masks', () => {
    const low = [...judged.rows].filter(([, { precision }]) => precision < 0.97).map(([id]) => id);
    expect(judged.wrong.filter(({ detector }) => low.includes(detector)).map(told)).toEqual([]);
  });
});
