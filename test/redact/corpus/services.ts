/** Keys of services for payments, goods, data and software, made from what issuers publish; none of them opens anything. */
import { BASE62, BASE64, BASE64URL, DIGITS, type Format, format, HEX, LOWER } from './sample.ts';

const LOW = LOWER + DIGITS;

export const SERVICES: readonly Format[] = [
  format('bedrock-key', 'docs.aws.amazon.com, Amazon Bedrock API keys', (c) =>
    c.one([`ABSK${c.of(BASE64, 120)}`, `bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t${c.of(BASE64, 400)}`]),
  ),
  format('adobe-secret', 'developer.adobe.com, client secrets', (c) => `p8e-${c.of(BASE62, 32)}`),
  format('clickhouse-key', 'clickhouse.com, keys of the cloud API', (c) => `4b1d${c.of(BASE62, 38)}`),
  format('clojars-token', 'github.com/clojars, deploy tokens', (c) => `CLOJARS_${c.of(LOW, 60)}`),
  format(
    'duffel-token',
    'duffel.com, access tokens',
    (c) => `duffel_${c.each(['live', 'test'])}_${c.of(BASE64URL, 42)}x`,
  ),
  format(
    'easypost-key',
    'easypost.com, production and test keys',
    (c) => `${c.each(['EZAK', 'EZTK'])}${c.of(BASE62, 54)}`,
  ),
  format('flutterwave-key', 'flutterwave.com, API keys', (c) =>
    c.one([`FLWSECK_TEST-${c.of(HEX, 32)}-X`, `FLWSECK-${c.of(HEX, 32)}-X`, `FLWSECK_TEST${c.of(HEX, 12)}`]),
  ),
  format('frameio-token', 'developer.frame.io, developer tokens', (c) => `fio-u-${c.of(BASE64URL, 63)}x`),
  format(
    'harness-key',
    'developer.harness.io, API keys',
    (c) => `${c.each(['pat', 'sat'])}.${c.of(BASE62, 22)}.${c.of(HEX, 24)}.${c.of(BASE62, 20)}`,
  ),
  format('infracost-key', 'infracost.io, API keys', (c) => `ico-${c.of(BASE62, 32)}`),
  format('maxmind-key', 'maxmind.com, license keys', (c) => `${c.of(BASE62, 6)}_${c.of(BASE62, 29)}_mmk`),
  format('prefect-key', 'prefect.io, API keys', (c) => `${c.each(['pnu', 'pnb'])}_${c.of(BASE62, 36)}`),
  format('readme-key', 'docs.readme.com, API keys', (c) => `rdme_${c.of(LOW, 70)}`),
  format('scalingo-token', 'developers.scalingo.com, API tokens', (c) => `tk-us-${c.of(BASE64URL, 47)}x`),
  format(
    'shippo-token',
    'docs.goshippo.com, live and test tokens',
    (c) => `shippo_${c.each(['live', 'test'])}_${c.of(HEX, 40)}`,
  ),
  format('sourcegraph-token', 'sourcegraph.com, access tokens', (c) =>
    c.one([`sgp_${c.of(HEX, 40)}`, `sgp_local_${c.of(HEX, 40)}`, `sgp_${c.of(HEX, 16)}_${c.of(HEX, 40)}`]),
  ),
];
