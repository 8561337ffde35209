/** Detectors of tokens of developers' services and models, each by the format its issuer publishes. */
import {
  ALNUM,
  BASE64URL,
  byteAt,
  chars,
  HEX,
  isIn,
  NONE,
  runEnd,
  startsWord,
  textOf,
  WORD,
  wordStart,
} from '../engine/input.ts';
import { type Detector, eitherBy, prefixed, trimmed } from './detector.ts';

const DOTTED = chars('0-9', 'a-z', 'A-Z', '_-.');
const UPPER_HEX = chars('0-9', 'a-f', 'A-F', '=');
/** Anything may follow: the prefix alone is certain. */
const ANYTHING = chars();
/** Of `ghs_`. */
const LETTER_S = 0x73;
const OPENAI_PREFIXED = prefixed({ least: 40, most: 300, set: BASE64URL, word: true });

const GITHUB = prefixed({ least: 36, most: 255, mostRun: 8_000, set: WORD, follow: ANYTHING });

export const DEVELOPMENT: readonly Detector[] = [
  {
    id: 'github-token',
    severity: 'critical',
    title: 'GitHub token of any kind',
    anchors: ['gh[pousr]_', 'github_pat_'],
    check: (input, at) => {
      const to = GITHUB(input, at);
      if (to === NONE) return NONE;
      // Installations' tokens may hold a JSON web token.
      const web =
        input.bytes[input.anchor + 2] === LETTER_S &&
        /^ghs_(?:\d+_)?eyJ/.test(textOf(input, input.anchor, input.anchor + 32));
      return web ? trimmed(input, to, runEnd(input, at, DOTTED, 8_000)) : to;
    },
    examples: { masked: ['ghp_<a36>', 'github_pat_<a22>_<a59>'], kept: ['ghp_ is a prefix', 'ghs_short'] },
  },
  {
    id: 'gitlab-token',
    severity: 'critical',
    title: 'GitLab token of any kind',
    anchors: ['gl(pat|dt|rt|ft|soat|imt|cbt|ptt|agent|oas|ffct|wt)-', 'GR1348941'],
    check: prefixed({ least: 20, most: 300, mostRun: 8_000, set: DOTTED, follow: ANYTHING }),
    examples: { masked: ['glpat-<b20>', 'glptt-<h40>', 'glcbt-64_<a20>'], kept: ['glpat-', 'glpat-short'] },
  },
  {
    id: 'npm-token',
    severity: 'critical',
    title: 'npm token',
    anchors: ['npm_'],
    check: prefixed({ least: 36, most: 36, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['npm_<a36>'], kept: ['npm_config_cache=/tmp'] },
  },
  {
    id: 'pypi-token',
    severity: 'critical',
    title: 'PyPI token',
    anchors: ['pypi-A'],
    check: prefixed({ least: 50, most: 1000, set: BASE64URL }),
    examples: { masked: ['pypi-AgEIcHlwaS5vcmc<b120>'], kept: ['pypi-API'] },
  },
  {
    id: 'rubygems-token',
    severity: 'critical',
    title: 'RubyGems key',
    anchors: ['rubygems_'],
    check: prefixed({ least: 48, most: 48, set: HEX, follow: WORD }),
    examples: { masked: ['rubygems_<h48>'], kept: ['rubygems_version'] },
  },
  {
    id: 'dockerhub-token',
    severity: 'critical',
    title: 'Docker Hub token',
    anchors: ['dckr_(pat|oat)_'],
    check: prefixed({ least: 24, most: 64, set: BASE64URL }),
    examples: { masked: ['dckr_pat_<b27>'], kept: ['dckr_pat_'] },
  },
  {
    id: 'openai-key',
    severity: 'critical',
    title: 'OpenAI key',
    anchors: ['sk-(proj|svcacct|admin|None)-', 'T3BlbkFJ'],
    check: (input, at) => {
      if (input.bytes[at - 1] === 0x2d) return OPENAI_PREFIXED(input, at);
      const from = wordStart(input, input.anchor, BASE64URL, 200);
      const to = runEnd(input, at, BASE64URL, 200);
      input.doneFrom = input.anchor;
      input.doneTo = to - 30;
      if (input.bytes[from] !== 0x73 || input.bytes[from + 1] !== 0x6b || to - at < 16) return NONE;
      input.from = from;
      return to;
    },
    examples: { masked: ['sk-proj-<b74>T3BlbkFJ<b74>', 'sk-<a20>T3BlbkFJ<a20>'], kept: ['sk-learn', 'task-projects'] },
  },
  {
    id: 'anthropic-key',
    severity: 'critical',
    title: 'Anthropic key',
    anchors: ['sk-ant-'],
    check: prefixed({ least: 32, most: 255, set: BASE64URL }),
    examples: { masked: ['sk-ant-api03-<b93>AA'], kept: ['sk-ant-'] },
  },
  {
    id: 'huggingface-token',
    severity: 'critical',
    title: 'Hugging Face token',
    anchors: ['hf_', 'api_org_'],
    check: prefixed({ least: 34, most: 40, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['hf_<a34>'], kept: ['hf_hub_download'] },
  },
  {
    id: 'groq-key',
    severity: 'critical',
    title: 'Groq, xAI or Perplexity key',
    anchors: ['gsk_', 'xai-', 'pplx-'],
    check: prefixed({ least: 40, most: 100, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['gsk_<a52>'], kept: ['gsk_x'] },
  },
  {
    id: 'replicate-token',
    severity: 'critical',
    title: 'Replicate token',
    anchors: ['r8_'],
    check: prefixed({ least: 37, most: 40, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['r8_<a37>'], kept: ['r8_t'] },
  },
  {
    id: 'postman-key',
    severity: 'critical',
    title: 'Postman key',
    anchors: ['PMAK-'],
    check: prefixed({ least: 50, most: 64, set: chars('0-9', 'a-f', 'A-F', '-') }),
    examples: { masked: ['PMAK-<h24>-<h34>'], kept: ['PMAK-'] },
  },
  {
    id: 'linear-key',
    severity: 'critical',
    title: 'Linear key',
    anchors: ['lin_(api|oauth|wh)_'],
    check: prefixed({ least: 32, most: 64, set: ALNUM, follow: WORD }),
    examples: { masked: ['lin_api_<a40>'], kept: ['lin_api_x'] },
  },
  {
    id: 'newrelic-key',
    severity: 'high',
    title: 'New Relic key',
    anchors: ['NRAK-', 'NRJS-', 'NRII-', 'NRRA-', 'NRAL'],
    check: eitherBy(0x2d, prefixed({ least: 19, most: 48, set: BASE64URL }), (input, at) => {
      const from = wordStart(input, input.anchor, HEX, 41);
      const region = input.anchor - from === 30 && /^[a-z]{2}\d\dxx$/.test(textOf(input, from - 6, from)) ? 6 : 0;
      if (input.anchor - from + region !== 36 || isIn(WORD, input, at)) return NONE;
      input.from = from - region;
      return at;
    }),
    examples: { masked: ['NRAK-<u27>', '<h36>NRAL'], kept: ['NRAK-'] },
  },
  {
    id: 'grafana-token',
    severity: 'critical',
    title: 'Grafana token',
    // The last one: a key of old, {"k":"… in base64.
    anchors: ['glsa_', 'glc_', 'eyJrIjoi'],
    check: eitherBy(
      0x5f,
      prefixed({ least: 32, most: 400, set: chars('0-9', 'a-z', 'A-Z', '_+/=') }),
      prefixed({ least: 56, most: 400, set: chars('0-9', 'a-z', 'A-Z', '+/='), follow: DOTTED, word: true }),
    ),
    examples: { masked: ['glsa_<a32>_<h8>'], kept: ['glsa_'] },
  },
  {
    id: 'sentry-token',
    severity: 'critical',
    title: 'Sentry token',
    anchors: ['sntry[surai]_'],
    check: prefixed({ least: 60, most: 400, set: chars('0-9', 'a-z', 'A-Z', '_+/=') }),
    examples: { masked: ['sntryu_<h64>'], kept: ['sntrys_'] },
  },
  {
    id: 'atlassian-token',
    severity: 'critical',
    title: 'Atlassian token',
    anchors: ['ATATT3x', 'ATCTT3x', 'ATBB'],
    check: (input, at) => {
      const short = input.bytes[at - 1] === 0x42;
      const to = runEnd(input, at, BASE64URL, 300);
      if (to - at < (short ? 28 : 100) || (short && to - at > 40) || !startsWord(input, input.anchor)) return NONE;
      input.from = input.anchor;
      return byteAt(input, to) === 0x3d ? runEnd(input, to, UPPER_HEX, 10) : to;
    },
    examples: { masked: ['ATATT3xFfGF0<b171>=<u1>A9C4F02'], kept: ['ATATT3x'] },
  },
  {
    id: 'figma-token',
    severity: 'critical',
    title: 'Figma token',
    anchors: ['fig[duo][rh]?_'],
    check: prefixed({ least: 36, most: 80, set: BASE64URL, word: true }),
    examples: { masked: ['figd_<b40>'], kept: ['figd'] },
  },
];
