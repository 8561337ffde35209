/** Detectors of tokens of services that build, deliver and watch software, each by the format its issuer publishes. */
import {
  ALNUM,
  BASE64,
  BASE64URL,
  type Check,
  chars,
  HEX,
  NONE,
  runEnd,
  textOf,
  WORD,
  wordStart,
} from '../engine/input.ts';
import { type Detector, eitherBy, hasDigit, prefixed } from './detector.ts';

const UPPER = chars('0-9', 'A-Z');
const LOWER = chars('0-9', 'a-z');
const UPPER_HYPHEN = chars('0-9', 'A-Z', '-');
const HEX_HYPHEN = chars('0-9', 'a-f', '-');
const DOTTED = chars('0-9', 'a-z', 'A-Z', '_-.');
const PADDED = chars('0-9', 'a-z', 'A-Z', '+/=');
const ANY64 = chars('0-9', 'a-z', 'A-Z', '+/_-');
const EQUALS = chars('=');

/** By the mark: how many characters stand before and behind it. */
const MARKS: Record<string, readonly [number, number]> = {
  JQQJ9: [52, 27],
  AzFu: [44, 6],
  AzSe: [42, 6],
  AzCa: [33, 6],
  '+ACR': [42, 6],
  AZDO: [76, 4],
};
const BEHIND = new Set(Object.values(MARKS).flatMap(([, behind]) => [behind, behind + 2]));
const MOST_BEFORE = 80;

const azureKey: Check = (input, at) => {
  const to = runEnd(input, at, BASE64, 40);
  // Keys with checks of their own have two characters more.
  if (!BEHIND.has(to - at)) return NONE;
  const [before, behind] = MARKS[textOf(input, input.anchor, at)] ?? [0, 0];
  if (to - at !== behind && to - at !== behind + 2) return NONE;
  if (input.anchor - wordStart(input, input.anchor, ANY64, MOST_BEFORE) !== before) return NONE;
  input.from = input.anchor - before;
  return runEnd(input, to, EQUALS, 2);
};

export const DELIVERY: readonly Detector[] = [
  {
    id: 'azure-key',
    severity: 'critical',
    title: 'Azure key with a mark (Functions, Search, Cache, Container Registry, DevOps and others)',
    anchors: ['JQQJ9', 'Az(Fu|Se|Ca)', '\\+ACR', 'AZDO'],
    check: azureKey,
    examples: { masked: ['<a52>JQQJ99<a26>', '<a76>AZDO<a4>', '<a42>AzSe<a6>'], kept: ['JQQJ99', 'AZDO', 'AzSearch'] },
  },
  {
    id: 'openshift-token',
    severity: 'critical',
    title: 'OpenShift token',
    anchors: ['sha256~'],
    check: prefixed({ least: 43, most: 43, set: BASE64URL, word: true }),
    examples: { masked: ['sha256~<a43>'], kept: ['sha256~', 'sha256:<h64>'] },
  },
  {
    id: 'artifactory-token',
    severity: 'critical',
    title: 'Artifactory key or token',
    anchors: ['AKCp', 'cmVmdGtuOj'],
    check: eitherBy(
      0x70,
      prefixed({ least: 69, most: 69, set: ALNUM, follow: WORD, word: true }),
      prefixed({ least: 54, most: 54, set: ALNUM, follow: WORD, word: true }),
    ),
    examples: { masked: ['AKCp<a69>', 'cmVmdGtuOj<a54>'], kept: ['AKCp'] },
  },
  {
    id: 'sonar-token',
    severity: 'critical',
    title: 'SonarQube token',
    anchors: ['sq[upa]_[0-9a-f]{2}'],
    check: prefixed({ least: 38, most: 38, set: HEX, follow: WORD, word: true }),
    examples: { masked: ['squ_<h40>'], kept: ['sqp_count'] },
  },
  {
    id: 'circleci-token',
    severity: 'critical',
    title: 'CircleCI token',
    anchors: ['CCI(PAT|PRJ)_'],
    check: prefixed({ least: 60, most: 80, set: WORD, word: true }),
    examples: { masked: ['CCIPAT_<a22>_<h40>'], kept: ['CCIPAT_'] },
  },
  {
    id: 'buildkite-token',
    severity: 'critical',
    title: 'Buildkite token',
    anchors: ['bk(ua|aa|ct|pi|pt|rt|ps|aj)_'],
    check: prefixed({ least: 36, most: 2_000, set: DOTTED, word: true }),
    examples: { masked: ['bkua_<h40>'], kept: ['bkua_'] },
  },
  {
    id: 'nuget-key',
    severity: 'critical',
    title: 'NuGet key',
    anchors: ['oy2[a-p]'],
    check: prefixed({ least: 42, most: 42, set: LOWER, follow: WORD, word: true }),
    examples: { masked: ['oy2a4f9c07d2e8b1a6530c9e7f1d4f9c07d2e8b1a65x3m'], kept: ['oy2a'] },
  },
  {
    id: 'octopus-key',
    severity: 'critical',
    title: 'Octopus Deploy key',
    anchors: ['API-[A-Z0-9]{8}'],
    check: prefixed({ least: 18, most: 22, set: UPPER, follow: WORD, word: true, accept: hasDigit }),
    examples: { masked: ['API-<u26>'], kept: ['API-REFERENCE'] },
  },
  {
    id: 'tailscale-key',
    severity: 'critical',
    title: 'Tailscale key',
    anchors: ['tskey-(auth|api|client|scim|webhook)-'],
    check: prefixed({ least: 24, most: 80, set: BASE64URL }),
    examples: { masked: ['tskey-auth-<a12>CNTRL-<a32>'], kept: ['tskey-auth-'] },
  },
  {
    id: 'netlify-token',
    severity: 'critical',
    title: 'Netlify token',
    anchors: ['nf[pcobu]_'],
    check: prefixed({ least: 36, most: 36, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['nfp_<a36>'], kept: ['nfp_x'] },
  },
  {
    id: 'onepassword-token',
    severity: 'critical',
    title: '1Password service account token or secret key',
    anchors: ['ops_eyJ', 'A3-[A-Z0-9]{6}-'],
    check: eitherBy(
      0x4a,
      prefixed({ least: 200, most: 4_000, set: PADDED, word: true }),
      prefixed({ least: 26, most: 30, set: UPPER_HYPHEN, word: true, accept: hasDigit }),
    ),
    examples: { masked: ['ops_eyJ<a250>', 'A3-<u6>-<u6>-<u5>-<u5>-<u5>-<u5>'], kept: ['ops_team', 'A3-SIZE42-'] },
  },
  {
    id: 'dynatrace-token',
    severity: 'critical',
    title: 'Dynatrace token',
    anchors: ['dt0[cs][0-9]{2}\\.'],
    check: prefixed({ least: 88, most: 90, set: chars('0-9', 'A-Z', 'a-z', '.'), word: true }),
    examples: { masked: ['dt0c01.<u24>.<a64>'], kept: ['dt0c01.X'] },
  },
  {
    id: 'launchdarkly-key',
    severity: 'critical',
    title: 'LaunchDarkly SDK key',
    anchors: ['sdk-[0-9a-f]{8}-'],
    check: prefixed({ least: 27, most: 27, set: HEX_HYPHEN, follow: WORD, word: true }),
    examples: { masked: ['sdk-<h8>-<h4>-<h4>-<h4>-<h12>'], kept: ['sdk-deadbeef-x'] },
  },
  {
    id: 'posthog-key',
    severity: 'critical',
    title: 'PostHog personal key',
    anchors: ['phx_'],
    check: prefixed({ least: 40, most: 60, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['phx_<a43>'], kept: ['phx_new'] },
  },
  {
    id: 'model-key',
    severity: 'critical',
    title: 'Key of OpenRouter, NVIDIA, Pinecone, LangSmith, Langfuse or Tavily',
    anchors: ['sk-(or-v1|lf)-', 'nvapi-', 'pcsk_', 'lsv2_(pt|sk)_', 'tvly-'],
    check: prefixed({ least: 32, most: 120, set: BASE64URL, word: true, accept: hasDigit }),
    examples: { masked: ['sk-or-v1-<h64>', 'nvapi-<b64>', 'lsv2_pt_<h32>_<h10>'], kept: ['nvapi-docs', 'pcsk_'] },
  },
  {
    id: 'hubspot-token',
    severity: 'critical',
    title: 'HubSpot private app token',
    anchors: ['pat-(na|eu|ap)[0-9]-'],
    check: prefixed({ least: 36, most: 36, set: HEX_HYPHEN, follow: WORD, word: true }),
    examples: { masked: ['pat-na1-<h8>-<h4>-<h4>-<h4>-<h12>'], kept: ['pat-na1-'] },
  },
  {
    id: 'brevo-key',
    severity: 'critical',
    title: 'Brevo key',
    anchors: ['x(keysib|smtpsib)-'],
    check: prefixed({ least: 80, most: 82, set: chars('0-9', 'a-z', 'A-Z', '-'), word: true }),
    examples: { masked: ['xkeysib-<h64>-<a16>'], kept: ['xkeysib-'] },
  },
  {
    id: 'facebook-token',
    severity: 'critical',
    title: 'Facebook access token',
    anchors: ['EAA[A-Z]'],
    check: prefixed({ least: 100, most: 400, set: ALNUM, follow: WORD, word: true, accept: hasDigit }),
    examples: { masked: ['EAAB<a120>'], kept: ['EAAB', 'EAAA<a60>'] },
  },
  {
    id: 'braintree-token',
    severity: 'critical',
    title: 'PayPal Braintree access token',
    anchors: ['access_token\\$(production|sandbox)\\$'],
    check: prefixed({ least: 40, most: 60, set: chars('0-9', 'a-z', '$') }),
    examples: { masked: ['access_token$production$<h16>$<h32>'], kept: ['access_token$production$'] },
  },
  {
    id: 'trello-token',
    severity: 'critical',
    title: 'Trello token',
    anchors: ['ATTA'],
    check: prefixed({ least: 72, most: 72, set: HEX, follow: WORD, word: true }),
    examples: { masked: ['ATTA<h72>'], kept: ['ATTACH'] },
  },
];
