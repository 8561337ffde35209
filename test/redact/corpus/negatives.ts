/**
 * Texts that look much like secrets or personal data and are none; nothing in them may be masked. Where a definition leaves
 * it open, it is decided so:
 *
 * - Loopback, unspecified and broadcast addresses and netmasks name no machine and stay; private and link-local ones name one.
 * - Four numbers with dots are a version behind `v`, `version`, `Version=`, `build`, `release`, `section`, `==`, `Product/`,
 *   `-`, `_`, `.`, `@`, with a fifth part, or with leading zeros.
 * - `git@github.com:owner/repo` (scp's notation) and `https://user@host` (userinfo without a password) are no addresses of
 *   e-mail, nor is `x@y` without a dot.
 * - `<…>`, `${…}`, `$X`, `{{…}}`, `%s`, `***`, `[REDACTED]`, `xxxx`, `YOUR_API_KEY`, words of types and states (`null`, `string`,
 *   `required`), calls and member accesses stand for a value and are none.
 * - `password: ` before a sentence in lower case is prose.
 * - A name `key` alone, and ids of keys, announce no secret: caches, databases and public keys have them.
 * - Numbers without punctuation are telephone numbers only behind a word that says so; with `+` only where none of a version
 *   or an offset stands before it.
 * - Left out, because both answers are right: the documents' own example keys, publishable keys, `face::feed` and eight pairs
 *   of hexadecimal digits with colons, which are IPv6 addresses by their syntax.
 */
import { NOTATIONS } from './negatives-notations.ts';
import { WORDS } from './negatives-words.ts';
import {
  BASE32,
  BASE62,
  BASE64,
  BASE64URL,
  type Chance,
  DIGITS,
  HEX,
  ibanOf,
  LOWER,
  NONZERO,
  type Sample,
  UPPER,
  withLuhn,
} from './sample.ts';

const uuid = (c: Chance) => [8, 4, 4, 4, 12].map((length) => c.of(HEX, length)).join('-');
const clock = (c: Chance) => `${10 + c.below(14)}:${10 + c.below(50)}:${10 + c.below(50)}`;
const day = (c: Chance) => `20${10 + c.below(20)}-${c.one(['01', '06', '12'])}-${10 + c.below(18)}`;
/** Another last digit or letter: the check fails. */
const spoiled = (c: Chance, held: string) => `${held.slice(0, -1)}${(Number(held.at(-1)) + 1 + c.below(8)) % 10}`;
const badCard = (c: Chance) => {
  const issuer = c.one(['4', '51', '54', '2221', '6011']);
  return spoiled(c, withLuhn(issuer + c.of(DIGITS, 15 - issuer.length)));
};
const octets = (c: Chance, count: number) => Array.from({ length: count }, () => c.of(HEX, 2));
const lower = `${DIGITS}${LOWER}`;

type Made = readonly [about: string, make: (c: Chance) => string];

const IDENTIFIERS: readonly Made[] = [
  ['UUID', (c) => `request ${uuid(c)} took 12 ms`],
  ['UUID in JSON, trace and span', (c) => `{"id":"${uuid(c)}","trace":"${c.of(HEX, 32)}","span":"${c.of(HEX, 16)}"}`],
  ['trace context of W3C', (c) => `traceparent: 00-${c.of(HEX, 32)}-${c.of(HEX, 16)}-01`],
  ['ULID', (c) => `event 01J${c.of('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`],
  ['object id of MongoDB', (c) => `ObjectId("${c.of(HEX, 24)}")`],
  ['snowflake', (c) => `"id":"1${c.of(DIGITS, 18)}"`],
  ['pod', (c) => `pod/api-${c.of(lower, 9)}-${c.of(LOWER, 5)}   1/1   Running   0   ${c.below(60)}m`],
  ['container', (c) => `container ${c.of(HEX, 12)} exited with 137`],
  ['container, long', (c) => `"Id": "${c.of(HEX, 64)}",`],
  [
    'ids of AWS',
    (c) => `i-0${c.of(HEX, 16)} in subnet-0${c.of(HEX, 16)} of vpc-${c.of(HEX, 8)}, ami-0${c.of(HEX, 16)}`,
  ],
  ['unique ids of IAM', (c) => `"RoleId": "${c.one(['AROA', 'AIDA', 'AGPA'])}${c.of(BASE32, 17)}"`],
  ['request ids of AWS', (c) => `x-amz-request-id: ${c.of(UPPER + DIGITS, 16)}`],
  ['ids of Stripe', (c) => `${c.one(['cus', 'ch', 'evt', 'pi', 'in'])}_${c.of(BASE62, 24)} succeeded`],
  ['node ids of GitHub', (c) => `"node_id":"PR_kwDO${c.of(BASE62, 12)}"`],
  [
    'ids of Slack',
    (c) => `posted to C0${c.of(UPPER + DIGITS, 9)} as U0${c.of(UPPER + DIGITS, 9)} in T0${c.of(UPPER + DIGITS, 9)}`,
  ],
  ['cursor of a page', (c) => `cursor=${c.of(BASE62, 24)}&limit=50`],
  ['id of a key', (c) => `{"kid":"${c.of(HEX, 32)}","key_id":"${uuid(c)}","alg":"RS256"}`],
  ['serial number in parts', (c) => `sequence 01-0002-${c.of(DIGITS, 4)} of build 012-${c.of(DIGITS, 6)}`],
  ['dump of bytes', (c) => `0000010: 0${c.of('123456789', 1)} 12 34 56 ${c.of(DIGITS, 2)} ff 00 0a`],
  ['pid behind milliseconds', (c) => `10:00:01,0${c.of('123456789', 1)}5 ${c.of('123456789', 7)} INFO ready`],
  ['ids that were called from', (c) => `call from 1${c.of(DIGITS, 7)} to 10 000 000 rows at 17${c.of(DIGITS, 8)}`],
  ['columns of numbers', (c) => `12 0171 ${c.of('123456789', 7)} 4`],
  ['phone-like order number', (c) => `order 1${c.of(DIGITS, 2)}-${c.of(DIGITS, 7)}-${c.of(DIGITS, 7)}`],
];

const DIGESTS: readonly Made[] = [
  ['commit', (c) => `commit ${c.of(HEX, 40)} (HEAD -> main)`],
  ['short commits', (c) => `${c.of(HEX, 7)}..${c.of(HEX, 7)}  main -> origin/main`],
  ['checked-out commit', (c) => `HEAD is now at ${c.of(HEX, 7)} Merge ${c.of(HEX, 40)} into ${c.of(HEX, 40)}`],
  ['image digest', (c) => `pulled registry.example.com/app:1.2@sha256:${c.of(HEX, 64)}`],
  ['layer', (c) => `${c.of(HEX, 12)}: Pull complete`],
  ['sum of a file', (c) => `${c.of(HEX, 64)}  dist/app.tar.gz`],
  ['MD5', (c) => `md5=${c.of(HEX, 32)} size=${c.below(99999)}`],
  ['integrity of npm', (c) => `"integrity": "sha512-${c.of(BASE64, 86)}==",`],
  ['resolved of yarn', (c) => `  resolved "https://npm.example.com/a/-/a-1.2.3.tgz#${c.of(HEX, 40)}"`],
  ['go.sum', (c) => `golang.org/x/sys v0.${c.below(40)}.0 h1:${c.of(BASE64, 43)}=`],
  ['requirements of pip', (c) => `requests==2.31.0 --hash=sha256:${c.of(HEX, 64)}`],
  ['ETag', (c) => `ETag: W/"${c.of(HEX, 32)}"`],
  ['cache key of GitHub Actions', (c) => `Cache restored from key: Linux-node-${c.of(HEX, 64)}`],
  ['fingerprint of a certificate', (c) => `SHA1 Fingerprint=${octets(c, 20).join(':').toUpperCase()}`],
  ['fingerprint of SSH, old', (c) => `2048 MD5:${octets(c, 16).join(':')} ana@laptop (RSA)`],
  ['fingerprint of SSH', (c) => `256 SHA256:${c.of(BASE64, 43)} ana@laptop (ED25519)`],
  ['public key of SSH', (c) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${c.of(BASE64, 43)} ana@laptop`],
  [
    'certificate',
    (c) => `-----BEGIN CERTIFICATE-----\n${c.of(BASE64, 64)}\n${c.of(BASE64, 64)}\n-----END CERTIFICATE-----`,
  ],
  ['nonce of a policy', (c) => `Content-Security-Policy: script-src 'nonce-${c.of(BASE64, 22)}==' 'self'`],
  ['script’s hash', (c) => `<script integrity="sha384-${c.of(BASE64, 64)}" crossorigin="anonymous"></script>`],
  ['base64 image', (c) => `<img src="data:image/png;base64,iVBORw0KGgo${c.of(BASE64, 240)}==">`],
  ['font', (c) => `src: url(data:font/woff2;base64,d09GMgABAAAAA${c.of(BASE64, 300)}=)`],
  [
    'source map',
    (c) => `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpb${c.of(BASE64, 200)}`,
  ],
  [
    'mappings',
    (c) => `{"version":3,"mappings":"AAAA,${c.of(LOWER, 30).replace(/(.{4})/g, '$1,')};${c.of(BASE62, 60)}"}`,
  ],
  ['bundle', (c) => `main.${c.of(HEX, 8)}.js:1:${c.of(NONZERO, 6)}`],
  ['boundary', (c) => `Content-Type: multipart/form-data; boundary=----WebKitFormBoundary${c.of(BASE62, 16)}`],
  ['class names', (c) => `<div class="css-${c.of(lower, 7)} sc-${c.of(BASE62, 6)} ${c.of(BASE64URL, 8)}">`],
];

const QUANTITIES: readonly Made[] = [
  ['time', (c) => `${day(c)}T${clock(c)}.${c.of(DIGITS, 3)}Z INFO started`],
  ['time with zone', (c) => `${day(c)} ${clock(c)}+02:00 done`],
  ['time of access log', (c) => `[31/Jan/2026:${clock(c)} +0000]`],
  ['time of syslog', (c) => `Jan 31 ${clock(c)} web-1 cron[${c.below(9999)}]: done`],
  ['time of Kubernetes', (c) => `I0131 ${clock(c)}.${c.of(DIGITS, 6)}       1 main.go:${c.below(900)}] ready`],
  ['epoch', (c) => `"ts":1${c.of('6789', 1)}${c.of(DIGITS, 8)},"ms":1${c.of('6789', 1)}${c.of(DIGITS, 11)}`],
  ['epoch in µs', (c) => `at 17${c.of(DIGITS, 14)}`],
  ['epoch in ns', (c) => `timestamp 17${c.of(DIGITS, 17)}`],
  [
    'version',
    (c) =>
      `upgraded core from v${c.below(9)}.${c.below(30)}.${c.below(30)} to ${c.below(9)}.${c.below(30)}.${c.below(30)}-rc.1`,
  ],
  ['version of four parts', (c) => `version ${c.below(20)}.${c.below(30)}.${c.below(200)}.${c.below(200)}`],
  [
    'user agent',
    (c) =>
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1${c.of(DIGITS, 2)}.0.${c.below(250)}.${c.below(250)} Safari/537.36`,
  ],
  ['package', (c) => `npm install lodash@${c.below(9)}.17.${c.below(30)} @types/node@24.${c.below(20)}.2`],
  ['number that fails Luhn', (c) => `order ${badCard(c)} shipped`],
  ['grouped number that fails Luhn', (c) => `ref ${badCard(c).replace(/(.{4})(?=.)/g, '$1 ')} ok`],
  ['number of no issuer', (c) => `receipt ${withLuhn(`9${c.of(DIGITS, 14)}`)} printed`],
  ['IMEI', (c) => `imei=${withLuhn(`35${c.of(DIGITS, 12)}`)}`],
  ['card’s digits in a longer number', (c) => `sequence ${c.of(NONZERO, 8)}${withLuhn(`4${c.of(DIGITS, 14)}`)}`],
  ['decimals', (c) => `loss=0.${withLuhn(`4${c.of(DIGITS, 14)}`)} epoch=${c.below(99)}`],
  ['near-IBAN', (c) => `account ${spoiled(c, ibanOf('DE', c.of(DIGITS, 18)))} is wrong`],
  [
    'near-IBAN in fours',
    (c) => `${spoiled(c, ibanOf('GB', `WEST${c.of(DIGITS, 14)}`)).replace(/(.{4})(?=.)/g, '$1 ')}`,
  ],
  ['IBAN of no country', (c) => `part ${ibanOf('XX', c.of(DIGITS, 18))}`],
  [
    'duration and size',
    (c) => `took ${c.below(99)}.${c.of(DIGITS, 3)}s, ${c.of(NONZERO, 9)} bytes, rss=${c.below(999)}.${c.below(9)}MiB`,
  ],
  ['address in memory', (c) => `#${c.below(9)} 0x0000${c.of(HEX, 12)} in main () at main.c:${c.below(999)}`],
  ['coordinates', (c) => `at 52.${c.of(DIGITS, 6)}, 13.${c.of(DIGITS, 6)}`],
  [
    'number of tokens',
    (c) => `{"prompt_tokens":${c.below(5000)},"max_tokens":4096,"token_type":"Bearer","total_tokens":${c.below(9999)}}`,
  ],
  ['EUI-64 in hyphens', (c) => `eui ${octets(c, 8).join('-')} seen`],
];

const PER_MADE = 4;

/** The made ones, some of each, and the written ones. */
export function negatives(chance: Chance): Sample[] {
  const made = [...IDENTIFIERS, ...DIGESTS, ...QUANTITIES].flatMap(([about, make]) =>
    Array.from({ length: PER_MADE }, () => ({ about, text: make(chance), labels: [] })),
  );
  return [...made, ...[...WORDS, ...NOTATIONS].map((text) => ({ about: 'as written', text, labels: [] }))];
}
