/** Colours in a command's output hide nothing from the redactor. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { colourFilter } from '../../src/redact/colours.ts';
import { redactedStream } from '../../src/redact/stream.ts';

const ESC = '\u001b';
const TOKEN = `gh${'p_'}16C7e42F292c6912E7710c838347Ae178B4a`;

async function shown(output: string | Buffer, secrets: string[] = []): Promise<string> {
  const { stream } = redactedStream({ secrets });
  stream.end(output);
  const out: Buffer[] = [];
  for await (const piece of stream) out.push(piece);
  return Buffer.concat(out).toString();
}

it.each([
  ['grep that colours what it found', `token: ${ESC}[01;31m${ESC}[Kgh${ESC}[m${ESC}[K${TOKEN.slice(2)}\n`],
  ['a colour within it', `token ${TOKEN.slice(0, 20)}${ESC}[0m${TOKEN.slice(20)}\n`],
  ['a link around it', `${ESC}]8;;https://ci.example.com${ESC}\\${TOKEN}${ESC}]8;;${ESC}\\\n`],
  ['a title in the middle of it', `${TOKEN.slice(0, 9)}${ESC}]0;build\u0007${TOKEN.slice(9)}\n`],
])('a token is masked through %s', async (_, output) => {
  const text = await shown(output);
  expect(text).toContain('‹github-token#1›');
  expect(text).not.toContain(TOKEN.slice(-8));
});

it('a password is masked whose name and value have colours of their own', async () => {
  const text = await shown(`${ESC}[36mpassword${ESC}[0m=${ESC}[31mhunter2-Fallible${ESC}[0m\n`);
  expect(text).toBe('password=‹password#1›\n');
});

it('a registered secret is masked through colours', async () => {
  expect(await shown(`a correct${ESC}[1m horse${ESC}[0m b\n`, ['correct horse'])).toBe('a ‹secret#1› b\n');
});

it('a log command behind a colour stays inert', async () => {
  expect(await shown(`${ESC}[0m::set-env name=A::b\n`)).not.toMatch(/^::set-env/m);
});

it.each([
  ['an escape that begins nothing', `a${ESC}(Bb`],
  ['a string that never ends', `a${ESC}]0;${'x'.repeat(5_000)}\nb`],
  ['a sequence that never ends', `a${ESC}[${'1;'.repeat(50)}b`],
  ['a string that its line cuts', `a${ESC}]0;x\nb\u0007`],
  ['an escape at the end', `a${ESC}`],
])('%s swallows nothing', (_, text) => {
  const filter = colourFilter();
  expect(Buffer.concat([filter.push(Buffer.from(text)), filter.end()]).toString()).toBe(text);
});

it('however the bytes are cut, the same is left', () => {
  const piece = fc.constantFrom(
    ESC,
    '[',
    ']',
    '0',
    ';',
    'm',
    'K',
    '\\',
    '\u0007',
    '\n',
    'a',
    `${ESC}[31m`,
    `${ESC}]8;;x\u0007`,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(40), { maxLength: 20 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      const whole = colourFilter();
      const expected = Buffer.concat([whole.push(bytes), whole.end()]).toString('latin1');
      const filter = colourFilter();
      const out: Buffer[] = [];
      let at = 0;
      for (const size of cuts) {
        out.push(Buffer.from(filter.push(bytes.subarray(at, at + size))));
        at += size;
      }
      out.push(filter.push(bytes.subarray(at)), filter.end());
      expect(Buffer.concat(out).toString('latin1')).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
