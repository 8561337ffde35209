/** What doctor says of the policy where GitHub is another than github.com, and where there is none that can be read. */
import { describe, expect, test } from 'vitest';
import { type Change, examined, FACTS, findingOf, notOk } from './doctor-world.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const trusting = (issuer: string | null) => (text: string) =>
  text
    .replace(/^ +issuer: .*\n/m, '')
    .replace(/^signers:\n/m, (line) => (issuer === null ? line : `${line}  issuer: ${issuer}\n`));
const at = (url: string): NonNullable<Change['input']> => ({ api: { url, loopback: false } });

describe('the issuer whose signatures count', () => {
  const CASES: [api: string, issuer: string | null, health: string, remedy: string | null][] = [
    ['https://api.github.com', null, 'ok', null],
    ['https://api.github.com', GITHUB, 'ok', null],
    ['https://api.github.com', `${GITHUB}/acme`, 'note', null],
    ['https://api.github.com', 'https://token.actions.example.com', 'wrong', 'Take `issuer` out'],
    ['https://git.acme.example/api/v3', 'https://git.acme.example/_services/token', 'ok', null],
    ['https://git.acme.example/api/v3', null, 'wrong', '`issuer: https://git.acme.example/_services/token`'],
    ['https://git.acme.example/api/v3', GITHUB, 'wrong', '`issuer: https://git.acme.example/_services/token`'],
    ['https://api.acme.ghe.com', 'https://token.actions.acme.ghe.com', 'ok', null],
    ['https://api.acme.ghe.com', null, 'wrong', '`issuer: https://token.actions.acme.ghe.com`'],
  ];
  test.each(CASES)('must be the one of the GitHub at %s: %s is %s', async (url, issuer, health, remedy) => {
    const found = findingOf(await examined({ input: at(url), policy: trusting(issuer) }), 'policy.issuer');
    expect(found.health).toBe(health);
    expect(found.remedy ?? '').toContain(remedy ?? '');
  });

  test('is not judged where the address does not tell it', async () => {
    const findings = await examined({ input: at('https://proxy.acme.example/github'), policy: trusting(null) });
    expect(findings.filter(({ id }) => id === 'policy.issuer')).toEqual([]);
  });

  test('is told by the token alone in a job, which has one', async () => {
    const wrong = 'https://token.actions.example.com';
    const findings = await examined({ job: { trusted: wrong }, policy: trusting(wrong) });
    expect(notOk(findings).filter((one) => one.endsWith(' wrong'))).toEqual(['job.oidc wrong']);
  });
});

describe('without a policy', () => {
  test('nothing is said to have been read, and the way to one needs no document', async () => {
    const findings = await examined({ facts: { policy: null } });
    expect(findingOf(findings, 'job.contents').health).toBe('unknown');
    const { what, remedy } = findingOf(findings, 'policy');
    expect(what).toContain(FACTS.name);
    expect(remedy).toBe('`debug-approval init` writes one; merge it to main. Without a policy nothing runs.');
  });

  test('with mistakes in it contents can be read', async () => {
    const findings = await examined({ policy: (text) => text.replace('version: 1', 'version: 2') });
    expect(findingOf(findings, 'job.contents')).toMatchObject({
      health: 'ok',
      what: 'Contents can be read: the policy was.',
    });
  });
});
