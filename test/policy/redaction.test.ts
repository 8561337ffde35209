/** What a policy may say of redaction, which of its mistakes are named, and that the manual lists every detector. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblems, loadPolicy } from '../../src/policy/load.ts';
import { DETECTORS } from '../../src/redact/detectors.ts';
import { DEFAULT_CHOICE } from '../../src/redact/redactor.ts';
import { redactText } from '../../src/redact/text.ts';
import { policyOf, problemsOf, SAMPLE } from './sample.ts';

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const with_ = (redaction: string) => `redaction: ${redaction}\n${SAMPLE}`;

describe('the policy says what is masked', () => {
  it('left out, all detectors look, by one choice for all policies', () => {
    expect(policyOf(SAMPLE).redaction).toBe(DEFAULT_CHOICE);
  });

  it('what it turns off or allows stays, what it adds goes', () => {
    const policy = policyOf(
      with_(
        "{ off: [ipv4], on: [names], names: [Ana Example], patterns: [{ id: order, pattern: 'ORD-[0-9]{8}' }], allow: [support@example.com] }",
      ),
    );
    const text = 'ana example of ORD-12345678 at 10.20.30.40 wrote to support@example.com and bo@example.com';
    expect(redactText(text, { secrets: [], choice: policy.redaction })).toMatchObject({
      text: '‹names#1› of ‹order#1› at 10.20.30.40 wrote to support@example.com and ‹email#1›',
      counts: { names: 1, order: 1, email: 1 },
    });
  });
});

describe('mistakes of redaction', () => {
  it('are named all at once, with line, column and what is allowed', async () => {
    const loaded = loadPolicy(`${file('golden/redaction.yml')}${SAMPLE}`, { apiIsLoopback: false });
    const text = loaded.ok ? 'no problems' : formatProblems('redaction.yml', loaded.problems);
    await expect(`${text}\n`).toMatchFileSnapshot('golden/redaction.txt');
  });

  const MUST = 'must name at least one of off, on, names, patterns, allow.';
  const NOBODY = 'nobody looks for them: the detector names is off; write `on: [names]` beside them.';
  const NOTHING = 'would find nothing: list under `names` beside it what it looks for.';
  it.each([
    ['nothing at all', '{}', `1 redaction: ${MUST}`],
    ['names that nobody looks for', '{ names: [Ana] }', `1 redaction.names: ${NOBODY}`],
    ['a search for no names', '{ on: [names] }', `1 redaction.on[0]: ${NOTHING}`],
    [
      'a name of one letter',
      '{ on: [names], names: [A] }',
      '1 redaction.names[0]: must have at least two characters: single ones are everywhere.',
    ],
    [
      'an id that the detector of names has',
      "{ patterns: [{ id: names, pattern: 'x1' }] }",
      '1 redaction.patterns[0].id: "names" is the id of a detector that is there already; choose another, so that marks and counts tell them apart.',
    ],
  ])('%s', (_, redaction, problem) => {
    expect(problemsOf(with_(redaction))).toEqual([problem]);
  });

  it('more names than can be looked for at once are refused, as many as fit are not', () => {
    const names = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, at) => `${at}th of the Examples of the Town`));
    expect(problemsOf(with_(`{ on: [names], names: ${names(20)} }`))).toEqual([]);
    expect(problemsOf(with_(`{ on: [names], names: ${names(400)} }`))).toEqual([
      '1 redaction.names: are more than can be looked for at once; list fewer, or only family names.',
    ]);
  });
});

it('the manual lists every detector as it is', () => {
  const rows = DETECTORS.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`);
  const manual = file('../../docs/POLICY.md').split('\n');
  const table = manual.slice(manual.indexOf('| id | severity | finds |') + 2);
  expect(table.slice(0, table.indexOf(''))).toEqual(rows);
});

it('the manual’s example is sound', () => {
  const [, example] = /```yaml\n(redaction:\n[\s\S]*?)```/.exec(file('../../docs/POLICY.md')) ?? [];
  expect(policyOf(`${example}${SAMPLE}`).redaction).toMatchObject({ off: ['ipv4', 'ipv6'], on: ['names'] });
});
