/** The policy's `redaction`: which detectors look for what must not leave, what else is masked, and what stays. */
import * as v from 'valibot';
import { DETECTORS } from '../redact/detectors.ts';
import { canFindNames, NAMES, patternProblem } from '../redact/patterns.ts';
import { DEFAULT_CHOICE, type RedactionChoice } from '../redact/redactor.ts';
import { closed, Key, line } from './schema-parts.ts';

const MOST_PATTERNS = 50;
const MOST_VALUES = 500;
const LONGEST_VALUE = 200;

const Off = v.picklist(
  DETECTORS.map(({ id }) => id),
  ({ received, expected }) => `there is no detector ${received}; allowed: ${listed(expected)}`,
);
const On = v.picklist(
  [NAMES],
  ({ received, expected }) => `no detector ${received} waits to be turned on; allowed: ${listed(expected)}`,
);
const Name = v.pipe(
  line(100, 'A name as it is written; letters count in either case.'),
  v.regex(/\S.*\S/, 'must have at least two characters: single ones are everywhere'),
);
const Own = closed({
  id: v.pipe(Key, v.description('What the marks and the counts call it.')),
  pattern: v.pipe(
    v.string(),
    v.check(
      (pattern) => patternProblem(pattern) === null,
      ({ input }) => patternProblem(input) ?? '',
    ),
    v.description(
      'What is masked wherever it stands: literals, classes such as [0-9], groups, | and bounded repetition such as {1,20}.',
    ),
  ),
});

/** As it is written. What its parts have to do with each other is judged apart (src/policy/check-redaction.ts). */
export const RedactionSchema = v.pipe(
  closed({
    off: optionalList(Off, DETECTORS.length, 'Ids of detectors that do not look. Left out: all of them look.'),
    on: optionalList(On, 1, 'Detectors that look only where they are asked to: names.'),
    names: v.exactOptional(
      v.pipe(
        some(Name, MOST_VALUES, 'The names that the detector `names` looks for, as whole words.'),
        v.check(
          (names) => canFindNames(names),
          'are more than can be looked for at once; list fewer, or only family names',
        ),
      ),
    ),
    patterns: v.exactOptional(
      v.pipe(
        v.array(Own),
        v.minLength(1, 'must hold at least one'),
        v.maxLength(MOST_PATTERNS, `must hold at most ${MOST_PATTERNS}`),
        v.description('Your own detectors.'),
      ),
    ),
    allow: optionalList(
      line(LONGEST_VALUE, 'A whole value that stays.'),
      MOST_VALUES,
      'Values that stay where a detector finds exactly them, such as support@example.com. Secrets are masked all the same.',
    ),
  }),
  v.check((parts) => Object.keys(parts).length > 0, 'must name at least one of off, on, names, patterns, allow'),
);

/** As the redactor takes it. It prepares each choice once, by its identity: policies without the section share one. */
export function redactionOf(written: v.InferOutput<typeof RedactionSchema> | undefined): RedactionChoice {
  return written === undefined ? DEFAULT_CHOICE : { ...DEFAULT_CHOICE, ...written };
}

function optionalList<const S extends v.GenericSchema<string>>(item: S, most: number, description: string) {
  return v.exactOptional(some(item, most, description));
}

function some<const S extends v.GenericSchema<string>>(item: S, most: number, description: string) {
  return v.pipe(
    v.array(item),
    v.minLength(1, 'must name at least one'),
    v.maxLength(most, `must name at most ${most}`),
    v.checkItems((one, index, items) => items.indexOf(one) === index, 'is listed twice; write it once'),
    v.description(description),
  );
}

/** Valibot's `("a" | "b")` in the words of the other messages. */
function listed(expected: string): string {
  return expected.replaceAll(/[()"]/g, '').replaceAll(' | ', ', ');
}
