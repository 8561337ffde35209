/** Texts that nearly are what a detector finds, in the ways that cost most to turn down. */

import type { Detector } from '../../src/redact/detectors/detector.ts';
import type { Anchor } from '../../src/redact/engine/anchors.ts';
import { readPattern, type Tree } from '../../src/redact/engine/syntax.ts';
import { corpus } from '../redact/corpus/corpus.ts';
import { BASE62, type Chance, chanceOf, DIGITS, HEX, LOWER } from '../redact/corpus/sample.ts';

/** One way to come near, as a piece that is made anew so many times, and repeated. */
export interface Family {
  name: string;
  /** Made of the corpus's values. */
  known: boolean;
  /** So many bytes of it. */
  text(bytes: number): Buffer;
}

interface Near {
  chance: Chance;
  /** One of the detector's anchors, spelt out. */
  anchor(): string;
  /** A value where the corpus has it. */
  value(): { before: string; value: string };
}

const DIFFERENT = 600;
const SEPARATORS = { lines: '\n', words: ' ', 'one line': '' };
const BODIES = { 'letters and digits': BASE62, hex: HEX, letters: LOWER };
const LENGTHS = [6, 39, 500, 3_000];
const PROSE = 'the key of the door is in a box and must be found before noon ';

const SPOILS: Record<string, (value: string, chance: Chance) => string> = {
  'one byte too few': (value) => value.slice(0, -1),
  'one byte too many': (value) => value + (value.at(-1) ?? ''),
  'last byte wrong': (value) => `${value.slice(0, -1)}!`,
  'some byte wrong': (value, chance) => replaced(value, chance.below(value.length), '!'),
  'some byte missing': (value, chance) => replaced(value, chance.below(value.length), ''),
  half: (value) => value.slice(0, Math.ceil(value.length / 2)),
  'one letter over and over': (value) => 'a'.repeat(value.length),
  placeholder: (value) => '*'.repeat(value.length),
};

/** What stands between an anchor and the next: every sign alone, and signs as formats have them together. */
const BETWEEN = [
  '',
  '\n',
  ...Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(index + 0x20)).filter((char) =>
    /[^a-z1-9]/i.test(char),
  ),
  '="',
  "='",
  '=',
  '":"',
  ': ',
  ' = ',
  ' --',
  '\\\\\\"',
  '"\'`"\'`',
  '="\'`"\'`',
  '        ',
  '        =        ',
  '=$',
  '=(',
  '=***,',
  ': a.b.',
  `="${PROSE}`,
];

/** Anchors of different spelling that are tried. */
const SPELLINGS = 2;

/** Every family of the detector. */
export function nearMisses(detector: Detector): Family[] {
  const near = nearOf(detector);
  const anchors = [...new Set(Array.from({ length: 4 * SPELLINGS }, () => near.anchor()))].slice(0, SPELLINGS);
  return [
    ...Object.entries(SPOILS).flatMap(([spoil, spoilt]) =>
      Object.entries(SEPARATORS).map(([apart, separator]) =>
        family(
          `${spoil}, ${apart}`,
          () => {
            const { before, value } = near.value();
            return before + spoilt(value, near.chance) + separator;
          },
          true,
        ),
      ),
    ),
    ...[...anchors, null].flatMap((anchor) =>
      BETWEEN.map((between) =>
        family(JSON.stringify(`${anchor ?? 'anchors '}${between}`), () => (anchor ?? near.anchor()) + between),
      ),
    ),
    ...Object.entries(BODIES).flatMap(([name, alphabet]) =>
      LENGTHS.flatMap((length) =>
        ['', '='].map((sign) =>
          family(`anchor${sign}, ${length} ${name}`, () => near.anchor() + sign + near.chance.of(alphabet, length)),
        ),
      ),
    ),
  ];
}

/** Made once for all detectors. */
let positives: ReturnType<typeof corpus>['positives'] | undefined;

function nearOf({ id, anchors }: Detector): Near {
  const chance = chanceOf(7);
  const called = id === 'named-secret' ? 'secret' : id;
  positives ??= corpus().positives;
  const values = positives.flatMap(({ text, labels }) => {
    const label = labels.find(({ detectors }) => detectors[0] === called);
    return label === undefined
      ? []
      : [{ before: bytesOf(text.slice(0, label.start)), value: bytesOf(text.slice(label.start, label.end)) }];
  });
  const spellings = anchors.map((anchor) => speltBy(anchor, chance));
  return { chance, anchor: () => chance.one(spellings)(), value: () => chance.one(values) };
}

function family(name: string, piece: () => string, known = false): Family {
  return {
    name,
    known,
    text(bytes) {
      const pieces: string[] = [];
      for (let length = 0; pieces.length < DIFFERENT && length < bytes; )
        length += pieces[pieces.push(piece()) - 1]?.length ?? 0;
      return repeated(Buffer.from(pieces.join(''), 'latin1'), bytes);
    },
  };
}

/** The text with one character a byte, as anchors are spelt. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Spells the anchor, anew each time. */
function speltBy(anchor: Anchor, chance: Chance): () => string {
  if (typeof anchor === 'symbol') return () => chance.of(DIGITS, 4);
  const tree = readPattern(typeof anchor === 'string' ? anchor : anchor.is);
  if (typeof anchor === 'string') return () => speltTree(tree, chance);
  return () => memberOf(anchor.after, chance) + speltTree(tree, chance);
}

function speltTree(tree: Tree, chance: Chance): string {
  if (tree.kind === 'bytes') return memberOf(tree.set, chance);
  if (tree.kind === 'choice') return speltTree(chance.one(tree.parts), chance);
  if (tree.kind === 'sequence') return tree.parts.map((part) => speltTree(part, chance)).join('');
  const times = tree.least + chance.below(tree.most - tree.least + 1);
  return Array.from({ length: times }, () => speltTree(tree.part, chance)).join('');
}

/** A byte of the set, one that can be printed if there is any. */
function memberOf(set: Uint8Array, chance: Chance): string {
  let members = MEMBERS.get(set);
  if (members === undefined) {
    const all = Array.from(set.keys()).filter((byte) => set[byte] === 1);
    const printed = all.filter((byte) => byte >= 0x20 && byte < 0x7f);
    members = printed.length === 0 ? all : printed;
    MEMBERS.set(set, members);
  }
  return String.fromCharCode(chance.one(members));
}

/** The members of the sets that were asked for. */
const MEMBERS = new WeakMap<Uint8Array, number[]>();

function replaced(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + 1);
}

function repeated(part: Buffer, bytes: number): Buffer {
  const whole = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += part.length) part.copy(whole, at);
  return whole;
}
