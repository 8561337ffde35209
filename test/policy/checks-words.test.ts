/** A mistake is told once, and in words that say what to write instead. */
import { describe, expect, it } from 'vitest';
import { FULL, mistakes, problemsOf } from './sample.ts';

const WHO = 'developers, sre, oncall, security, support, ana, bo, cy, di, ed';
const eve = `there is no group or person "eve"; allowed: ${WHO}.`;
const SOON = 'must be a duration such as 30m, 2h or 1h30m.';

describe('what a rule requires, begun with a word that there is not,', () => {
  const FORMS = '{ count, of }, { all: [...] } or { any: [...] }.';
  it.each([
    ['{ al: [{ count: 1, of: sre }] }', `: must be none, ${FORMS}`],
    ['{}', `: must be none, ${FORMS}`],
    ['{ all: [{ cuont: 1 }] }', `.all[0]: must be ${FORMS}`],
  ])('as in %s, is one mistake, and all forms are named', (require, message) => {
    expect(mistakes(['require: { count: 1, of: sre }', `require: ${require}`])).toEqual([
      `47 rules[1].require${message}`,
    ]);
  });
});

describe('a group', () => {
  const group = (text: string): string[] => mistakes(['oncall: { members: [cy] }', `oncall: ${text}`]);
  const ONE = 'must have exactly one of members, github-team, slack-group';
  it.each([
    ['{ members: [cy], github-team: acme/sre }', 'members and github-team'],
    ['{ github-team: acme/sre, slack-group: 5 }', 'github-team and slack-group'],
    ['{ slack-group: S1, members: [cy], github-team: acme/sre }', 'members and github-team and slack-group'],
  ])('with several sources, %s, is told to choose one', (text, several) => {
    expect(group(text)).toEqual([`11 groups.oncall: ${ONE}, not ${several}.`]);
  });
  it.each(['{}', '{ people: [cy] }'])('without a source, %s, is told the three', (text) => {
    expect(group(text)).toEqual([`11 groups.oncall: ${ONE}, not none of them.`]);
  });
});

describe('names beside a mistake in the same mapping are looked for:', () => {
  const WHEN = 'when: { inputs: { service: [web] }, requesters: [developers] }';
  it.each([
    [
      'when: { targets: [moon], risks: [huge] }',
      [
        'targets[0]: there is no target "moon"; allowed: staging, production.',
        'risks[0]: must be "low" or "medium" or "high", not "huge".',
      ],
    ],
    ['when: { requesters: [eve], tires: [x] }', ['tires', `requesters[0]: ${eve}`]],
    [
      'when: { inputs: { colour: [red], service: [] } }',
      [
        'inputs.colour: no runbook has an input "colour"; allowed: service, lines.',
        'inputs.service: must name at least one value.',
      ],
    ],
    [
      'when: { inputs: { colour: [red] }, urgencies: [soon] }',
      ['inputs.colour: no runbook has an input "colour"', 'urgencies[0]: must be "low"'],
    ],
  ])('%s', (text, expected) => {
    const found = mistakes([WHEN, text]);
    expect(found).toHaveLength(expected.length);
    for (const one of expected) {
      expect(found).toContainEqual(expect.stringContaining(`55 rules[3].when.${one}`));
    }
  });
  it('who reviews, where the time for it is wrong', () => {
    expect(mistakes(['review: { by: [sre], within: 24h }', 'review: { by: [eve], within: soon }'])).toEqual([
      `70 break-glass.review.by[0]: ${eve}`,
      `70 break-glass.review.within: ${SOON}`,
    ]);
  });
  it('whom an escalation asks and who is quiet, where all else there is wrong', () => {
    const after = ['escalation: { after: 30m, to: [oncall] }', 'escalation: { after: soon, to: [eve] }'] as const;
    const slack = ['slack: { channel: C0ALL, quiet: [di]', 'slack: { channel: "#all", quiet: [eve]'] as const;
    expect(mistakes([...after], [...slack])).toEqual([
      '62 slack.channel: must be a Slack channel id such as C012AB3CD, not its name.',
      `62 slack.quiet[0]: ${eve}`,
      `64 escalation.after: ${SOON}`,
      `64 escalation.to[0]: ${eve}`,
    ]);
  });
  it('a rule whose conditions have a mistake is not taken for one without', () => {
    const text = ['when: { tiers: [production] }', 'when: sometimes'] as [string, string];
    expect(mistakes(text)).toEqual([expect.stringContaining('46 rules[1].when: must be a mapping')]);
  });
});

describe('what is no mapping', () => {
  const KEYS = 'must be a mapping with the keys version, ';
  it.each(['- version: 1\n- people: {}\n', '[]', 'policy', '5', ''])(
    'as a whole policy, %j, is told how one begins',
    (text) => {
      expect(problemsOf(text)).toEqual([
        expect.stringMatching(/^1 : must be .*; a policy begins with `version: 1`\.$/),
      ]);
      expect(problemsOf(text)[0]).toContain(KEYS);
    },
  );
  it('but a list, further in, is one mistake too', () => {
    expect(mistakes(['slack: { channel: C0ALL, quiet: [di], mirror: true }', 'slack: [C0ALL, di]'])).toEqual([
      '62 slack: must be a mapping with the keys channel, quiet, mirror, last-lines.',
    ]);
  });
});

it('whole days of a rule are named from 00:00 to 24:00', () => {
  const whole = (to: string) => `times: { days: [sat], from: "00:00", to: "${to}", zone: UTC }`;
  const when = 'when: { inputs: { service: [web] }, requesters: [developers] }';
  expect(mistakes([when, `when: { ${whole('00:00')} }`])).toEqual([
    expect.stringMatching(/name whole days as 00:00 to 24:00\.$/),
  ]);
  expect(mistakes([when, `when: { ${whole('24:00')} }`])).toEqual([]);
});

describe('who may break the glass', () => {
  const own = ['requesters: [developers, support, ed]', 'requesters: [developers]'] as [string, string];
  it('but may ask for nothing at all could never do so', () => {
    expect(mistakes(own, ['who: [oncall, ana]', 'who: [di, ed]'])).toEqual([
      '66 break-glass.who: could never be used: Di, Ed may ask for nothing, and only who may ask may break the glass; allowed: groups and people among the requesters (developers, ana, cy).',
    ]);
  });
  it('may be requesters of one runbook alone', () => {
    expect(mistakes(own, ['who: [oncall, ana]', 'who: [cy]'])).toEqual([]);
  });
  it('is not judged where it depends on a directory, or on requesters with a mistake', () => {
    expect(mistakes(['who: [oncall, ana]', 'who: [di]'])).toEqual([]);
    expect(
      mistakes(['who: [oncall, ana]', 'who: [di]'], ['requesters: [developers, support, ed]', 'requesters: sre']),
    ).toEqual(['17 requesters: must be a list, not "sre".']);
    expect(
      problemsOf(
        FULL.replace('who: [oncall, ana]', 'who: [di]')
          .replace('requesters: [developers, support, ed]', 'requesters: [developers]')
          .replace('requesters: [ana, cy]', 'requesters: cy'),
      ),
    ).toEqual(['38 runbooks.deploy.requesters: must be a list, not "cy".']);
  });
});
