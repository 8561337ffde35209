/** What a policy says of an ask, explained: which rules apply, the verdict, who is asked how, and whether it could be approved at all. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainAsk, explainText } from '../../src/policy/explain-ask.ts';
import { blockedReasons, preflight } from '../../src/policy/preflight.ts';
import type { Policy } from '../../src/policy/schema.ts';
import { policyAsOf } from '../../src/policy/snapshot.ts';
import { askOfWhatIf, leftOpen, type WhatIf } from '../../src/policy/what-if.ts';
import { asked, FULL, policyOf, SAMPLE } from './sample.ts';

const policy = policyAsOf(policyOf(FULL), { members: { security: ['di'] }, links: {} });
const plain = policyOf(SAMPLE);
const what = (change: Partial<WhatIf> = {}): WhatIf => ({
  runbook: 'status',
  target: 'production',
  as: 'ana',
  inputs: { service: 'web' },
  urgency: 'normal',
  at: '2026-07-01T12:00:00Z',
  ...change,
});

describe('what somebody might ask', () => {
  it('is what the rules look at, defaults filled in and whoever asks excluded', () => {
    expect(askOfWhatIf(policy, what())).toEqual({
      ok: true,
      ask: {
        runbook: 'status',
        target: 'production',
        excluded: ['ana'],
        requester: 'ana',
        urgency: 'normal',
        inputs: { service: 'web', lines: 5 },
        askedAt: '2026-07-01T12:00:00Z',
      },
    });
  });
  it("by somebody where the policy has nobody is nobody's ask", () => {
    expect(askOfWhatIf({ ...policy, people: {} }, what())).toEqual({
      ok: false,
      problems: ['The policy has no person "ana"; allowed: none.'],
    });
  });
  it('may leave inputs open', () => {
    expect(askOfWhatIf(policy, what({ inputs: {} }))).toMatchObject({ ok: true, ask: { inputs: { lines: 5 } } });
  });
  it('with mistakes has them all named, with what is allowed', () => {
    const wrong = what({ as: 'eve', target: 'moon', inputs: { service: 'db', colour: 1 }, at: 'soon' });
    expect(askOfWhatIf(policy, wrong)).toEqual({
      ok: false,
      problems: [
        'The policy has no target "moon"; allowed: staging, production.',
        '"colour" is no input of this runbook; allowed: service, lines.',
        'service: "db" is not allowed; allowed: api, web.',
        'The policy has no person "eve"; allowed: ana, bo, cy, di, ed.',
        '"soon" is no time such as 2026-01-31T12:00:00Z.',
      ],
    });
    expect(askOfWhatIf(policy, what({ runbook: 'x', inputs: { any: 1 } }))).toEqual({
      ok: false,
      problems: ['The policy has no runbook "x"; allowed: hello, status, deploy.'],
    });
    expect(askOfWhatIf(policy, what({ runbook: 'deploy', target: 'staging', inputs: {} }))).toEqual({
      ok: false,
      problems: ['The runbook deploy may not run on staging; allowed: production.'],
    });
  });
});

it.each(['5', 'June 1', '2026-06-01', '2026-06-01T12:00:00', '2026-06-01T12:00Z'])(
  'asked at %j is refused: another machine would read another time',
  (at) => {
    expect(askOfWhatIf(policy, what({ at }))).toEqual({
      ok: false,
      problems: [`"${at}" is no time such as 2026-01-31T12:00:00Z.`],
    });
  },
);

it('what could become an option of the command can be asked by nobody, and is explained to nobody', () => {
  const ask = what({ inputs: { service: 'web', name: '--delete' } });
  expect(askOfWhatIf(plain, ask)).toEqual({
    ok: false,
    problems: ['name: must not begin with "-": the command would take "--delete" for an option.'],
  });
});

describe('inputs that are left out', () => {
  const open = (change: Partial<WhatIf>, of = policy) => {
    const result = askOfWhatIf(of, what(change));
    if (!result.ok) throw new Error(result.problems.join());
    return leftOpen(of, result.ask, false);
  };
  it('leave the verdict open where a rule looks at them', () => {
    expect(open({ inputs: {} })).toEqual([
      'inputs.service: is missing, and the rule "Security sees the web service" looks at it; say what it is.',
    ]);
  });
  it('leave nothing open where they are given, where no rule looks at them, or where the rule does not apply', () => {
    expect(open({})).toEqual([]);
    expect(open({ inputs: {} }, plain)).toEqual([]);
    expect(open({ inputs: {}, as: 'cy' })).toEqual([]);
  });
});

describe('the explanation', () => {
  const explained = (change: Partial<WhatIf>, approvals: string[] = [], of: Policy = policy) => {
    const result = askOfWhatIf(of, what(change));
    if (!result.ok) throw new Error(result.problems.join('\n'));
    return explainAsk(of, result.ask, approvals, false);
  };
  const NIGHT = { as: 'ed', target: 'staging', at: '2026-07-03T22:30:00Z', inputs: { service: 'api' } };
  const texts: [what: string, text: () => string][] = [
    ['approved by one of two', () => explainText(policy, explained({}, ['bo']))],
    ['at night', () => explainText(policy, explained({ as: 'ed', at: '2026-07-03T22:30:00Z', inputs: {} }))],
    [
      'pre-approved',
      () => explainText(policy, explained({ runbook: 'hello', target: 'staging', inputs: {}, urgency: 'low' })),
    ],
    ['nobody may', () => explainText(policy, explained({ as: 'di', target: 'staging', inputs: {} }))],
    ['by a dialog, against two denials', () => explainText(policy, explained(NIGHT))],
    [
      'on the issue alone',
      () => explainText(plain, explained({ runbook: 'search', as: 'bo', inputs: { text: 'x' } }, [], plain)),
    ],
  ];
  it('as people read it', async () => {
    const whole = texts.map(([title, text]) => `# ${title}\n${text()}\n`).join('\n');
    await expect(whole).toMatchFileSnapshot(join(import.meta.dirname, 'golden/explained.txt'));
  });
  it('as data is plain JSON', () => {
    const data = explained({ as: 'ed', at: '2026-07-03T22:30:00Z' }, ['bo']);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(data).toMatchObject({
      approvals: ['bo'],
      mayRequest: { ok: true },
      mayBreakGlass: { ok: false },
      mode: 'dialog',
      denialsNeeded: 1,
      channel: 'C0SRE',
      eligible: ['bo', 'cy', 'di'],
      pinged: ['bo'],
      quiet: ['di'],
    });
    expect(data.rules).toEqual([
      {
        name: 'Hello runs at once',
        applies: false,
        why: ['runbook is status, not hello', 'tier is production, not staging'],
      },
      { name: 'Somebody of SRE', applies: true, why: [] },
      { name: 'Two at night', applies: true, why: [] },
      { name: 'Security sees the web service', applies: false, why: ['requester is Ed, not one of developers'] },
    ]);
  });
  it('of what the policy does not have says so of each rule', () => {
    const data = explainAsk(policy, asked({ runbook: 'constructor' }), [], false);
    expect(data.rules.map(({ why }) => why)).toEqual(Array(4).fill(['the policy has no such runbook or target']));
    expect(data.preflight.possible).toBe(false);
  });
});

describe('before anybody is asked', () => {
  const ask = (excluded: string[]) => asked({ excluded });
  it('it says how many others could approve', () => {
    expect(preflight(plain, ask(['bo']))).toEqual({
      possible: true,
      sentence: 'This request can be approved by 2 distinct eligible people other than you: Cy, Di.',
    });
    const one: Policy = { ...plain, rules: [{ name: 'One', require: { count: 1, of: 'di' } }] };
    expect(preflight(one, ask(['bo'])).sentence).toBe(
      'This request can be approved by 1 eligible person other than you: Di.',
    );
  });
  it('it says that nobody has to', () => {
    const none: Policy = { ...plain, rules: [{ name: 'Free', require: 'none' }] };
    expect(preflight(none, ask(['bo']))).toEqual({
      possible: true,
      sentence: 'Pre-approved by the rule "Free": nobody has to approve.',
    });
  });
  it('it says exactly what is missing, from the whole to its parts', () => {
    const two: Policy = {
      ...plain,
      rules: [
        ...plain.rules,
        {
          name: 'Also',
          require: {
            any: [
              { count: 1, of: 'ana' },
              { count: 1, of: 'bo' },
            ],
          },
        },
      ],
    };
    expect(preflight(two, ask(['bo', 'cy']))).toEqual({
      possible: false,
      sentence:
        'This request cannot be approved: 0 of 2 rules met; all must be. Two of SRE: 2 of sre: only Di is eligible. Ask for another requester, or put more people into it in the policy.',
    });
    expect(preflight({ ...plain, rules: [] }, ask([])).sentence).toContain('cannot be approved: No rule of the policy');
  });
  it('of a verdict only the blocked parts are reasons', () => {
    const leaf = (status: 'met' | 'blocked', sentence: string) => ({ status, sentence, children: [] });
    expect(
      blockedReasons({ ...leaf('blocked', 'All'), children: [leaf('met', 'One'), leaf('blocked', 'Two')] }),
    ).toEqual(['All', 'Two']);
  });
});
