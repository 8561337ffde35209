/** What the policy says of an ask that breaks the glass, and of groups of which nobody said who is in them. */
import { describe, expect, it } from 'vitest';
import { type ExplainedAsk, explainAsk, explainText } from '../../src/policy/explain-ask.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { policyAsOf } from '../../src/policy/snapshot.ts';
import { asked, FULL, policyOf, SAMPLE } from './sample.ts';

const policy = policyOf(FULL);
const STATUS = { runbook: 'status', inputs: { service: 'api', lines: 5 }, excluded: ['ana'] };

function explained(change: Parameters<typeof asked>[0], breakGlass: boolean, of: Policy = policy) {
  const all: ExplainedAsk = explainAsk(of, asked({ ...STATUS, ...change }), [], breakGlass);
  return { all, text: explainText(of, all) };
}

describe('a break-glass', () => {
  it('says who may, of what length the reason must be, and who must review it by when', () => {
    const { text } = explained({ requester: 'cy', excluded: ['cy'], runbook: 'status' }, true);
    expect(text).toContain('Verdict, as a break-glass:\n  ✗ blocked: Cy may not request status');
    const { all, text: may } = explained({}, true);
    expect(may).toContain(
      'Verdict, as a break-glass:\n  ✓ met: Ana may start at once: nobody has to approve beforehand.',
    );
    expect(may).toContain('May break the glass here: Ana.');
    expect(may).toContain('Its reason must have at least 30 characters.');
    expect(may).toContain('Within 1d of the start one of these must sign the after-review: Bo, Cy, Di.');
    expect(all).toMatchObject({
      verdict: { status: 'met' },
      breakGlass: { who: ['ana'], reasonLength: 30, review: { by: ['bo', 'cy', 'di'], withinSeconds: 86_400 } },
      withoutBreakGlass: { status: 'waiting' },
    });
  });
  it('has what else the policy says under a heading of its own', () => {
    const { text } = explained({}, true);
    const [before = '', after = ''] = text.split('\nWithout break-glass:\n');
    expect(before).not.toMatch(/waiting|can be approved|Pinged/);
    expect(after).toContain('… waiting: 1 of sre: nobody approved yet; 1 more of Bo, Cy, Di.');
    expect(after).toContain('This request can be approved by 3 distinct eligible people other than you: Bo, Cy, Di.');
  });
  it('whose reason must be longer anyway has the greater length', () => {
    const long = policyOf(FULL.replace('reason: { min-length: 10 }', 'reason: { min-length: 50 }'));
    expect(explained({}, true, long).all.breakGlass?.reasonLength).toBe(50);
  });
  it('is never reviewed by whoever asked', () => {
    const own = policyOf(FULL.replace('by: [sre]', 'by: [sre, ana]'));
    expect(explained({}, true, own).all.breakGlass?.review.by).toEqual(['bo', 'cy', 'di']);
  });
  it('elsewhere than the policy allows is blocked, and nobody may', () => {
    const { all, text } = explained({ target: 'staging' }, true);
    expect(all.verdict).toEqual({
      status: 'blocked',
      sentence: 'The policy has no break-glass for the target "staging"; allowed: production.',
      children: [],
    });
    expect(text).toContain('May break the glass here: nobody.');
  });
  it('where the policy has none is blocked, and nothing is said of its terms', () => {
    const plain = policyOf(SAMPLE);
    const { all, text } = explained({ requester: 'ana' }, true, plain);
    expect(all).toMatchObject({ verdict: { status: 'blocked' }, breakGlass: null });
    expect(text).toContain('✗ blocked: The policy has no `break-glass`: nobody may start without approval.');
    expect(text).not.toContain('after-review');
  });
  it('that nobody asked for is told in one line', () => {
    const { all, text } = explained({}, false);
    expect(all).toMatchObject({ verdict: { status: 'waiting' }, breakGlass: null, withoutBreakGlass: null });
    expect(text).toContain('\nBreak-glass: allowed.');
    expect(text).not.toContain('Without break-glass');
  });
});

describe('a group from a directory of which nobody said who is in it', () => {
  const hint = (group: string, source: string) =>
    `Nobody is in ${group} (${source}) here; say who is by --member ${group}=<person>.`;
  const SECURITY = hint('security', 'the GitHub team acme/security');
  const SUPPORT = hint('support', 'the Slack user group S012AB3CD');
  const hints = (change: Parameters<typeof asked>[0], of: Policy = policy, breakGlass = false) =>
    explained(change, breakGlass, of)
      .text.split('\n')
      .filter((line) => line.startsWith('Nobody is in'));
  const web = { inputs: { service: 'web', lines: 5 } };

  it('is named where a rule needs it, with how to say so', () => {
    expect(hints(web)).toEqual([SECURITY]);
    expect(explained(web, false).all.emptyGroups).toEqual(['security']);
  });
  it('is not where it is filled, or nothing that is asked depends on it', () => {
    expect(hints(web, policyAsOf(policy, { members: { security: ['bo'], support: [] }, links: {} }))).toEqual([]);
    expect(hints({})).toEqual([]);
  });
  it('is named where it could let somebody ask', () => {
    expect(hints({ runbook: 'hello', target: 'staging', requester: 'cy', inputs: {} })).toEqual([SUPPORT]);
    const target = policyOf(FULL.replace('[developers, ed] }', '[security] }'));
    expect(hints({}, target)).toEqual([SECURITY]);
  });
  it('is named where a rule would apply to its members', () => {
    const rule = policyOf(FULL.replace('requesters: [developers] }', 'requesters: [support] }'));
    expect(hints(web, rule)).toEqual([SUPPORT, SECURITY]);
    expect(hints({}, rule)).toEqual([]);
  });
  it('is named where it may break the glass or reviews it, and only then', () => {
    const broken = policyOf(
      FULL.replace('who: [oncall, ana]', 'who: [support]').replace('by: [sre]', 'by: [security]'),
    );
    expect(hints({}, broken, true)).toEqual([SUPPORT, SECURITY]);
    expect(hints({}, broken)).toEqual([]);
  });
  it('is named where it is pinged later or never, which says who is pinged at once', () => {
    const later = policyOf(
      FULL.replace('to: [oncall]', 'to: [support, cy]').replace('quiet: [di]', 'quiet: [security]'),
    );
    expect(hints({}, later)).toEqual([SECURITY, SUPPORT]);
  });
});
