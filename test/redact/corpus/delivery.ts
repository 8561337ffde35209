/** Tokens of services that build, deliver and watch software, made from the definitions their issuers publish; none of them opens anything. */
import { BASE62, BASE64, BASE64URL, type Chance, DIGITS, type Format, format, HEX, LOWER, UPPER } from './sample.ts';

const CAPITAL = UPPER + DIGITS;
/** With a digit at the end: chance alone may give none. */
const capitals = (c: Chance, length: number) => c.of(CAPITAL, length - 1) + c.of(DIGITS, 1);
const uuid = (c: Chance) => [8, 4, 4, 4, 12].map((length) => c.of(HEX, length)).join('-');
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');

export const DELIVERY: readonly Format[] = [
  format('azure-key', 'microsoft/security-utilities: identifiable keys of Azure', (c) =>
    c.one([
      `${c.of(BASE62, 52)}JQQJ99${c.of(BASE62, 1)}${c.of('ABCDEFGHIJKL', 1)}${c.of(BASE62, 16)}x${c.of(BASE62, 7)}`,
      `${c.of(BASE62, 44)}AzFu${c.of(BASE62, 5)}${c.of('AQgw', 1)}==`,
      `${c.of(BASE62, 42)}AzSe${c.of('ABCD', 1)}${c.of(BASE62, 5)}`,
      `${c.of(BASE62, 33)}AzCa${c.of('ABCDEFGH', 1)}${c.of(BASE62, 5)}=`,
      `${c.of(BASE64, 42)}+ACR${c.of('ABCD', 1)}${c.of(BASE64, 5)}`,
    ]),
  ),
  format(
    'azure-key',
    'learn.microsoft.com, Azure DevOps: the format of personal access tokens',
    (c) => `${c.of(BASE62, 76)}AZDO${c.of(BASE62, 4)}`,
  ),
  format('azure-storage-key', 'microsoft/security-utilities: identifiable keys of Azure', (c) =>
    c.one([
      `${c.of(BASE64, 76)}${c.each(['+ASt', '+ABa', '+AMC', 'ACDb', 'APIM'])}${c.of(BASE64, 5)}${c.of('AQgw', 1)}==`,
      `${c.of(BASE64, 33)}${c.each(['+ASb', '+AEh', '+ARm', 'AIoT'])}${c.of('ABCDEFGH', 1)}${c.of(BASE64, 5)}=`,
    ]),
  ),
  format('openshift-token', 'docs.openshift.com, OAuth access tokens', (c) => `sha256~${c.of(BASE64URL, 42)}x`),
  format('artifactory-token', 'jfrog.com, reference tokens and keys', (c) =>
    c.one([`AKCp${c.of(BASE62, 69)}`, `cmVmdGtuOj${c.of(BASE62, 54)}`]),
  ),
  format(
    'sonar-token',
    'docs.sonarsource.com, tokens of users, projects and analyses',
    (c) => `${c.each(['squ', 'sqp', 'sqa'])}_${c.of(HEX, 40)}`,
  ),
  format(
    'circleci-token',
    'circleci.com, managing tokens',
    (c) => `${c.each(['CCIPAT', 'CCIPRJ'])}_${c.of(BASE62, 22)}_${c.of(HEX, 40)}`,
  ),
  format('buildkite-token', 'buildkite.com, token security', (c) =>
    c.one([`bkua_${c.of(HEX, 40)}`, `bkaa_${c.of(BASE62, 3)}.${c.of(BASE62, 76)}`]),
  ),
  format('nuget-key', 'microsoft/security-utilities: NuGetApiKey', (c) => {
    const low = DIGITS + LOWER;
    return `oy2${c.of('abcdefghijklmnop', 1)}${c.of(low, 15)}a${c.of(low, 11)}e3b${c.of(low, 11)}q`;
  }),
  format('octopus-key', 'octopus.com, API keys', (c) => `API-${capitals(c, 26)}`),
  format(
    'tailscale-key',
    'tailscale.com, key prefixes',
    (c) => `tskey-${c.each(['auth', 'api', 'client'])}-k${c.of(BASE62, 11)}CNTRL-${c.of(BASE62, 32)}`,
  ),
  format(
    'netlify-token',
    'netlify.com, token formats',
    (c) => `${c.each(['nfp', 'nfc', 'nfo', 'nfb', 'nfu'])}_${c.of(BASE62, 36)}`,
  ),
  format('onepassword-token', 'developer.1password.com, service accounts; support.1password.com, Secret Key', (c) =>
    c.one([
      `ops_${base64({ signInAddress: 'acme.1password.com', secret: c.of(BASE64URL, 250) })}`,
      ['A3', ...[6, 6, 5, 5, 5, 5].map((length) => capitals(c, length))].join('-'),
    ]),
  ),
  format(
    'dynatrace-token',
    'docs.dynatrace.com, token format',
    (c) => `dt0c01.${c.of(CAPITAL, 24)}.${c.of(CAPITAL, 64)}`,
  ),
  format('launchdarkly-key', 'launchdarkly.com, environment keys', (c) => `sdk-${uuid(c)}`),
  format('posthog-key', 'posthog.com, personal API keys', (c) => `phx_${c.of(BASE62, 43)}`),
  format('model-key', 'the consoles of OpenRouter, NVIDIA, Pinecone, LangSmith, Langfuse and Tavily', (c) =>
    c.one([
      `sk-or-v1-${c.of(HEX, 64)}`,
      `nvapi-${c.of(BASE64URL, 63)}7`,
      `pcsk_${c.of(BASE62, 6)}_${c.of(BASE62, 62)}7`,
      `lsv2_pt_${c.of(HEX, 32)}_${c.of(HEX, 10)}`,
      `sk-lf-${uuid(c)}`,
      `tvly-${c.of(BASE62, 31)}7`,
    ]),
  ),
  format('hubspot-token', 'developers.hubspot.com, private apps', (c) => `pat-${c.each(['na1', 'eu1'])}-${uuid(c)}`),
  format('brevo-key', 'developers.brevo.com, API keys', (c) => `xkeysib-${c.of(HEX, 64)}-${c.of(BASE62, 16)}`),
  format('facebook-token', 'developers.facebook.com, access tokens', (c) => `EAAB${c.of(BASE62, 149)}7`),
  format(
    'braintree-token',
    'developer.paypal.com, Braintree: access tokens',
    (c) => `access_token$production$${c.of(DIGITS + LOWER, 16)}$${c.of(HEX, 32)}`,
  ),
  format('trello-token', 'developer.atlassian.com, Trello tokens', (c) => `ATTA${c.of(HEX, 72)}`),
];
