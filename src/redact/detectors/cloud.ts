/** Detectors of clouds' keys and tokens, each by the format its issuer publishes. */
import {
  ALNUM,
  allBut,
  BASE64,
  BASE64URL,
  byteAt,
  chars,
  DIGIT,
  endsEscape,
  HEX,
  type Input,
  isIn,
  LETTER,
  NONE,
  runEnd,
  runStart,
  startsWord,
  WORD,
  wordStart,
} from '../engine/input.ts';
import { assigned, matches } from './assigned.ts';
import { type Detector, eitherBy, hasDigit, prefixed } from './detector.ts';

const BASE32 = chars('A-Z', '2-7');
const AZURE = chars('0-9', 'a-z', 'A-Z', '_~.-');
const BASE64_ALL = chars('0-9', 'a-z', 'A-Z', '+/=_-');
/** `u0026` is an ampersand in JSON; the letters end escapes. */
const BEFORE_SIGNATURE = chars('\r', '\n', '\t', ' ', '?&;="\'6mnrt');
const VALUE_END = allBut(chars(' ', '\t', '\r', '\n', '&"\'`<>;,\\)#'));

const SESSION = chars('0-9', 'a-z', 'A-Z', '/+=%');
const DOTTED = chars('0-9', 'a-z', 'A-Z', '_-.');
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FLY = prefixed({ least: 60, most: 8192, set: BASE64_ALL, word: true });
/** Of `fo1_`. */
const LETTER_O = 0x6f;
const FLY_ORGANIZATION = prefixed({ least: 43, most: 43, set: BASE64URL, word: true, accept: hasDigit });

const azureAssigned = assigned({
  spaced: true,
  least: 43,
  most: 106,
  accept: matches(/^[A-Za-z0-9+/%]{42,100}(?:={1,2}|(?:%3D){1,2})$/i),
});

/** Stands in keys of Azure's storage, service bus, event hubs, relay, IoT hubs, batch and Cosmos DB, six or seven characters before the end. */
const AZURE_MARK = '(\\+A(St|Sb|Eh|Rm|Ba|MC)|AIoT|ACDb|APIM)';
const EQUALS = 0x3d;

/** What marks begin with; before the last three letters of a name stands none of it. */
const BEGINS_MARK = chars('+A');
const MARK = 4;

/** 43 or 86 characters of base64 with the mark near their end. */
function azureMarked(input: Input, at: number): number {
  const end = runEnd(input, at, BASE64, 8);
  if (end - at !== 6) return NONE;
  const from = wordStart(input, input.anchor, BASE64, 80);
  const short = input.anchor - from === 33;
  if (!short && input.anchor - from !== 76) return NONE;
  const to = end + (short ? 1 : 2);
  if (byteAt(input, to - 1) !== EQUALS) return NONE;
  input.from = from;
  return to;
}

export const CLOUD: readonly Detector[] = [
  {
    id: 'aws-access-key',
    severity: 'critical',
    title: 'AWS access key id',
    anchors: ['A(KI|SI|BI|CC)A'],
    check: prefixed({ least: 16, most: 16, set: BASE32, follow: WORD, word: true }),
    examples: { masked: ['AKIA<u16>'], kept: ['AKIA is a prefix', 'AKIA<u12>'] },
  },
  {
    id: 'aws-secret-key',
    severity: 'critical',
    title: 'AWS secret access key',
    anchors: ['(?i)secret[_. -]?(access)?[_. -]?key'],
    check: assigned({
      spaced: true,
      least: 40,
      most: 40,
      accept: matches(/^(?=.*\d)(?=.*[A-Z])[A-Za-z0-9/+]{40}$/),
    }),
    examples: { masked: ['aws_secret_access_key = <a40>'], kept: ['secretKeyRef: db'] },
  },
  {
    id: 'aws-session-token',
    severity: 'critical',
    title: 'AWS session token',
    anchors: ['(?i)(session|security)[_-]?token'],
    check: assigned({ spaced: true, least: 100, set: SESSION, accept: (_, from, end) => end - from >= 100 }),
    examples: { masked: ['AWS_SESSION_TOKEN=<a160>'], kept: ['session token expired'] },
  },
  {
    id: 'gcp-api-key',
    severity: 'high',
    title: 'Google API key',
    anchors: ['AIza'],
    check: prefixed({ least: 35, most: 35, set: BASE64URL, word: true }),
    examples: { masked: ['AIza<b34>a'], kept: ['AIza', 'AIzabc'] },
  },
  {
    id: 'gcp-oauth',
    severity: 'critical',
    title: 'Google OAuth token or client secret',
    anchors: ['ya29\\.', 'GOCSPX-', '1//0'],
    check: prefixed({ least: 20, most: 2048, set: DOTTED, word: true }),
    examples: { masked: ['ya29.<b80>', 'GOCSPX-<a28>', '1//03<b90>'], kept: ['ya29.x', '1//0'] },
  },
  {
    id: 'azure-storage-key',
    severity: 'critical',
    title: 'Azure storage or bus key',
    anchors: [
      '(?i)(account|sharedaccess|storage|primary|secondary)[_. -]?key',
      '\\.(blob|dfs)\\.core\\.windows\\.net',
      AZURE_MARK,
    ],
    check: (input, at) => (isIn(BEGINS_MARK, input, at - MARK) ? azureMarked : azureAssigned)(input, at),
    examples: {
      masked: ['AccountName=x;AccountKey=<a86>==;', '<a33>+ASb<a6>='],
      kept: ['AccountKey=', 'SharedAccessKeyName=Root'],
    },
  },
  {
    id: 'azure-client-secret',
    severity: 'critical',
    title: 'Microsoft Entra client secret',
    anchors: ['[0-9]Q~'],
    check: (input, at) => {
      const from = at - 6;
      if (runStart(input, at - 3, AZURE, 3) !== from) return NONE;
      const to = runEnd(input, at, AZURE, 34);
      if (to - at < 31 || isIn(WORD, input, to)) return NONE;
      input.from = from;
      return input.bytes[to - 1] === 0x2e ? to - 1 : to;
    },
    examples: { masked: ['<a3>8Q~<a34>'], kept: ['8Q~'] },
  },
  {
    id: 'azure-sas',
    severity: 'high',
    title: 'Azure shared access signature',
    anchors: [{ after: BEFORE_SIGNATURE, is: 'sig=' }, '(?i)(%26|%3F)sig(=|%3d)'],
    check: (input, at) => {
      const to = runEnd(input, at, VALUE_END, 256);
      if (to - at < 43 || (isIn(LETTER, input, input.anchor - 1) && !endsEscape(input, input.anchor))) return NONE;
      input.from = at;
      return to;
    },
    examples: { masked: ['https://a.blob.core.windows.net/c?sp=r&sig=<a42>%3D'], kept: ['/app.css?sig=1'] },
  },
  {
    id: 'digitalocean-token',
    severity: 'critical',
    title: 'DigitalOcean token',
    anchors: ['do[por]_v1_'],
    check: prefixed({ least: 64, most: 64, set: HEX, follow: WORD }),
    examples: { masked: ['dop_v1_<h64>'], kept: ['dop_v1_'] },
  },
  {
    id: 'heroku-key',
    severity: 'critical',
    title: 'Heroku key',
    anchors: ['HRKU-', '(?i)heroku_(api_)?key'],
    check: eitherBy(
      0x2d,
      prefixed({ least: 36, most: 80, set: BASE64URL }),
      assigned({ least: 36, most: 36, accept: matches(UUID) }),
    ),
    examples: { masked: ['HRKU-AA<a58>', 'HEROKU_API_KEY=<h8>-<h4>-<h4>-<h4>-<h12>'], kept: ['HRKU-x'] },
  },
  {
    id: 'alibaba-key',
    severity: 'high',
    title: 'Alibaba Cloud access key id',
    anchors: ['LTAI'],
    check: prefixed({ least: 12, most: 26, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['LTAI<a20>'], kept: ['LTAI'] },
  },
  {
    id: 'vault-token',
    severity: 'critical',
    title: 'HashiCorp Vault token',
    anchors: ['hv[sbr]\\.', '(?i)vault_token'],
    check: eitherBy(
      0x2e,
      prefixed({ least: 24, most: 400, set: BASE64URL, word: true }),
      assigned({ least: 26, most: 26, accept: matches(/^s\.[A-Za-z0-9]{24}$/) }),
    ),
    examples: { masked: ['hvs.<b90>a', 'VAULT_TOKEN=s.<a24>'], kept: ['hvs.json', 'hvs.'] },
  },
  {
    id: 'terraform-token',
    severity: 'critical',
    title: 'HCP Terraform token',
    anchors: ['\\.atlasv1\\.'],
    check: (input, at) => {
      const from = wordStart(input, input.anchor, ALNUM, 16);
      const to = runEnd(input, at, BASE64URL, 100);
      if (input.anchor - from !== 14 || to - at < 60) return NONE;
      input.from = from;
      return to;
    },
    examples: { masked: ['<a14>.atlasv1.<a67>'], kept: ['the.atlasv1.format'] },
  },
  {
    id: 'databricks-token',
    severity: 'critical',
    title: 'Databricks token',
    anchors: ['dapi'],
    check: (input, at) => {
      const to = runEnd(input, at, HEX, 33);
      if (!startsWord(input, input.anchor) || to - at !== 32 || isIn(LETTER, input, to)) return NONE;
      input.from = input.anchor;
      return byteAt(input, to) === 0x2d && isIn(DIGIT, input, to + 1) ? to + 2 : to;
    },
    examples: { masked: ['dapi<h32>-2'], kept: ['dapi.get'] },
  },
  {
    id: 'doppler-token',
    severity: 'critical',
    title: 'Doppler token',
    anchors: ['dp\\.(pt|ct|st|sa|scim|audit)\\.'],
    check: prefixed({ least: 40, most: 80, set: chars('0-9', 'a-z', 'A-Z', '_-.') }),
    examples: { masked: ['dp.pt.<a43>'], kept: ['dp.pt.x'] },
  },
  {
    id: 'pulumi-token',
    severity: 'critical',
    title: 'Pulumi token',
    anchors: ['pul-'],
    check: prefixed({ least: 40, most: 40, set: HEX, follow: WORD, word: true }),
    examples: { masked: ['pul-<h40>'], kept: ['pul-up'] },
  },
  {
    id: 'supabase-key',
    severity: 'critical',
    title: 'Supabase key',
    anchors: ['sbp_', 'sb_secret_'],
    check: prefixed({ least: 24, most: 80, set: BASE64URL, accept: hasDigit }),
    examples: { masked: ['sbp_<h40>', 'sb_secret_<a22>_<a8>'], kept: ['sbp_count'] },
  },
  {
    id: 'planetscale-token',
    severity: 'critical',
    title: 'PlanetScale token',
    anchors: ['pscale_(tkn|pw|oauth)_'],
    check: prefixed({ least: 32, most: 80, set: chars('0-9', 'a-z', 'A-Z', '_-.=') }),
    examples: { masked: ['pscale_tkn_<b42>a'], kept: ['pscale_pw_'] },
  },
  {
    id: 'fly-token',
    severity: 'critical',
    title: 'Fly.io token',
    anchors: ['fm[12][ar]?_', 'fo1_'],
    check: (input, at) => (byteAt(input, input.anchor + 1) === LETTER_O ? FLY_ORGANIZATION : FLY)(input, at),
    examples: { masked: ['fm2_lJPE<a120>'], kept: ['fm2_x'] },
  },
  {
    id: 'cloudflare-key',
    severity: 'critical',
    title: 'Cloudflare origin CA key or token',
    anchors: ['v1\\.0-', 'cf(k|ut|at)_'],
    check: eitherBy(
      0x2d,
      prefixed({ least: 160, most: 180, set: chars('0-9', 'a-f', '-'), follow: WORD }),
      prefixed({ least: 48, most: 48, set: ALNUM, follow: WORD, word: true }),
    ),
    examples: { masked: ['v1.0-<h24>-<h146>', 'cfut_<a48>'], kept: ['v1.0-rc', 'cfk_x'] },
  },
  {
    id: 'vercel-token',
    severity: 'critical',
    title: 'Vercel token',
    anchors: ['vc[piark]_'],
    check: prefixed({ least: 56, most: 56, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['vcp_<a56>'], kept: ['vcp_x'] },
  },
];
