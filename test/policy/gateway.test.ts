/** The policy's gateway: its app, and the keys whose signatures count. */
import { expect, it } from 'vitest';
import { policyOf, problemsOf, SAMPLE, sampleWith } from './sample.ts';

const KEY = 'MCowBQYDK2VwAyEAvYTJ02vx+uJ5vA6lHnjLmQz2t/jM/lWn1SJZixfeuZo=';
const RSA =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7vbqajDw4o6gJy8UtmIbkcpnkO3Kwc4qsEnSZp/TR+fQi62F79RHWmwKOtFmwteURgLbj7D/WGuNLGOfa/2vse3G2eHnHl5CB8ruRX9fBl/KgwCVr2JaEuUm66bBQeP5XeBotdR4cvX38uPYivCDdPjJ1QWPdspTBKcxeFbccDwIDAQAB';
const gateway = (keys: string): string =>
  `${sampleWith('signers: { ', `signers: { gateway: [${keys}], `)}gateway: { app: 77 }\n`;
const key = (name: string, value = KEY, more = ''): string => `{ name: ${name}, key: "${value}"${more} }`;
const BAD =
  'must be the public half of an Ed25519 key in base64, one line of 60 characters; `openssl pkey -in gateway.pem -pubout -outform DER | base64` prints it.';

it('a gateway is its app and its keys', () => {
  const { gateway: app, signers } = policyOf(gateway(key('acme', KEY, ', until: "2027-01-01T00:00:00Z"')));
  expect(app).toEqual({ app: 77 });
  expect(signers.gateway).toEqual([{ name: 'acme', key: KEY, until: '2027-01-01T00:00:00Z' }]);
});

it('without one there is none', () => {
  const { gateway: app, signers } = policyOf(SAMPLE);
  expect([app, signers.gateway]).toEqual([null, undefined]);
});

it('keys without an app are those of a gateway that is no more', () => {
  expect(problemsOf(sampleWith('signers: { ', `signers: { gateway: [${key('acme')}], `), false)).toEqual([]);
});

it.each<[string, string, string]>([
  [
    'an app without keys',
    `${SAMPLE}gateway: { app: 77 }\n`,
    'gateway: could record nothing: nobody would believe what it signs; list its key under signers.gateway.',
  ],
  ['another kind of key', gateway(key('acme', RSA)), `signers.gateway[0].key: ${BAD}`],
  [
    'a private key',
    gateway(key('acme', 'MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')),
    `signers.gateway[0].key: ${BAD}`,
  ],
  [
    'one name for two keys',
    gateway(`${key('acme')}, ${key('acme', KEY.replace('vYTJ', 'vYTK'))}`),
    'signers.gateway[1]: has the name of another one; a name must mean one key.',
  ],
  [
    'one key under two names',
    gateway(`${key('acme')}, ${key('old')}`),
    'signers.gateway[1]: is the same key under another name.',
  ],
  [
    'a day that is none',
    gateway(key('acme', KEY, ', until: "2027-02-31T00:00:00Z"')),
    'signers.gateway[0].until: must be a moment in UTC such as 2027-01-31T00:00:00Z.',
  ],
])('%s is refused', (_, text, message) => {
  expect(problemsOf(text, false).map((one) => one.replace(/^\d+ /, ''))).toContain(message);
});
