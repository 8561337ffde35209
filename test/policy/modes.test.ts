/** How a request is decided: by dialog or one click, against how many denials, where, and who is pinged. */
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/policy/evaluate.ts';
import { approveMode, channelFor, denialsNeeded, pingedAtFirst } from '../../src/policy/modes.ts';
import type { Policy, Rule } from '../../src/policy/schema.ts';
import { asked, FULL, policyOf, SAMPLE } from './sample.ts';

const full = policyOf(FULL);
const plain = policyOf(SAMPLE);
const rule = (change: Partial<Rule>): Rule => ({ name: 'Some', require: { count: 1, of: 'sre' }, ...change });
const ruled = (...rules: Partial<Rule>[]): Policy => ({ ...full, rules: rules.map(rule) });
const ask = (runbook: string, change: Partial<Ask> = {}) => asked({ runbook, excluded: ['ana'], ...change });

describe('an approval', () => {
  it.each([
    ['low', 'hello', 'one-click'],
    ['medium', 'status', 'dialog'],
  ])('of %s risk, where rules say nothing, is given by the usual way: %s %s', (_, runbook, mode) => {
    expect(approveMode(ruled({}), ask(runbook))).toBe(mode);
  });
  it('is given as the rule says, whatever the risk', () => {
    expect(approveMode(ruled({ approve: 'one-click' }), ask('status'))).toBe('one-click');
    expect(approveMode(ruled({ approve: 'dialog' }), ask('hello'))).toBe('dialog');
  });
  it('is given by dialog where one of several rules wants that', () => {
    expect(approveMode(ruled({ approve: 'one-click' }, { approve: 'dialog' }), ask('hello'))).toBe('dialog');
    expect(approveMode(ruled({ approve: 'one-click' }, {}), ask('status'))).toBe('dialog');
    expect(approveMode(ruled({ approve: 'one-click' }, {}), ask('hello'))).toBe('one-click');
  });
  it('is given by dialog where the runbook has a checklist, whatever rules say', () => {
    expect(approveMode(ruled({ approve: 'one-click' }), ask('deploy'))).toBe('dialog');
  });
  it('of what the policy does not know or cover is never one click', () => {
    expect(approveMode(ruled({ approve: 'one-click' }), ask('constructor'))).toBe('dialog');
    expect(approveMode(ruled({ approve: 'one-click', when: { runbooks: ['status'] } }), ask('hello'))).toBe('dialog');
  });
  it('is judged by the rules that apply alone', () => {
    const policy = ruled({ approve: 'dialog', when: { runbooks: ['status'] } }, { approve: 'one-click' });
    expect(approveMode(policy, ask('hello'))).toBe('one-click');
  });
});

describe('a denial', () => {
  it('by one person suffices unless every rule wants more', () => {
    expect(denialsNeeded(ruled({}), ask('status'))).toBe(1);
    expect(denialsNeeded(ruled({ denials: 2 }), ask('status'))).toBe(2);
    expect(denialsNeeded(ruled({ denials: 3 }, { denials: 2 }), ask('status'))).toBe(2);
    expect(denialsNeeded(ruled({ denials: 3 }, {}), ask('status'))).toBe(1);
  });
  it('never wants more people than may decide', () => {
    expect(denialsNeeded(ruled({ denials: 3 }), ask('status'))).toBe(3);
    expect(denialsNeeded(ruled({ denials: 3 }), ask('status', { excluded: ['bo'] }))).toBe(2);
    expect(denialsNeeded(ruled({ denials: 3 }), ask('status', { excluded: ['bo', 'cy', 'di'] }))).toBe(1);
  });
  it('by one person suffices where no rule applies', () => {
    expect(denialsNeeded({ ...full, rules: [] }, ask('status'))).toBe(1);
  });
});

describe('the channel', () => {
  it('is that of the first rule that applies and names one, else that of the policy', () => {
    const away = { channel: 'C9', when: { runbooks: ['hello'] } };
    expect(channelFor(ruled(away, {}, { channel: 'C1' }, { channel: 'C2' }), ask('status'))).toBe('C1');
    expect(channelFor(ruled(away, {}), ask('status'))).toBe('C0ALL');
  });
  it('is none where the policy has no Slack', () => {
    expect(channelFor({ ...plain, rules: [rule({ channel: 'C1' })] }, asked())).toBeNull();
  });
});

describe('when a request is opened', () => {
  const who = (policy: Policy) => pingedAtFirst(policy, ask('status'));
  const quiet = (...names: string[]) => ({ channel: 'C0ALL', quiet: names, mirror: false, lastLines: 0 });
  it('those who may decide are pinged, but not the quiet ones nor those of the escalation', () => {
    expect(who(ruled({}))).toEqual({ pinged: ['bo'], quiet: ['di'] });
  });
  it('those of the escalation are pinged at once where nobody else would be', () => {
    expect(who(ruled({ require: { count: 1, of: 'cy' } }))).toEqual({ pinged: ['cy'], quiet: [] });
    expect(who(ruled({ require: { count: 1, of: ['cy', 'di'] } }))).toEqual({ pinged: ['cy'], quiet: ['di'] });
  });
  it('even the quiet ones are pinged where nobody else could be', () => {
    expect(who({ ...ruled({}), slack: quiet('sre') })).toEqual({
      pinged: ['bo', 'cy', 'di'],
      quiet: ['bo', 'cy', 'di'],
    });
  });
  it('everybody who may decide is pinged where the policy names nobody quiet and no escalation', () => {
    const { slack: _, ...rest } = ruled({});
    expect(who({ ...rest, escalation: null })).toEqual({ pinged: ['bo', 'cy', 'di'], quiet: [] });
  });
  it('nobody is pinged for what is approved already', () => {
    expect(who(ruled({ require: 'none' }))).toEqual({ pinged: [], quiet: [] });
  });
});
