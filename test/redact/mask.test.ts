/** Rules of masking: no registered value leaves, in any form, however the output is cut. */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactedStream } from '../../src/redact/stream.ts';
import { redactText } from '../../src/redact/text.ts';

const maskText = (text: string, secrets: string[]): string => redactText(text, { secrets }).text;

const QUOTED = 'it\'s <$x"> 5';
const TOKEN = 'hunter2-öß/+?"x';

async function streamed(chunks: Uint8Array[], secrets: string[]): Promise<{ out: Buffer; registered: number }> {
  const redaction = redactedStream({ secrets });
  const input = new PassThrough();
  const out = buffer(input.pipe(redaction.stream));
  for (const chunk of chunks) input.write(chunk);
  input.end();
  return { out: await out, registered: redaction.counts()['registered'] ?? 0 };
}

function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

describe('masking text', () => {
  it('puts the same mark wherever the same value stood, and counts', () => {
    const masked = redactText('a=alpha1 b=bravo2 a=alpha1', { secrets: ['alpha1', 'bravo2', 'alpha1'] });
    expect(masked.text).toBe('a=‹secret#1› b=‹secret#2› a=‹secret#1›');
    expect(masked.counts).toEqual({ registered: 3 });
  });

  it.each([
    ['JSON', JSON.stringify({ t: TOKEN })],
    ['JSON with escapes beyond ASCII', JSON.stringify(TOKEN).replace('ö', '\\u00f6').replace('ß', '\\u00df')],
    ['JSON with escaped slashes', JSON.stringify(TOKEN).replace('/', '\\/')],
    ['a URL', `?t=${encodeURIComponent(TOKEN)}`],
    ['a URL with lower-case codes', encodeURIComponent(TOKEN).replace(/%../g, (c) => c.toLowerCase())],
    ['a form', new URLSearchParams({ t: `${TOKEN}` }).toString()],
    ['hex', Buffer.from(TOKEN).toString('hex')],
    ['upper-case hex', Buffer.from(TOKEN).toString('hex').toUpperCase()],
    ['base64', Buffer.from(TOKEN).toString('base64')],
    ['base64url', Buffer.from(TOKEN).toString('base64url')],
    ['base64 behind one byte', Buffer.from(`:${TOKEN}:tail`).toString('base64')],
    ['base64 behind two bytes', Buffer.from(`a:${TOKEN}:tail`).toString('base64')],
    ['single quotes of a shell', `export T='${QUOTED.replace("'", `'\\''`)}'`, QUOTED],
    ['double quotes of a shell', `"${QUOTED.replace(/["$]/g, '\\$&')}"`, QUOTED],
    ['a trace of a shell', `+ t=$'${QUOTED.replace("'", "\\'")}'`, QUOTED],
    ['a word of a shell', QUOTED.replace(/[^A-Za-z0-9]/g, '\\$&'), QUOTED],
    ['JSON of Go', '"it\'s \\u003c$x\\"\\u003e 5"', QUOTED],
    ['JSON of .NET', '"it\\u0027s \\u003C$x\\u0022\\u003E 5"', QUOTED],
    ['JSON within JSON', JSON.stringify(JSON.stringify({ t: QUOTED })), QUOTED],
    ['SQL and YAML', `'${QUOTED.replace("'", "''")}'`, QUOTED],
    ['CSV', `"${QUOTED.replace('"', '""')}"`, QUOTED],
    ['the password of a URL', Object.assign(new URL('http://ana@host.example'), { password: TOKEN }).href],
    ['a URL within a URL', encodeURIComponent(encodeURIComponent(TOKEN))],
    ['HTML', '<td>it&#39;s &lt;$x&quot;&gt; 5</td>', QUOTED],
    ['base64url behind four bytes', Buffer.from(`ana:${TOKEN}:tail`).toString('base64url')],
  ])('recognises a value in %s', (_name, text, token = TOKEN) => {
    expect(redactText(text, { secrets: [token] }).counts).toEqual({ registered: 1 });
    expect(maskText(text, [token])).toContain('‹secret#1›');
  });

  it('recognises a long value in base64 that was wrapped into lines', () => {
    const long = 'k9'.repeat(100);
    const lines = (
      Buffer.from(long)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n');
    const masked = maskText(lines, [long]);
    expect(masked.replaceAll('‹secret#1›', '').replaceAll(/[\n=]/g, '').length).toBeLessThan(4);
  });

  it('masks each line of a value of several lines, also with other line ends', () => {
    const key = '-----BEGIN-----\nabcdefgh\nijklmnop\n-----END-----\n';
    expect(maskText('x abcdefgh y', [key])).toBe('x ‹secret#1› y');
    expect(maskText(key.replaceAll('\n', '\r\n'), [key])).toBe('‹secret#1›\r\n'.repeat(4));
    expect(maskText(key, [key])).toBe('‹secret#1›\n');
  });

  it('leaves nothing of secrets that overlap, and takes the longer of two', () => {
    expect(maskText('<abcdefgh>', ['abcdef', 'efgh'])).toBe('<‹secret#1›>');
    expect(maskText('<abcdefgh>', ['abcd', 'abcdefgh'])).toBe('<‹secret#2›>');
    expect(maskText('<abcdef>', ['abcd', 'abcdefgh'])).toBe('<‹secret#1›ef>');
  });

  it('refuses values shorter than four characters and says which, without the value', () => {
    const masked = redactText('abc is here', { secrets: ['abc', 'long enough', ''] });
    expect(masked.text).toBe('abc is here');
    expect(masked.refused).toEqual([{ index: 0, length: 3, why: 'short' }]);
  });

  it('never writes a mark that itself spells a secret', () => {
    expect(maskText('my secret', ['secret'])).not.toContain('secret');
    expect(maskText('abcd‹secret', ['d‹se', 'abcd‹'])).not.toMatch(/d‹se|abcd‹/);
  });
});

/** Few letters, so that values overlap, repeat and nest; the mark's own characters among them. */
const value = fc.string({
  unit: fc.constantFrom('a', 'b', 'ö', '🔑', '\n', '‹', '»', 's', 'ecret#', '1'),
  maxLength: 9,
});

describe('masking a stream', () => {
  it('lets no secret through and gives the same for any chunks', async () => {
    const given = fc.record({
      secrets: fc.array(value, { minLength: 1, maxLength: 5 }),
      between: fc.array(value, { maxLength: 8 }),
      places: fc.array(fc.nat(), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(given, fc.array(fc.nat(), { maxLength: 8 }), async ({ secrets, between, places }, picks) => {
        const text = between.flatMap((one, i) => [one, secrets[(picks[i] ?? i) % secrets.length]]).join('');
        const bytes = Buffer.from(text);
        const { out, registered } = await streamed(cut(bytes, places), secrets);
        const whole = redactText(text, { secrets: secrets });
        expect(out.toString()).toBe(whole.text);
        expect(registered).toBe(whole.counts['registered'] ?? 0);
        for (const secret of secrets) {
          const trimmed = secret.replace(/^\n+|\n+$/g, '');
          if (trimmed.length >= 4) expect(out.toString()).not.toContain(trimmed);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('passes on bytes that are no UTF-8 as they are', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x80]);
    expect((await streamed([bytes, Buffer.from('hunter2'), bytes], ['hunter2'])).out).toEqual(
      Buffer.concat([bytes, Buffer.from('‹secret#1›'), bytes]),
    );
  });

  it('passes a line on with its end, and holds back no other than one that may be part of a value of several lines', () => {
    const { stream } = redactedStream({ secrets: ['hunter2', 'first line\nsecond line'] });
    const written = (text: string) => {
      stream.write(text);
      const out: unknown = stream.read();
      return out === null ? '' : String(out);
    };
    expect(written('one line\nhalf a li')).toBe('one line\n');
    expect(written('ne hun')).toBe('');
    expect(written('ter2\r')).toBe('half a line ‹secret#1›\r');
    expect(written('the first line\n')).toBe('the ');
    expect(written('second line\n')).toBe('‹secret#2›\n');
  });
});
