/** A policy as it stood when a request was opened: the members and links that directories named then. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Group, Policy } from '../../src/policy/schema.ts';
import { policyAsOf } from '../../src/policy/snapshot.ts';
import { FULL, policyOf, SAMPLE } from './sample.ts';

const policy = policyOf(FULL);
const plain = policyOf(SAMPLE);
const account = { team: 'T1', user: 'UCY' };

describe('groups from a directory', () => {
  it('have nobody before the snapshot fills them, and whom it names afterwards', () => {
    expect(policy.groups['security']?.members).toEqual([]);
    const after = policyAsOf(policy, { members: { security: ['di', 'ed'] }, links: {} });
    expect(after.groups['security']).toEqual({
      members: ['di', 'ed'],
      source: { kind: 'github-team', team: 'acme/security' },
    });
    expect(after.groups['support']).toEqual({ members: [], source: { kind: 'slack-group', id: 'S012AB3CD' } });
  });
  it('lose whom an earlier snapshot named where this one does not', () => {
    const before = policyAsOf(policy, { members: { security: ['di'] }, links: {} });
    expect(policyAsOf(before, { members: {}, links: {} }).groups['security']?.members).toEqual([]);
  });
  it('that a snapshot only seems to hold have nobody', () => {
    const group: Group = { members: ['ana'], source: { kind: 'github-team', team: 'a/b' } };
    const tricky: Policy = { ...policy, groups: Object.fromEntries([['constructor', group]]) };
    expect(policyAsOf(tricky, { members: {}, links: {} }).groups['constructor']?.members).toEqual([]);
  });
  it('alone are filled: what the policy lists itself stays, whatever a snapshot says', () => {
    const after = policyAsOf(policy, { members: { sre: ['ana'], unknown: ['ana'] }, links: {} });
    expect(after.groups['sre']).toEqual(policy.groups['sre']);
    expect(Object.keys(after.groups)).toEqual(Object.keys(policy.groups));
  });
});

describe('links by e-mail', () => {
  it('give their Slack account to people without one', () => {
    const after = policyAsOf(policy, { members: {}, links: { cy: account } });
    expect(after.people['cy']).toEqual({ ...policy.people['cy'], slack: account });
    expect(after.people['di']).toEqual(policy.people['di']);
  });
  it('never replace an account that the policy names, and link no stranger', () => {
    const after = policyAsOf(policy, { members: {}, links: { ana: account, constructor: account, nobody: account } });
    expect(after.people).toEqual(policy.people);
  });
  it('to an account that somebody else has, or that two would have, link nobody', () => {
    const taken = { team: 'T1', user: 'UANA' };
    expect(policyAsOf(policy, { members: {}, links: { cy: taken } }).people).toEqual(policy.people);
    expect(policyAsOf(policy, { members: {}, links: { cy: account, di: account } }).people).toEqual(policy.people);
    const apart = policyAsOf(policy, { members: {}, links: { cy: account, di: { ...account, team: 'T2' } } });
    expect([apart.people['cy']?.slack, apart.people['di']?.slack]).toEqual([account, { ...account, team: 'T2' }]);
  });
  it("of one workspace to several people are as many accounts, and a stranger takes nobody's away", () => {
    const other = { team: 'T1', user: 'UDI' };
    const after = policyAsOf(policy, { members: {}, links: { cy: account, di: other, stranger: account } });
    expect([after.people['cy']?.slack, after.people['di']?.slack]).toEqual([account, other]);
  });
  it('are made where no group comes from a directory, too', () => {
    const after = policyAsOf({ ...plain, linkByEmail: true }, { members: {}, links: { cy: account } });
    expect(after.people['cy']?.slack).toEqual(account);
  });
  it('count for nothing where the policy does not allow them', () => {
    const strict = { ...policy, linkByEmail: false };
    expect(policyAsOf(strict, { members: {}, links: { cy: account } }).people).toEqual(policy.people);
  });
});

it('a policy without directories and links is itself', () => {
  expect(policyAsOf(plain, { members: { sre: [] }, links: {} })).toBe(plain);
});

it('a snapshot that was taken in already changes nothing more', () => {
  const people = fc.subarray(Object.keys(policy.people));
  const snapshot = fc.record({
    members: fc.dictionary(fc.constantFrom('security', 'support', 'sre', 'constructor'), people),
    links: fc.dictionary(
      fc.constantFrom('ana', 'cy', 'di', 'nobody'),
      fc.record({ team: fc.constant('T1'), user: fc.constantFrom('U1', 'U2') }),
    ),
  });
  fc.assert(
    fc.property(snapshot, fc.boolean(), (one, linkByEmail) => {
      const once = policyAsOf({ ...policy, linkByEmail }, one);
      expect(policyAsOf(once, one)).toEqual(once);
    }),
  );
});
