/** Tokens of clouds and of what runs on them, made from the definitions their issuers publish; none of them opens anything. */
import { assigned } from './assigned.ts';
import {
  BASE32,
  BASE62,
  BASE64,
  BASE64URL,
  type Chance,
  DIGITS,
  type Format,
  format,
  HEX,
  mark,
  withCrc,
} from './sample.ts';

/** The value behind one of the names that say what it is. */
const named =
  (detector: string, names: readonly string[], value: (c: Chance) => string): Format['make'] =>
  (c) =>
    assigned(c, c.one(names), () => value(c), [detector, 'secret']);

const AMAZON: Format[] = [
  format(
    'aws-access-key',
    'docs.aws.amazon.com, IAM identifiers: unique identifiers',
    (c) => c.each(['AKIA', 'ASIA', 'ABIA', 'ACCA']) + c.of(BASE32, 16),
  ),
  format(
    'aws-secret-key',
    'docs.aws.amazon.com, IAM: access keys, 40 characters of base64',
    named(
      'aws-secret-key',
      [
        'aws_secret_access_key',
        'AWS_SECRET_ACCESS_KEY',
        'secretAccessKey',
        'SecretAccessKey',
        'aws_secret_key',
        'AWS_SECRET_KEY',
        'aws.secretKey',
        'awsSecretAccessKey',
      ],
      (c) => c.of(BASE64, 40),
    ),
  ),
  format(
    'aws-session-token',
    'docs.aws.amazon.com, STS: GetSessionToken',
    named(
      'aws-session-token',
      ['aws_session_token', 'AWS_SESSION_TOKEN', 'SessionToken', 'sessionToken', 'AWS_SECURITY_TOKEN'],
      (c) => `${c.each(['IQoJb3JpZ2luX2Vj', 'FwoGZXIvYXdzE'])}${c.of(BASE64, 279 + 4 * c.below(20))}=`,
    ),
  ),
];

const GOOGLE: Format[] = [
  format('gcp-api-key', 'cloud.google.com, API keys', (c) => `AIza${c.of(BASE64URL, 34)}${c.of(BASE62, 1)}`),
  format('gcp-oauth', 'developers.google.com, OAuth 2.0: access tokens and client secrets', (c) =>
    c.one([`ya29.${c.of(BASE64URL, 120 + c.below(60))}x`, `GOCSPX-${c.of(BASE64URL, 27)}k`]),
  ),
  format(
    'gcp-oauth',
    'developers.google.com, OAuth 2.0: refresh tokens',
    (c) => `1//0${c.of(DIGITS, 1)}${c.of(BASE64URL, 98)}s`,
  ),
];

const storageKey = (c: Chance) => `${c.of(BASE64, 85)}A==`;
const signature = (c: Chance) => encodeURIComponent(`${c.of(BASE62, 21)}+${c.of(BASE62, 20)}/=`);

const AZURE: Format[] = [
  format('azure-storage-key', 'learn.microsoft.com, storage account connection strings: 64 bytes in base64', (c) => {
    const key = mark(storageKey(c), 'azure-storage-key', 'connection-string', 'secret');
    const account = `logs${c.below(99)}`;
    return `${c.one(['', 'AZURE_STORAGE_CONNECTION_STRING=', 'using '])}DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${key};EndpointSuffix=core.windows.net`;
  }),
  format('azure-storage-key', 'learn.microsoft.com, Service Bus, Event Hubs and IoT Hub connection strings', (c) => {
    const key = mark(`${c.of(BASE64, 42)}0=`, 'azure-storage-key', 'connection-string', 'secret');
    return c.one([
      `Endpoint=sb://bus-${c.below(99)}.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${key}`,
      `HostName=hub-${c.below(99)}.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${key}`,
    ]);
  }),
  format(
    'azure-storage-key',
    'learn.microsoft.com, AZURE_STORAGE_KEY of the Azure CLI',
    named('azure-storage-key', ['AZURE_STORAGE_KEY', 'storageAccountKey', 'azure_storage_account_key'], storageKey),
  ),
  format('azure-sas', 'learn.microsoft.com, service and account shared access signatures', (c) => {
    const sig = mark(signature(c), 'azure-sas');
    return c.one([
      `https://logs.blob.core.windows.net/c/f.txt?sv=2024-11-04&sr=b&se=2026-01-31T12%3A00Z&sp=r&sig=${sig}`,
      `"url":"https://logs.blob.core.windows.net/c?sp=rl&st=2026-01-01T00:00:00Z&se=2026-01-31T12:00:00Z&sv=2024-11-04&sr=c&sig=${sig}"`,
      `https://acc.queue.core.windows.net/q?sv=2024-11-04&ss=bfqt&srt=sco&sp=rwdlacupx&se=2026-02-01T00:00:00Z&sig=${sig}&spr=https`,
      `SharedAccessSignature sr=hub.azure-devices.net%2Fdevices%2Fd1&sig=${sig}&se=1790000000&skn=owner`,
    ]);
  }),
  format(
    'azure-client-secret',
    'learn.microsoft.com, Entra: client secrets of applications',
    (c) => `${c.of(BASE62, 3)}${c.of(DIGITS, 1)}Q~${c.of(`${BASE62}_~.-`, 33)}a`,
  ),
];

const HOSTS: Format[] = [
  format(
    'digitalocean-token',
    'docs.digitalocean.com, API tokens',
    (c) => `${c.each(['dop', 'doo', 'dor'])}_v1_${c.of(HEX, 64)}`,
  ),
  format('heroku-key', 'devcenter.heroku.com, format of OAuth tokens', (c) => `HRKU-AA${c.of(BASE64URL, 57)}b`),
  format(
    'heroku-key',
    'devcenter.heroku.com, API keys before 2024: a UUID',
    named('heroku-key', ['HEROKU_API_KEY', 'heroku_api_key'], (c) =>
      [8, 4, 4, 4, 12].map((length) => c.of(HEX, length)).join('-'),
    ),
  ),
  format('alibaba-key', 'alibabacloud.com, RAM: AccessKey pairs', (c) => `LTAI${c.of(BASE62, c.one([12, 20]))}`),
  format('fly-token', 'fly.io, access tokens', (c) => `${c.each(['fm2_lJPE', 'fm1r_'])}${c.of(BASE64, 120)}A==`),
  format(
    'cloudflare-key',
    'developers.cloudflare.com, Origin CA keys',
    (c) => `v1.0-${c.of(HEX, 24)}-${c.of(HEX, 146)}`,
  ),
  format(
    'cloudflare-key',
    'developers.cloudflare.com, token formats: 40 characters and a checksum',
    (c) => `${c.each(['cfk', 'cfut', 'cfat'])}_${c.of(BASE62, 40)}${c.of(HEX, 8)}`,
  ),
  format('vercel-token', 'vercel.com, changelog: new token formats', (c) => {
    const kind = c.each(['vcp', 'vci', 'vca', 'vcr', 'vck']);
    return `${kind}_${withCrc(c.of(BASE62, 50))}`;
  }),
  format('supabase-key', 'supabase.com, API keys and access tokens', (c) =>
    c.one([`sbp_${c.of(HEX, 40)}`, `sb_secret_${c.of(BASE64URL, 22)}_${c.of(BASE62, 8)}`]),
  ),
  format(
    'planetscale-token',
    'planetscale.com, service tokens and passwords',
    (c) => `pscale_${c.each(['tkn', 'pw', 'oauth'])}_${c.of(BASE64URL, 42)}d`,
  ),
];

const OPERATIONS: Format[] = [
  format(
    'vault-token',
    'developer.hashicorp.com, Vault: token prefixes',
    (c) => `${c.each(['hvs', 'hvb', 'hvr'])}.${c.of(BASE64URL, c.one([23, 91, 137]))}c`,
  ),
  format(
    'vault-token',
    'developer.hashicorp.com, Vault before 1.10',
    named('vault-token', ['VAULT_TOKEN', 'vault_token'], (c) => `s.${c.of(BASE62, 24)}`),
  ),
  format(
    'terraform-token',
    'developer.hashicorp.com, HCP Terraform: API tokens',
    (c) => `${c.of(BASE62, 14)}.atlasv1.${c.of(BASE62, 67)}`,
  ),
  format(
    'databricks-token',
    'docs.databricks.com, personal access tokens',
    (c) => `dapi${c.of(HEX, 32)}${c.each(['', '-2'])}`,
  ),
  format(
    'doppler-token',
    'docs.doppler.com, token formats',
    (c) => `dp.${c.each(['pt', 'ct', 'sa', 'scim', 'audit', 'st.prd', 'st.dev'])}.${c.of(BASE62, 43)}`,
  ),
  format('pulumi-token', 'pulumi.com, access tokens', (c) => `pul-${c.of(HEX, 40)}`),
];

export const CLOUD: Format[] = [...AMAZON, ...GOOGLE, ...AZURE, ...HOSTS, ...OPERATIONS];
