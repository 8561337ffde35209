/** Tokens of services that developers and companies use, made from the definitions their issuers publish; none of them opens anything. */
import { assigned } from './assigned.ts';
import { jwt } from './keys.ts';
import {
  BASE62,
  BASE64,
  BASE64URL,
  type Chance,
  DIGITS,
  type Format,
  format,
  HEX,
  LOWER,
  mark,
  NONZERO,
  UPPER,
  withCrc,
} from './sample.ts';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64').replace(/=+$/, '');
const slackId = (c: Chance, kind: string) => kind + c.of(UPPER + DIGITS, c.one([8, 10]));
const teamNumber = (c: Chance) => c.of(NONZERO, 1) + c.of(DIGITS, c.one([10, 11, 12]));

const FORGES: Format[] = [
  format('github-token', 'github.blog, Behind GitHub’s new authentication token formats', (c) => {
    const kind = c.each(['ghp', 'gho', 'ghu', 'ghs', 'ghr']);
    return `${kind}_${withCrc(c.of(BASE62, 30))}`;
  }),
  format('github-token', 'docs.github.com, About authentication: each kind has its prefix', (c) => {
    const kinds = ['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind) =>
      mark(`${kind}_${withCrc(c.of(BASE62, 30))}`, 'github-token'),
    );
    return `rotated ${kinds.join(' ')} today`;
  }),
  format(
    'github-token',
    'github.blog, fine-grained personal access tokens',
    (c) => `github_pat_${c.of(BASE62, 22)}_${c.of(BASE62, 59)}`,
  ),
  format(
    'github-token',
    'github.blog, changelog of April 2026: ghs_APPID_JWT',
    (c) =>
      `ghs_${c.of(NONZERO, 6)}_${jwt(c, { iss: 'github', installation: c.below(1e9), permissions: c.of(HEX, 60) })}`,
  ),
  format('gitlab-token', 'docs.gitlab.com, token overview: prefixes', (c) => {
    const kind = c.each(['glpat', 'gldt', 'glrt', 'glft', 'glsoat', 'glimt', 'gloas', 'glagent', 'glffct']);
    const length = kind === 'gloas' ? 64 : kind === 'glagent' ? 50 : 20;
    return `${kind}-${c.of(BASE64URL, length - 1)}${c.of(BASE62, 1)}`;
  }),
  format('gitlab-token', 'docs.gitlab.com, trigger, job and routable personal access tokens', (c) =>
    c.one([
      `glptt-${c.of(HEX, 40)}`,
      `glcbt-${c.of(HEX, 2)}_${c.of(BASE64URL, 19)}h`,
      `glpat-${c.of(BASE64URL, 26)}x.01.${c.of(`${DIGITS}${LOWER}`, 9)}`,
    ]),
  ),
  format('npm-token', 'github.blog, npm token format', (c) => `npm_${withCrc(c.of(BASE62, 30))}`),
  format('npm-token', 'docs.npmjs.com, .npmrc', (c) => {
    const token = mark(`npm_${withCrc(c.of(BASE62, 30))}`, 'npm-token', 'secret');
    return `//npm.example.com/:_authToken=${token}`;
  }),
  format(
    'pypi-token',
    'pypi.org, help: API tokens; warehouse, macaroons of pypi.org and test.pypi.org',
    (c) => `pypi-${c.each(['AgEIcHlwaS5vcmc', 'AgENdGVzdC5weXBpLm9yZw'])}${c.of(BASE64URL, 140 + c.below(30))}e`,
  ),
  format('rubygems-token', 'guides.rubygems.org, API key scopes', (c) => `rubygems_${c.of(HEX, 48)}`),
  format('dockerhub-token', 'docs.docker.com, personal and organization access tokens', (c) =>
    c.one([`dckr_pat_${c.of(BASE64URL, 26)}x`, `dckr_oat_${c.of(BASE64URL, 31)}x`]),
  ),
  format(
    'atlassian-token',
    'support.atlassian.com, API tokens',
    (c) => `${c.each(['ATATT3xFfGF0', 'ATCTT3xFfGN0'])}${c.of(BASE64URL, 171)}=${c.of(HEX.toUpperCase(), 8)}`,
  ),
  format('atlassian-token', 'support.atlassian.com, Bitbucket app passwords', (c) => `ATBB${c.of(BASE62, 32)}`),
];

const CHATS: Format[] = [
  format(
    'slack-token',
    'docs.slack.dev, tokens: app-level',
    (c) => `xapp-1-A${c.of(UPPER + DIGITS, 10)}-${teamNumber(c)}-${c.of(HEX, 64)}`,
  ),
  format(
    'slack-token',
    'docs.slack.dev, tokens: bot',
    (c) => `xoxb-${teamNumber(c)}-${teamNumber(c)}-${c.of(BASE62, 24)}`,
  ),
  format('slack-token', 'docs.slack.dev, tokens: user, legacy workspace, configuration, session', (c) => {
    const kind = c.each(['xoxp', 'xoxa-2', 'xoxr', 'xoxs']);
    return `${kind}-${teamNumber(c)}-${teamNumber(c)}-${teamNumber(c)}-${c.of(HEX, 32)}`;
  }),
  format('slack-token', 'docs.slack.dev, token rotation', (c) =>
    c.one([`xoxe.${c.each(['xoxp', 'xoxb'])}-1-${c.of(BASE62, 163)}`, `xoxe-1-${c.of(BASE62, 146)}`]),
  ),
  format('slack-webhook', 'docs.slack.dev, incoming webhooks and workflow triggers', (c) => {
    const path = c.one([
      ['services', `${slackId(c, 'T')}/${slackId(c, 'B')}/${c.of(BASE62, 24)}`],
      ['workflows', `${slackId(c, 'T')}/${slackId(c, 'A')}/${c.of(NONZERO, 18)}/${c.of(BASE62, 24)}`],
      ['triggers', `${slackId(c, 'T')}/${c.of(NONZERO, 13)}/${c.of(HEX, 32)}`],
    ] as const);
    return `${c.each(['POST ', 'url: ', '', 'SLACK_WEBHOOK_URL='])}https://hooks.slack.com/${path[0]}/${mark(path[1], 'slack-webhook')}`;
  }),
  format('discord-webhook', 'discord.com/developers, webhooks', (c) => {
    const secret = mark(c.of(BASE64URL, 67) + c.of(BASE62, 1), 'discord-webhook');
    return `https://${c.each(['discord.com', 'discordapp.com', 'canary.discord.com'])}/api/webhooks/${c.of(NONZERO, 18)}/${secret}`;
  }),
  format(
    'discord-token',
    'discord.com/developers, bot tokens: the id in base64, a time, a MAC',
    (c) =>
      `${Buffer.from(c.of('12', 1) + c.of(DIGITS, 17)).toString('base64')}.G${c.of(BASE62, 5)}.${c.of(BASE64URL, 37)}${c.of(BASE62, 1)}`,
  ),
  format(
    'telegram-token',
    'core.telegram.org/bots/api: authorizing your bot',
    (c) => `${c.of(NONZERO, 1)}${c.of(DIGITS, c.one([8, 9]))}:AA${c.of(BASE64URL, 32)}x`,
  ),
  format('telegram-token', 'core.telegram.org/bots/api: making requests', (c) => {
    const token = mark(`${c.of(NONZERO, 10)}:AA${c.of(BASE64URL, 32)}x`, 'telegram-token');
    return `POST https://api.telegram.org/bot${token}/sendMessage 401`;
  }),
];

const MONEY: Format[] = [
  format(
    'stripe-key',
    'docs.stripe.com, API keys',
    (c) => `${c.each(['sk_live', 'sk_test', 'rk_live', 'rk_test'])}_${c.of(BASE62, c.one([24, 99]))}`,
  ),
  format('stripe-key', 'docs.stripe.com, webhooks: signing secrets', (c) => `whsec_${c.of(BASE62, 32)}`),
  format(
    'shopify-token',
    'shopify.dev, access tokens',
    (c) => `${c.each(['shpat', 'shpca', 'shppa', 'shpss'])}_${c.of(HEX, 32)}`,
  ),
  format('square-token', 'developer.squareup.com, access tokens', (c) =>
    c.one([`sq0atp-${c.of(BASE64URL, 21)}x`, `sq0csp-${c.of(BASE64URL, 42)}x`, `EAAA${c.of(BASE64URL, 59)}x`]),
  ),
];

const MAIL: Format[] = [
  format('twilio-key', 'twilio.com/docs, API keys: SK and 32 hexadecimal digits', (c) => `SK${c.of(HEX, 32)}`),
  format('sendgrid-key', 'sendgrid.com/docs, API keys', (c) => `SG.${c.of(BASE64URL, 22)}.${c.of(BASE64URL, 42)}x`),
  format('mailgun-key', 'documentation.mailgun.com, API keys before 2021', (c) => `key-${c.of(HEX, 32)}`),
  format('mailgun-key', 'documentation.mailgun.com, API keys', (c) =>
    assigned(
      c,
      c.each(['MAILGUN_API_KEY', 'mailgun_api_key']),
      () => `${c.of(HEX, 32)}-${c.of(HEX, 8)}-${c.of(HEX, 8)}`,
      ['mailgun-key', 'secret'],
    ),
  ),
  format(
    'mailchimp-key',
    'mailchimp.com/developer, API keys: the data centre at the end',
    (c) => `${c.of(HEX, 32)}-us${1 + c.below(21)}`,
  ),
];

const MODELS: Format[] = [
  format(
    'openai-key',
    'platform.openai.com, API keys of users before 2024',
    (c) => `sk-${c.of(BASE62, 20)}T3BlbkFJ${c.of(BASE62, 20)}`,
  ),
  format(
    'openai-key',
    'platform.openai.com, API keys of projects, service accounts and administrators',
    (c) => `sk-${c.each(['proj', 'svcacct', 'admin'])}-${c.of(BASE64URL, 74)}T3BlbkFJ${c.of(BASE64URL, 73)}A`,
  ),
  format(
    'anthropic-key',
    'docs.anthropic.com, API keys',
    (c) => `sk-ant-${c.each(['api03', 'admin01', 'oat01'])}-${c.of(BASE64URL, 93)}AA`,
  ),
  format('huggingface-token', 'huggingface.co/docs, user access tokens', (c) => `hf_${c.of(UPPER + LOWER, 34)}`),
  format('groq-key', 'console.groq.com, API keys', (c) => `gsk_${c.of(BASE62, 52)}`),
  format('replicate-token', 'replicate.com/docs, API tokens', (c) => `r8_${c.of(BASE62, 37)}`),
];

const TOOLS: Format[] = [
  format('postman-key', 'learning.postman.com, API keys', (c) => `PMAK-${c.of(HEX, 24)}-${c.of(HEX, 34)}`),
  format('linear-key', 'linear.app/developers', (c) => `lin_${c.each(['api', 'oauth'])}_${c.of(BASE62, 40)}`),
  format(
    'notion-token',
    'developers.notion.com, tokens since 2024',
    (c) => `ntn_${c.of(DIGITS, 11)}${c.of(BASE62, 35)}`,
  ),
  format('notion-token', 'developers.notion.com, tokens before', (c) => `secret_${c.of(BASE62, 43)}`),
  format('newrelic-key', 'docs.newrelic.com, user, insert and license keys', (c) =>
    c.one([`NRAK-${c.of(UPPER + DIGITS, 27)}`, `NRII-${c.of(BASE64URL, 31)}x`, `${c.of(HEX, 36)}NRAL`]),
  ),
  format(
    'grafana-token',
    'grafana.com/docs, service account tokens',
    (c) => `glsa_${c.of(BASE62, 32)}_${c.of(HEX, 8)}`,
  ),
  format(
    'grafana-token',
    'grafana.com/docs, cloud access policy tokens: base64 of JSON',
    (c) => `glc_${base64({ o: c.of(DIGITS, 6), n: 'ci', k: c.of(BASE62, 24), m: { r: 'eu' } })}`,
  ),
  format('sentry-token', 'docs.sentry.io, user auth tokens', (c) => `sntryu_${c.of(HEX, 64)}`),
  format(
    'sentry-token',
    'docs.sentry.io, organization tokens: base64 of JSON and a secret',
    (c) =>
      `sntrys_${base64({ iat: 1_773_000_000 + c.below(1e6), url: 'https://sentry.io', org: 'acme' })}_${c.of(BASE64, 42)}8`,
  ),
  format('figma-token', 'figma.com/developers, personal access tokens', (c) => `figd_${c.of(BASE64URL, 39)}x`),
  format(
    'airtable-token',
    'airtable.com/developers, personal access tokens',
    (c) => `pat${c.of(BASE62, 14)}.${c.of(HEX, 64)}`,
  ),
  format(
    'dropbox-token',
    'dropbox.com/developers, short-lived access tokens',
    (c) => `sl.${c.each(['', 'u.'])}${c.of(BASE64URL, 136)}x`,
  ),
];

export const SAAS: Format[] = [...FORGES, ...CHATS, ...MONEY, ...MAIL, ...MODELS, ...TOOLS];
