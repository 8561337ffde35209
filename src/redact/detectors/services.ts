/** Detectors of keys of services for payments, goods, data and software, each by the prefix that its issuer chose. */
import {
  ALNUM,
  BASE64URL,
  byteAt,
  type Check,
  chars,
  HEX,
  isIn,
  NONE,
  runEnd,
  startsWord,
  WORD,
} from '../engine/input.ts';
import { type Detector, isMonotonous, prefixed } from './detector.ts';

const DOT = 0x2e;
const UNDERSCORE = 0x5f;
const LOWER = chars('0-9', 'a-z');
const PADDED = chars('0-9', 'a-z', 'A-Z', '_=-');
const SEPARATED = chars('0-9', 'a-z', 'A-Z', '-');

/** Six characters, an underscore and 29 more stand before the mark. */
const maxmindKey: Check = (input, at) => {
  const from = input.anchor - 36;
  if (isIn(WORD, input, at) || !startsWord(input, from) || byteAt(input, from + 6) !== UNDERSCORE) return NONE;
  if (runEnd(input, from, ALNUM, 7) !== from + 6 || runEnd(input, from + 7, ALNUM, 30) !== input.anchor) return NONE;
  input.from = from;
  return at;
};

/** `pat.` or `sat.`, and three parts by dots. */
const harnessKey: Check = (input, at) => {
  const account = runEnd(input, at, BASE64URL, 23);
  if (account !== at + 22 || byteAt(input, account) !== DOT) return NONE;
  const token = runEnd(input, account + 1, ALNUM, 25);
  if (token !== account + 25 || byteAt(input, token) !== DOT) return NONE;
  const to = runEnd(input, token + 1, ALNUM, 21);
  if (to !== token + 21 || isMonotonous(input, account + 1, token) || !startsWord(input, input.anchor)) return NONE;
  input.from = input.anchor;
  return to;
};

export const SERVICES: readonly Detector[] = [
  {
    id: 'bedrock-key',
    severity: 'critical',
    title: 'Amazon Bedrock API key',
    anchors: ['ABSK', 'bedrock-api-key-'],
    check: prefixed({ least: 100, most: 4_096, set: chars('0-9', 'a-z', 'A-Z', '+/='), word: true }),
    examples: { masked: ['ABSK<a120>', 'bedrock-api-key-<a200>'], kept: ['ABSK', 'bedrock-api-key-id'] },
  },
  {
    id: 'adobe-secret',
    severity: 'critical',
    title: 'Adobe client secret',
    anchors: ['p8e-'],
    check: prefixed({ least: 32, most: 32, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['p8e-<h32>'], kept: ['p8e-', 'p8e-<h12>'] },
  },
  {
    id: 'clickhouse-key',
    severity: 'critical',
    title: 'ClickHouse Cloud key secret',
    anchors: ['4b1d'],
    check: prefixed({ least: 38, most: 38, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['4b1d<a38>'], kept: ['4b1d<h36>', '4b1d'] },
  },
  {
    id: 'clojars-token',
    severity: 'critical',
    title: 'Clojars deploy token',
    anchors: ['CLOJARS_'],
    check: prefixed({ least: 60, most: 60, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['CLOJARS_<h60>'], kept: ['CLOJARS_USERNAME'] },
  },
  {
    id: 'duffel-token',
    severity: 'critical',
    title: 'Duffel access token',
    anchors: ['duffel_(live|test)_'],
    check: prefixed({ least: 43, most: 43, set: PADDED, word: true }),
    examples: { masked: ['duffel_live_<b43>'], kept: ['duffel_live_mode'] },
  },
  {
    id: 'easypost-key',
    severity: 'critical',
    title: 'EasyPost API key',
    anchors: ['EZ[AT]K'],
    check: prefixed({ least: 54, most: 54, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['EZAK<a54>', 'EZTK<h54>'], kept: ['EZAK'] },
  },
  {
    id: 'flutterwave-key',
    severity: 'critical',
    title: 'Flutterwave secret or encryption key',
    anchors: ['FLWSECK_TEST-?', 'FLWSECK-'],
    check: prefixed({ least: 12, most: 64, set: SEPARATED, word: true }),
    examples: { masked: ['FLWSECK_TEST-<h32>-X', 'FLWSECK-<h32>-X', 'FLWSECK_TEST<h12>'], kept: ['FLWSECK_TEST-key'] },
  },
  {
    id: 'frameio-token',
    severity: 'critical',
    title: 'Frame.io developer token',
    anchors: ['fio-u-'],
    check: prefixed({ least: 64, most: 64, set: PADDED, word: true }),
    examples: { masked: ['fio-u-<b64>'], kept: ['fio-u-1'] },
  },
  {
    id: 'harness-key',
    severity: 'critical',
    title: 'Harness personal or service token',
    anchors: ['[ps]at\\.'],
    check: harnessKey,
    examples: { masked: ['pat.<b22>.<a24>.<a20>', 'sat.<a22>.<h24>.<a20>'], kept: ['pat.example.com', 'sat.<a22>.x'] },
  },
  {
    id: 'infracost-key',
    severity: 'high',
    title: 'Infracost API key',
    anchors: ['ico-'],
    check: prefixed({ least: 32, most: 32, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['ico-<a32>'], kept: ['ico-download', 'ico-<a12>'] },
  },
  {
    id: 'maxmind-key',
    severity: 'high',
    title: 'MaxMind license key',
    anchors: ['_mmk'],
    check: maxmindKey,
    examples: { masked: ['k7RmX2_<a29>_mmk'], kept: ['is_mmk', '<a12>_mmk'] },
  },
  {
    id: 'prefect-key',
    severity: 'critical',
    title: 'Prefect API key',
    anchors: ['pn[ub]_'],
    check: prefixed({ least: 36, most: 36, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['pnu_<a36>'], kept: ['pnu_id', 'pnu_<a12>'] },
  },
  {
    id: 'readme-key',
    severity: 'critical',
    title: 'ReadMe API key',
    anchors: ['rdme_'],
    check: prefixed({ least: 70, most: 70, set: LOWER, follow: WORD, word: true }),
    examples: { masked: ['rdme_<h70>'], kept: ['rdme_api'] },
  },
  {
    id: 'scalingo-token',
    severity: 'critical',
    title: 'Scalingo API token',
    anchors: ['tk-us-'],
    check: prefixed({ least: 48, most: 48, set: BASE64URL, word: true }),
    examples: { masked: ['tk-us-<b48>'], kept: ['tk-us-east-1'] },
  },
  {
    id: 'shippo-token',
    severity: 'critical',
    title: 'Shippo API token',
    anchors: ['shippo_(live|test)_'],
    check: prefixed({ least: 40, most: 40, set: HEX, follow: WORD, word: true }),
    examples: { masked: ['shippo_live_<h40>'], kept: ['shippo_test_mode'] },
  },
  {
    id: 'sourcegraph-token',
    severity: 'critical',
    title: 'Sourcegraph access token',
    anchors: ['sgp_'],
    check: prefixed({ least: 40, most: 57, set: chars('0-9', 'a-f', 'A-F', '_local'), follow: WORD, word: true }),
    examples: { masked: ['sgp_<h40>', 'sgp_local_<h40>', 'sgp_4f9c07d2e8b1a653_<h40>'], kept: ['sgp_id', 'sgp_<h16>'] },
  },
];
