/** Detectors of tokens of services for people and business, each by the format its issuer publishes. */
import {
  ALNUM,
  BASE64URL,
  byteAt,
  chars,
  DIGIT,
  HEX,
  isIn,
  LETTER,
  NONE,
  runEnd,
  startsWord,
  WORD,
  wordStart,
} from '../engine/input.ts';
import { assigned, matches } from './assigned.ts';
import { type Detector, eitherBy, hasDigit, prefixed } from './detector.ts';

const DOTTED = chars('0-9', 'a-z', 'A-Z', '_-.');
const SLACK = chars('0-9', 'a-z', 'A-Z', '_-.%');
const SLASHED = chars('0-9', 'A-Z', 'a-z', '/');

const DOT = 0x2e;
const DROPBOX = prefixed({ least: 130, most: 2_000, set: DOTTED, word: true });

export const SAAS: readonly Detector[] = [
  {
    id: 'slack-token',
    severity: 'critical',
    title: 'Slack token of any kind',
    // xoxd- is a cookie, with escapes.
    anchors: ['xox[abcdeoprs]', 'xapp-', 'xwfp-'],
    check: prefixed({
      least: 20,
      most: 400,
      set: SLACK,
      follow: DOTTED,
      accept: (input, from, to) =>
        '-.'.includes(String.fromCharCode(input.bytes[input.bytes[from - 1] === 0x2d ? from - 1 : from] ?? 0)) &&
        hasDigit(input, from, to),
    }),
    examples: { masked: ['xoxb-<d12>-<d12>-<a24>', 'xapp-1-A<u10>-<d12>-<h64>'], kept: ['xoxb- tokens begin so'] },
  },
  {
    id: 'slack-webhook',
    severity: 'high',
    title: 'Slack webhook',
    anchors: ['hooks\\.slack(-gov)?\\.com/(services|workflows|triggers)/'],
    check: (input, at) => {
      const to = runEnd(input, at, SLASHED, 120);
      if (to - at < 30) return NONE;
      input.from = at;
      return to;
    },
    examples: {
      masked: ['https://hooks.slack.com/services/T<u8>/B<u10>/<a24>'],
      kept: ['https://hooks.slack.com/services/'],
    },
  },
  {
    id: 'discord-webhook',
    severity: 'high',
    title: 'Discord webhook',
    anchors: ['discord(app)?\\.com/api/(v[0-9]{1,2}/)?webhooks/'],
    check: (input, at) => {
      const id = runEnd(input, at, DIGIT, 24);
      if (id - at < 15 || byteAt(input, id) !== 0x2f) return NONE;
      const to = runEnd(input, id + 1, BASE64URL, 120);
      if (to - id < 50) return NONE;
      input.from = id + 1;
      return to;
    },
    examples: { masked: ['https://discord.com/api/webhooks/<d18>/<a68>'], kept: ['discord.com/api/webhooks/1'] },
  },
  {
    id: 'stripe-key',
    severity: 'critical',
    title: 'Stripe key',
    anchors: ['[sr]k_(live|test)_', 'whsec_'],
    check: prefixed({ least: 16, most: 255, set: chars('0-9', 'a-z', 'A-Z', '+/='), word: true }),
    examples: { masked: ['sk_live_<a24>', 'whsec_<a32>'], kept: ['sk_live_', 'pk_test_key'] },
  },
  {
    id: 'twilio-key',
    severity: 'critical',
    title: 'Twilio API key',
    anchors: ['SK[0-9a-f]{8}'],
    check: (input, at) => {
      const to = runEnd(input, at, HEX, 25);
      if (to - at !== 24 || isIn(LETTER, input, to) || !startsWord(input, input.anchor)) return NONE;
      input.from = input.anchor;
      return to;
    },
    examples: { masked: ['SK<h32>'], kept: ['SKIPPED', 'SK<h16>'] },
  },
  {
    id: 'sendgrid-key',
    severity: 'critical',
    title: 'SendGrid key',
    anchors: ['SG\\.'],
    check: (input, at) => {
      const dot = runEnd(input, at, BASE64URL, 30);
      if (dot - at < 16 || byteAt(input, dot) !== 0x2e || !startsWord(input, input.anchor)) return NONE;
      const to = runEnd(input, dot + 1, BASE64URL, 64);
      if (to - dot < 32) return NONE;
      input.from = input.anchor;
      return to;
    },
    examples: { masked: ['SG.<b22>.<b43>'], kept: ['SG.1'] },
  },
  {
    id: 'mailgun-key',
    severity: 'critical',
    title: 'Mailgun key',
    anchors: ['key-', '(?i)mailgun[_.-]?(api|private)?[_.-]?key'],
    check: eitherBy(
      0x2d,
      prefixed({ least: 32, most: 32, set: HEX, follow: BASE64URL, word: true }),
      assigned({ least: 50, most: 50, accept: matches(/^[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}$/) }),
    ),
    examples: { masked: ['key-<h32>', 'MAILGUN_API_KEY=<h32>-<h8>-<h8>'], kept: ['key-value'] },
  },
  {
    id: 'mailchimp-key',
    severity: 'critical',
    title: 'Mailchimp key',
    anchors: ['[0-9a-f]-us[0-9]'],
    check: (input, at) => {
      const hyphen = at - 4;
      const to = runEnd(input, at, DIGIT, 2);
      if (isIn(ALNUM, input, to)) return NONE;
      const from = wordStart(input, hyphen, HEX, 35);
      if (hyphen - from !== 32) return NONE;
      input.from = from;
      return to;
    },
    examples: { masked: ['<h32>-us12'], kept: ['abcdef-us1'] },
  },
  {
    id: 'notion-token',
    severity: 'critical',
    title: 'Notion token',
    anchors: ['ntn_', 'secret_'],
    check: prefixed({ least: 43, most: 50, set: ALNUM, follow: WORD, word: true }),
    examples: { masked: ['ntn_<d11><a35>'], kept: ['ntn_', 'secret_name'] },
  },
  {
    id: 'shopify-token',
    severity: 'critical',
    title: 'Shopify token',
    anchors: ['shp(at|ca|pa|ss|tka)_'],
    check: prefixed({ least: 32, most: 64, set: HEX, follow: WORD }),
    examples: { masked: ['shpat_<h32>'], kept: ['shpat'] },
  },
  {
    id: 'square-token',
    severity: 'critical',
    title: 'Square token',
    anchors: ['sq0[a-z]{3}-', 'EAAA'],
    check: eitherBy(
      0x2d,
      prefixed({ least: 22, most: 60, set: BASE64URL }),
      prefixed({ least: 60, most: 60, set: BASE64URL, word: true, accept: hasDigit }),
    ),
    examples: { masked: ['sq0atp-<b22>', 'sq0csp-<b43>', 'EAAA<a60>'], kept: ['sq0atp-', 'EAAA'] },
  },
  {
    id: 'telegram-token',
    severity: 'critical',
    title: 'Telegram bot token',
    anchors: ['[0-9]{6}:AA'],
    check: (input, at) => {
      const to = runEnd(input, at, BASE64URL, 40);
      if (to - at < 31 || to - at > 36) return NONE;
      const colon = at - 3;
      const from = wordStart(input, colon, DIGIT, 16);
      if (colon - from < 8 || colon - from > 11) return NONE;
      input.from = from;
      return to;
    },
    examples: { masked: ['<d10>:AA<b32>a'], kept: ['1234567890:short'] },
  },
  {
    id: 'airtable-token',
    severity: 'critical',
    title: 'Airtable token',
    anchors: ['pat[0-9A-Za-z]{14}\\.'],
    check: (input, at) => {
      const to = runEnd(input, at, HEX, 65);
      if (to - at !== 64 || !startsWord(input, input.anchor)) return NONE;
      input.from = input.anchor;
      return to;
    },
    examples: { masked: ['pat<a14>.<h64>'], kept: ['pat.name'] },
  },
  {
    id: 'dropbox-token',
    severity: 'critical',
    title: 'Dropbox token',
    anchors: ['sl\\.[uA-Za-z0-9_-]'],
    check: (input, at) => DROPBOX(input, at - 1),
    examples: { masked: ['sl.B<b136>', 'sl.u.<b136>'], kept: ['sl.B'] },
  },
  {
    id: 'discord-token',
    severity: 'critical',
    title: 'Discord bot token',
    // An id of 17 to 19 digits in base64.
    anchors: ['[MNO][DTjz][AEIMQUYcgk][wxyz0-5][MNO][DTjz]'],
    check: (input, at) => {
      if (!startsWord(input, input.anchor)) return NONE;
      const time = runEnd(input, at, BASE64URL, 24);
      if (time - at < 14 || byteAt(input, time) !== DOT) return NONE;
      const mac = runEnd(input, time + 1, BASE64URL, 8);
      if (mac - time < 6 || byteAt(input, mac) !== DOT) return NONE;
      const to = runEnd(input, mac + 1, BASE64URL, 48);
      if (to - mac < 27) return NONE;
      input.from = input.anchor;
      return to;
    },
    examples: { masked: ['MTEyNDE3NzQ4MDUxNjg1MzU4.GkAb4z.<a38>'], kept: ['MTEyNDE3NzQ4MDUx'] },
  },
];
