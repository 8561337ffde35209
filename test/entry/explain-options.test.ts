/** What is wrong with the options of `policy explain` is told all at once, in our words. */
import { describe, expect, it } from 'vitest';
import { readExplainOptions } from '../../src/entry/cli/explain-options.ts';
import { FULL, policyOf } from '../policy/sample.ts';

const policy = policyOf(FULL);
const NOW = '2026-07-01T12:00:00.000Z';
const given = { runbook: 'status', target: 'production', as: 'ana', inputs: '{"service":"web"}', urgency: 'normal' };
const problems = (change: Partial<Parameters<typeof readExplainOptions>[1]>) => {
  const read = readExplainOptions(policy, { ...given, ...change }, NOW);
  return read.ok ? [] : read.problems;
};
const PEOPLE = 'allowed: ana, bo, cy, di, ed.';
const INPUTS = 'must be a JSON object of texts, numbers, true or false, such as {"service":"web"}, not';

describe('the options of an explanation', () => {
  it('with several mistakes have all named at once', () => {
    expect(
      problems({
        member: ['sre=bo', 'security=eve', 'security'],
        urgency: 'hi',
        inputs: 'service=web',
        target: 'moon',
        at: 'soon',
        approvedBy: ['bo', 'eve', 'eva'],
        deniedBy: ['evi'],
      }),
    ).toEqual([
      '--member sre=bo: the policy has no group "sre" that comes from a directory; allowed: security, support.',
      `--member security=eve: the policy has no person "eve"; ${PEOPLE}`,
      '--member security: must be group=person, such as security=ana.',
      '--urgency: must be low, normal or high, not "hi".',
      `--inputs: ${INPUTS} "service=web".`,
      'The policy has no target "moon"; allowed: staging, production.',
      '"soon" is no time such as 2026-01-31T12:00:00Z.',
      `--approved-by eve: the policy has no person "eve"; ${PEOPLE}`,
      `--approved-by eva: the policy has no person "eva"; ${PEOPLE}`,
      `--denied-by evi: the policy has no person "evi"; ${PEOPLE}`,
    ]);
  });
  it.each(['[]', '5', 'null', '{"service":["web"]}', '{'])('take no %s for inputs', (inputs) => {
    expect(problems({ inputs })).toEqual([`--inputs: ${INPUTS} ${JSON.stringify(inputs)}.`]);
  });
  it('that are sound are what is asked, now where no time is said, with the groups filled', () => {
    const read = readExplainOptions(
      policy,
      { ...given, member: ['security=di', 'security=bo'], deniedBy: ['di'] },
      NOW,
    );
    expect(read).toMatchObject({
      ok: true,
      ask: { requester: 'ana', inputs: { service: 'web', lines: 5 }, urgency: 'normal', askedAt: NOW },
      policy: { groups: { security: { members: ['di', 'bo'] }, support: { members: [] } } },
      approvals: [],
      denials: ['di'],
    });
  });
});
