/** When a rule applies, and the words for why it does not. */
import { describe, expect, it } from 'vitest';
import { objections, turnsOn, type Unsaid } from '../../src/policy/conditions.ts';
import { type Ask, rulesFor } from '../../src/policy/evaluate.ts';
import { lookup } from '../../src/policy/lookup.ts';
import type { Policy, Rule } from '../../src/policy/schema.ts';
import { asked, FULL, policyOf } from './sample.ts';

type When = NonNullable<Rule['when']>;
const policy = policyOf(FULL);

function why(when: When, change: Partial<Ask> = {}, of: Policy = policy): string[] {
  const ask = asked({ runbook: 'status', inputs: { service: 'api', lines: 5 }, ...change });
  const runbook = lookup(of.runbooks, ask.runbook);
  const target = lookup(of.targets, ask.target);
  if (runbook === null || target === null) throw new Error('The policy has no such runbook or target.');
  const applies = rulesFor({ ...of, rules: [{ name: 'Some', when, require: 'none' }] }, ask).length === 1;
  const found = objections({ policy: of, ask, runbook, target }, when);
  expect(applies).toBe(found.length === 0);
  return found;
}

const table: [what: string, when: When, objection: string | null][] = [
  ['nothing', {}, null],
  ['its target', { targets: ['staging', 'production'] }, null],
  ['another target', { targets: ['staging'] }, 'target is production, not staging'],
  ['its runbook', { runbooks: ['status'] }, null],
  ['other runbooks', { runbooks: ['hello', 'deploy'] }, 'runbook is status, not hello or deploy'],
  ['its tier', { tiers: ['production'] }, null],
  ['another tier', { tiers: ['staging'] }, 'tier is production, not staging'],
  ['its risk', { risks: ['medium'] }, null],
  ['other risks', { risks: ['low', 'high'] }, 'risk is medium, not low or high'],
  ['its urgency', { urgencies: ['normal', 'low'] }, null],
  ['another urgency', { urgencies: ['high'] }, 'urgency is normal, not high'],
  ['who asks, by a group', { requesters: ['sre', 'developers'] }, null],
  ['who asks, by name', { requesters: ['ana'] }, null],
  ['others who ask', { requesters: ['sre', 'ed'] }, 'requester is Ana, not one of sre, ed'],
  ['its input', { inputs: { service: ['web', 'api'] } }, null],
  ['its number', { inputs: { lines: [5] } }, null],
  ['a number as a text', { inputs: { lines: ['5'] } }, 'input lines is 5, not "5"'],
  ['another value', { inputs: { service: ['web', 'db'] } }, 'input service is "api", not "web" or "db"'],
  ['an input that is not there', { inputs: { name: ['x'] } }, 'there is no input name'],
  ["a name of JavaScript's own", { inputs: { constructor: ['x'] } }, 'there is no input constructor'],
  [
    'two inputs that differ',
    { inputs: { service: ['web'], lines: [1] } },
    'input service is "api", not "web"; input lines is 5, not 1',
  ],
  ['its time', { times: { from: '11:00', to: '13:00', zone: 'UTC' } }, null],
  [
    'another time',
    { times: { days: ['mon'], from: '11:00', to: '13:00', zone: 'Europe/Berlin' } },
    'it was asked on wed at 14:00, not mon 11:00–13:00 Europe/Berlin',
  ],
];

describe('a rule that names', () => {
  it.each(table)('%s', (_, when, objection) => {
    expect(why(when)).toEqual(objection === null ? [] : [objection]);
  });
  it('several things applies only where all hold, and every one that does not is named', () => {
    expect(why({ tiers: ['production'], risks: ['low'], urgencies: ['high'], requesters: ['ana'] })).toEqual([
      'risk is medium, not low',
      'urgency is normal, not high',
    ]);
  });
  it('groups of requesters never applies to a stranger, whatever the name', () => {
    expect(why({ requesters: ['stranger', 'sre'] }, { requester: 'stranger' })).toEqual([
      'requester is stranger, not one of stranger, sre',
    ]);
    expect(why({ requesters: ['sre'] }, { requester: 'sre' })).toEqual(['requester is sre, not one of sre']);
  });
});

describe('the rules for an ask', () => {
  it('are none where the runbook or the target is unknown', () => {
    const open: Policy = { ...policy, rules: [{ name: 'All', require: 'none' }] };
    expect(rulesFor(open, asked({ runbook: 'status' }))).toHaveLength(1);
    expect(rulesFor(open, asked({ runbook: 'toString' }))).toEqual([]);
    expect(rulesFor(open, asked({ runbook: 'status', target: 'toString' }))).toEqual([]);
  });
});

describe('whether a rule applies turns on what nobody said', () => {
  const times = { from: '01:00', to: '02:00', zone: 'UTC' };
  const inputs = { service: ['web'], lines: [5] };
  const turns = (when: When, unsaid: Partial<Unsaid>) => {
    const { status: runbook } = policy.runbooks;
    const { production: target } = policy.targets;
    if (runbook === undefined || target === undefined) throw new Error('The policy has no status or production.');
    const ask = asked({ runbook: 'status', inputs: { lines: 5 } });
    return turnsOn({ policy, ask, runbook, target }, when, { time: false, inputs: [], ...unsaid });
  };
  const TIME = { time: true };
  const SERVICE = { inputs: ['service'] };
  it.each<[When, Partial<Unsaid>, string[]]>([
    [{ times }, TIME, ['at']],
    [{ times, risks: ['medium'] }, TIME, ['at']],
    [{ inputs }, SERVICE, ['inputs.service']],
    [{ inputs, times }, { ...TIME, ...SERVICE }, ['at', 'inputs.service']],
    [{ inputs, times: { ...times, from: '11:00', to: '13:00' } }, SERVICE, ['inputs.service']],
  ])('where everything else holds: %j of %j', (when, unsaid, open) => {
    expect(turns(when, unsaid)).toEqual(open);
  });
  it.each<[When, Partial<Unsaid>]>([
    [{ risks: ['medium'] }, TIME],
    [{ times, risks: ['low'] }, TIME],
    [{ times }, SERVICE],
    [{ inputs: { lines: [5] } }, SERVICE],
    [{ inputs: { ...inputs, lines: [6] } }, SERVICE],
    [{ inputs, risks: ['low'] }, SERVICE],
    [{ inputs, times }, SERVICE],
    [{ inputs, times }, TIME],
  ])('but not where the rule does not look at it, or something else does not hold: %j of %j', (when, unsaid) => {
    expect(turns(when, unsaid)).toEqual([]);
  });
});
