/** Whose signatures a policy may believe: an issuer at a plain https address, one of this machine only in the sandbox. */
import { describe, expect, it } from 'vitest';
import { policyOf, problemsOf, SAMPLE, sampleWith } from './sample.ts';

const problems = (url: string, apiIsLoopback: boolean): string[] =>
  problemsOf(sampleWith('signers: { ', `signers: { issuer: ${JSON.stringify(url)}, `), apiIsLoopback);

const NO_ADDRESS = 'must be an address such as https://token.actions.example.com.';
const PLAIN = 'must be a plain address without user, query or fragment.';
const HTTPS = 'must begin with https://: whoever sits between could give out keys of their own.';
const HTTP = 'must begin with http:// or https://.';
const MACHINE =
  'is an address of the machine itself, where anybody could sign: allowed only while the GitHub API is one too (the sandbox).';

describe('an issuer', () => {
  it.each([
    'https://token.actions.githubusercontent.com',
    'https://ghe.example.com/_services/token',
    'https://[2001:db8::7f]',
    'https://10.127.0.1',
    'https://1.2.0.4',
    'https://localhost.example.com',
    'https://mylocalhost',
  ])('%s is sound everywhere', (url) => {
    expect(problems(url, false)).toEqual([]);
    expect(problems(url, true)).toEqual([]);
  });
  it.each([
    'https://127.0.0.1',
    'http://127.255.0.9:9000',
    'https://0.0.0.0',
    'https://localhost',
    'https://LOCALHOST.:8443',
    'https://api.localhost',
    'https://[::]',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:127.255.255.254]',
    'https://[::ffff:127.0.0.0]',
  ])('%s is of this machine: sound in the sandbox only', (url) => {
    expect(problems(url, true)).toEqual([]);
    expect(problems(url, false)).toEqual([`41 signers.issuer: ${MACHINE}`]);
  });
  it.each([
    ['nonsense', NO_ADDRESS],
    ['', NO_ADDRESS],
    ['https://u@issuer.example.com', PLAIN],
    ['https://:p@issuer.example.com', PLAIN],
    ['https://u:p@issuer.example.com', PLAIN],
    ['https://issuer.example.com?x=1', PLAIN],
    ['https://issuer.example.com?', PLAIN],
    ['https://issuer.example.com#x', PLAIN],
    ['https://issuer.example.com#', PLAIN],
    ['http://issuer.example.com', HTTPS],
    ['ftp://issuer.example.com', HTTPS],
    ['http://[::ffff:1]', HTTPS],
    ['http://[1::1]', HTTPS],
    ['http://[::1:1]', HTTPS],
    ['ftp://127.0.0.1', HTTP],
  ])('%j is refused even in the sandbox: %s', (url, message) => {
    expect(problems(url, true)).toEqual([`41 signers.issuer: ${message}`]);
  });
});

describe('records without a signature', () => {
  const unsigned = (value: string) => sampleWith('signers: { ', `signers: { unsigned: ${value}, `);
  it('count only where the policy says so', () => {
    expect(policyOf(SAMPLE).signers.unsigned).toBe('refuse');
    expect(policyOf(unsigned('refuse')).signers.unsigned).toBe('refuse');
    expect(policyOf(unsigned('accept')).signers.unsigned).toBe('accept');
  });
  it.each(['yes', 'true', '~', 'Accept', '""'])('are not accepted by %s', (value) => {
    expect(problemsOf(unsigned(value), false)).toEqual([
      expect.stringContaining('41 signers.unsigned: must be refuse or accept'),
    ]);
  });
});
