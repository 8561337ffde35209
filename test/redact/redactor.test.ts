/** Rules of redaction: however the output is cut, what comes out is the same, tells kinds apart, and obeys the policy's choice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternProblem } from '../../src/redact/patterns.ts';
import { createRedactor, DEFAULT_CHOICE, type RedactionChoice } from '../../src/redact/redactor.ts';
import { redactText } from '../../src/redact/text.ts';
import { corpus, logStream, NAMES } from './corpus/corpus.ts';

const choose = (choice: Partial<RedactionChoice>): RedactionChoice => ({ ...DEFAULT_CHOICE, ...choice });
const redacted = (text: string, choice: Partial<RedactionChoice> = {}, secrets: string[] = []) =>
  redactText(text, { secrets, choice: choose(choice) }).text;

interface Streamed {
  out: string;
  counts: Record<string, number>;
}

/** What a command's output becomes that arrives in pieces of such sizes, over and over. */
function streamed(bytes: Buffer, sizes: readonly number[], secrets: string[] = [], choice = DEFAULT_CHOICE): Streamed {
  const redactor = createRedactor({ secrets, choice, commands: true });
  const out: Buffer[] = [];
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const size = Math.max(1, sizes[piece % sizes.length] ?? 1);
    out.push(redactor.push(bytes.subarray(at, at + size)));
    at += size;
  }
  out.push(redactor.end());
  return { out: Buffer.concat(out).toString(), counts: redactor.counts() };
}

const PEM = ['-----BEGIN PRIVATE KEY-----', 'Mz9'.repeat(21), 'Qx7'.repeat(21), 'Zz8=', '-----END PRIVATE KEY-----'];

describe('markers', () => {
  it('bear the same number for equal values and others for others, by detector', () => {
    expect(redacted('ana@example.com 10.1.2.3 bo@example.com ana@example.com')).toBe(
      '‹email#1› ‹ipv4#1› ‹email#2› ‹email#1›',
    );
  });

  it('bear no number once more different values came than are kept', () => {
    const addresses = Array.from({ length: 70_000 }, (_, index) => `a${index}@example.com`).join('\n');
    const { out, counts } = streamed(Buffer.from(`${addresses}\na1@example.com\n`), [65_536]);
    expect(out.split('\n').slice(-3)).toEqual(['‹email›', '‹email#2›', '']);
    expect(counts).toEqual({ email: 70_001 });
  });

  it('name a registered value rather than what a detector takes it for', () => {
    expect(redacted('password=hunter2hunter2', {}, ['hunter2hunter2'])).toBe('password=‹secret#1›');
    expect(redacted('mail ana@example.com', {}, ['example.com'])).toBe('mail ‹email#1›');
  });

  it('stand once for a private key, in one line or many', () => {
    expect(redacted(`key:\n${PEM.join('\n')}\nthe end`)).toBe('key:\n‹private-key#1›\nthe end');
    expect(redacted(`{"key":"${PEM.join('\\n')}\\n"}`)).toBe('{"key":"‹private-key#1›\\n"}');
  });
});

describe('a stream', () => {
  const { positives, negatives } = corpus();
  const log = Buffer.concat([
    Buffer.from([...positives, ...negatives].flatMap(({ text }, index) => (index % 5 === 0 ? [text] : [])).join('\n')),
    ...logStream(70_000, 3),
  ]);
  const secrets = ['hunter2', 'Mozilla/5.0', 'request completed', `one\ntwo lines\n3`];
  const choice = choose({ on: ['names'], names: NAMES, patterns: [{ id: 'order', pattern: 'order [0-9]{1,9}' }] });

  it('is the same however it is cut', () => {
    const whole = streamed(log, [log.length], secrets, choice);
    expect(Object.keys(whole.counts).length).toBeGreaterThan(40);
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 65_536 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(sizes, (pieces) => {
        const cut = streamed(log, pieces, secrets, choice);
        expect(cut.out === whole.out).toBe(true);
        expect(cut.counts).toEqual(whole.counts);
      }),
      { numRuns: 6 },
    );
  });

  it('is the same byte by byte, also where characters have several bytes', () => {
    const text = Buffer.from(`Zürich ‹ana@example.com› 🔑 10.0.0.7…\r\nbo@müller.example\n`);
    expect(streamed(text, [1])).toEqual(streamed(text, [text.length]));
    expect(streamed(text, [1]).out).toBe('Zürich ‹‹email#1›› 🔑 ‹ipv4#1›…\r\n‹email#2›\n');
  });

  it('goes on within a line without an end, and misses nothing where it is cut', () => {
    const part = 'ana@example.com,order 12345,10.0.0.7,hunter2,';
    const marked = '‹email#1›,‹order#1›,‹ipv4#1›,‹secret#1›,';
    for (const by of [1, 17, 30]) {
      const line = Buffer.from(`${'-'.repeat(by)},${part.repeat(4_000)}`);
      const { out } = streamed(line, [4_096, 60_000], ['hunter2'], choice);
      expect(out === `${'-'.repeat(by)},${marked.repeat(4_000)}`).toBe(true);
    }
  });

  it('finds groups of digits wherever they come to lie in memory', () => {
    for (const by of [0, 1, 2, 3]) {
      const line = Buffer.from(`${'-'.repeat(by)} ${'4111-1111-1111-1111 '.repeat(8_000)}`);
      for (const sizes of [[line.length], [87], [65_536]]) {
        expect(streamed(line, sizes).out === `${'-'.repeat(by)} ${'‹card#1› '.repeat(8_000)}`).toBe(true);
      }
    }
  });

  it('holds back a private key until its end, and lets go of what is none', () => {
    const redactor = createRedactor({ secrets: [], commands: true });
    const push = (text: string) => redactor.push(Buffer.from(text)).toString();
    expect(push('before\n-----BEGIN PRIVATE KEY-----\n')).toBe('before\n');
    expect(push('is how it begins\n')).toBe('');
    expect(push('two\nthree\nfour\n')).toBe('-----BEGIN PRIVATE KEY-----\nis how it begins\ntwo\nthree\nfour\n');
    expect(PEM.map((line) => push(`${line}\n`)).join('')).toBe('‹private-key#1›\n');
  });

  it('leaves everything as it is that no detector knows', () => {
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7) & 0xff));
    const redactor = createRedactor({ secrets: [], commands: true });
    expect(Buffer.concat([redactor.push(bytes), redactor.end()])).toEqual(bytes);
  });
});

describe('log commands in the output', () => {
  it('do not work any more', () => {
    const lines = [
      '::set-env name=A::b',
      '  ::error file=a.ts::x',
      '##[group]x',
      'x ##[error]y',
      'std::vector',
      'a ::b::',
    ];
    expect(streamed(Buffer.from(lines.join('\r')), [7]).out.split('\r')).toEqual([
      ': :set-env name=A::b',
      '  : :error file=a.ts::x',
      '# #[group]x',
      'x # #[error]y',
      'std::vector',
      'a ::b::',
    ]);
  });

  it('that name a value mask it from there on, whole and by line', () => {
    const text = 'opensesame\n::add-mask::opensesame\nsay opensesame\n##[add-mask]first%0Asecond%25\nx second% y\n';
    for (const size of [1, 5, 1_000]) {
      expect(streamed(Buffer.from(text), [size]).out).toBe(
        'opensesame\n: :add-mask::‹secret#1›\nsay ‹secret#1›\n# #[add-mask]‹secret#2›\nx ‹secret#2› y\n',
      );
    }
  });

  it('name a value without the blanks around it, and with the signs that the older form escapes', () => {
    const text = '::add-mask:: opensesame \n##[add-mask]a%3Bb%5Dc\nopensesame a;b]c\n';
    expect(streamed(Buffer.from(text), [9]).out).toBe(
      ': :add-mask:: ‹secret#1› \n# #[add-mask]‹secret#2›\n‹secret#1› ‹secret#2›\n',
    );
  });

  it('name all that follows in their line, be it like one more of them', () => {
    const text = '##[add-mask]##[add-mask]abcd\nabcd and # #[add-mask]abcd\n';
    const { out } = streamed(Buffer.from(text), [1_000]);
    expect(out.split('\n')[0]).toBe('# #[add-mask]‹secret#1›');
    expect(out.split('\n')[1]).toBe('abcd and # #[add-mask]abcd');
  });

  it('cannot name more than can be kept, and are told', () => {
    const redactor = createRedactor({ secrets: [], commands: true });
    redactor.push(Buffer.from(Array.from({ length: 1_002 }, (_, index) => `::add-mask::value-${index}\n`).join('')));
    redactor.push(Buffer.from('::add-mask::abc\n'));
    expect(redactor.refused).toEqual([
      { index: null, length: 10, why: 'too-many' },
      { index: null, length: 10, why: 'too-many' },
      { index: null, length: 3, why: 'too-many' },
    ]);
  });
});

describe("the policy's choice", () => {
  it('turns detectors off', () => {
    expect(redacted('10.0.0.7 ana@example.com', { off: ['ipv4'] })).toBe('10.0.0.7 ‹email#1›');
  });

  it('lets values stay', () => {
    expect(redacted('support@example.com ana@example.com', { allow: ['support@example.com'] })).toBe(
      'support@example.com ‹email#1›',
    );
  });

  it('finds listed names as whole words in any case, and only where it is asked to', () => {
    const names = ['Ana Example', 'Bo'];
    expect(redacted('ANA EXAMPLE, bo and Bob', { on: ['names'], names })).toBe('‹names#1›, ‹names#2› and Bob');
    expect(redacted('Ana Example', { names })).toBe('Ana Example');
  });

  it('masks all that its own patterns match, and counts it', () => {
    const patterns = [{ id: 'order-number', pattern: 'ORD-\\d{3,5}(?:-[a-z])?' }];
    const { text, counts } = redactText('ORD-123-x, ORD-12 and ORD-1234567', {
      secrets: [],
      choice: choose({ patterns }),
    });
    expect(text).toBe('‹order-number#1›, ORD-12 and ‹order-number#2›67');
    expect(counts).toEqual({ 'order-number': 2 });
  });

  it.each([
    ['(a+)+$', 'must say how often at most'],
    ['a*', 'must say how often at most'],
    ['(?=x)y', 'may not look ahead'],
    ['(a)\\1', 'may not use \\1'],
    ['a?', 'matches nothing at all'],
    ['x{999}', 'may repeat at most 256 times'],
    ['(?:[ab]{0,200}c){9}', 'may match at most 1000 bytes'],
    ['[ab]{0,20}a[ab]{14}', 'needs more than 2000 states'],
    ['[z-a]', 'has a range'],
    ['(x', 'has a ( without a )'],
  ])('refuses the pattern %s, for it %s', (pattern, why) => {
    expect(patternProblem(pattern)).toContain(why);
  });

  it('takes patterns that are read in linear time', () => {
    for (const pattern of ['ORD-[0-9]{8}', '(?i)case \\w{1,20}', 'K[äö]?n.{1,9}', '(?:ab|cd){2,5}x?']) {
      expect([pattern, patternProblem(pattern.replace('[äö]', '(?:ä|ö)'))]).toEqual([pattern, null]);
    }
  });
});
