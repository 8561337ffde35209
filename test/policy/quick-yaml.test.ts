/** The quick reader of YAML reads exactly what the slow one reads, or leaves the text to it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { quickYaml } from '../../src/policy/quick-yaml.ts';
import { FULL } from './sample.ts';

const PIECES = [
  ...' \n\t:-#"\'[]{},&*!|>%@`?~0159abxyzE.+_=<\\\r\u00a0\u0085\u2028\ufeff',
  ...[
    '\n---\n',
    '\n...\n',
    '%YAML 1.1\n---\n',
    '0o17',
    '0x1F',
    '.inf',
    '1e3',
    'true',
    'null',
    'yes',
    '1_0',
    '2020-01-01',
  ],
  ...['08:30', '<<', ': ', '- ', '\n  ', '|\n', '>-\n', '"\\x41"', "''", '&a ', '*a', '!!str '],
];

/** Whether both read the text, and then alike. */
function readAlike(text: string): void {
  const quick = quickYaml(text);
  if (quick === null) return;
  const document = parseDocument(text);
  expect([...document.errors, ...document.warnings]).toEqual([]);
  expect(quick.data).toEqual(document.toJS());
}

it('reads a policy as it stands', () => {
  expect(quickYaml(FULL)).toEqual({ data: parseDocument(FULL).toJS() });
});

it.each([
  'a: &x 1',
  '&x a',
  '!!str a',
  '- a: 1\n- constructor: 1',
  'a: *x',
  'a: !!str 1',
  '%YAML 1.1\n---\na: 1',
  'a: 1\n---\nb: 1',
  'a: 1\na: 2',
  '<<: {}',
  '__proto__: {}',
  'a: [',
  'a:\tb',
  '? [a]\n: b',
  '\ufeffa: 1',
  'a: 1e330',
  'a: 1.E+330',
  `a: 1${'0'.repeat(310)}`,
])('leaves %j to the slow one', (text) => {
  expect(quickYaml(text)).toBeNull();
});

it.each([
  'a:\n- "x"b: c\n',
  "a:\n- 'x' b: c\n",
  'a:\n- ""b: c\n',
  'a:\n- [x]b: c\n',
  'a:\n- {c: x} b: c\n',
  'a:\n- - "x"b: c\n',
  'a:\n- "x""b": c\n',
  'requesters:\n- "developers"public: true\nrules: []\n',
])('takes no key from behind a list’s last item, where no YAML has one: %j', (text) => {
  expect(parseDocument(text).errors).not.toEqual([]);
  expect(quickYaml(text)).toBeNull();
});

it('reads whatever both can read alike', () => {
  const lines = FULL.split('\n');
  const edits = fc.array(fc.tuple(fc.nat(300), fc.nat(3), fc.constantFrom(...PIECES)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.nat(lines.length - 6), edits, (from, changes) => {
      let text = lines.slice(from, from + 6).join('\n');
      for (const [at, removed, added] of changes) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + added + text.slice(place + removed);
      }
      readAlike(text);
    }),
    { numRuns: 1_500 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) =>
      readAlike(`a: ${pieces.join('')}`),
    ),
    { numRuns: 1_500 },
  );
  // Behind what closes by itself readers may differ on where a line must end.
  const item = fc.constantFrom('"x"', "'x'", '""', '[x]', '{c: x}', '- "x"', 'x', '');
  const behind = fc.array(fc.constantFrom(' ', 'b', ': ', ':', '"b"', '- ', '#', ',', '\n', '\n  ', '? '), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(item, behind, (last, pieces) => readAlike(`a:\n- ${last}${pieces.join('')}`)),
    { numRuns: 1_500 },
  );
});
