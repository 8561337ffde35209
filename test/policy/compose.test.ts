/** A repository's first policy: what was answered stands in it, it has no mistakes, and it says how to go on. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composePolicy, type FirstPolicy } from '../../src/policy/compose.ts';
import { policyOf } from './sample.ts';

const FIRST: FirstPolicy = {
  repository: 'acme/shop',
  branch: 'main',
  schema: 'https://example.com/debug-approval.schema.json',
  manual: 'https://example.com/POLICY.md',
  public: false,
  adminBypass: 'forbid',
  people: {
    ana: { name: 'Ana', github: { id: 101, login: 'ana-dev' }, slack: { team: 'T1', user: 'UANA' } },
    bo: { name: 'Bo', github: { id: 102, login: '0x10' } },
  },
  requesters: ['ana', 'bo'],
  approvers: ['bo'],
  targets: { staging: 'staging', production: 'Production-live' },
  expiry: '2h',
  window: '30m',
  channel: null,
  issuer: null,
  workflows: ['.github/workflows/debug.yml'],
};
const SLACK: Partial<FirstPolicy> = {
  public: true,
  adminBypass: 'show',
  channel: 'C012AB3CD',
  issuer: 'https://token.actions.example.com',
  window: '3m',
};

describe('the first policy', () => {
  it.each([
    ['without Slack', 'first-policy.yml', {}],
    ['with Slack, public, of a server of its own', 'first-policy-slack.yml', SLACK],
  ])('%s reads as people shall find it, and has no mistakes', async (_, golden, change) => {
    const text = composePolicy({ ...FIRST, ...change });
    expect(() => policyOf(text)).not.toThrow();
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden', golden));
  });
  it('says what was answered, and nothing else', () => {
    const policy = policyOf(composePolicy({ ...FIRST, ...SLACK }));
    expect(policy).toMatchObject({
      people: FIRST.people,
      groups: { requesters: { members: ['ana', 'bo'] }, approvers: { members: ['bo'] } },
      requesters: ['requesters'],
      targets: {
        staging: { environment: 'staging', tier: 'staging' },
        production: { environment: 'Production-live', tier: 'production' },
      },
      rules: [{ name: 'Somebody else looks at everything', require: { count: 1, of: 'approvers' } }],
      expirySeconds: 7200,
      windowSeconds: 180,
      slack: { channel: 'C012AB3CD' },
      signers: { issuer: 'https://token.actions.example.com', workflows: ['.github/workflows/debug.yml'] },
    });
  });
  it('holds what it only suggests as lines that are right once somebody takes their sign away', () => {
    const text = composePolicy(FIRST).replaceAll(/^# (?=(?:retention|redaction): )/gm, '');
    const { retention, redaction } = policyOf(text);
    expect(retention).toEqual({ slack: 2_592_000, transcript: 2_592_000, 'run-logs': 7_776_000 });
    expect(redaction).toMatchObject({ allow: ['support@example.com'] });
  });
  it.each([
    ['30m', 300],
    ['5m', 300],
    ['3m', 180],
  ])('gives the harmless runbook five minutes, or the longest window %s where that is shorter', (window, seconds) => {
    expect(policyOf(composePolicy({ ...FIRST, window })).runbooks['hello']?.windowSeconds).toBe(seconds);
  });
});
