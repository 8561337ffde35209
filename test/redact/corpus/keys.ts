/** Private keys in every wrapping, and JSON web tokens. */
import { BASE64, BASE64URL, type Chance, type Format, format, HEX, LOWER, mark } from './sample.ts';

/** The kinds of PEM, each with what base64 makes of its first bytes, which are the same in every key. */
const KINDS = [
  ['RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA'],
  ['PRIVATE KEY', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw'],
  ['EC PRIVATE KEY', 'MHcCAQEEI'],
  ['ENCRYPTED PRIVATE KEY', 'MIIFHDBOBgkqhkiG9w0BBQ0w'],
  ['OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ'],
  ['DSA PRIVATE KEY', 'MIIBuwIBAAKBgQD'],
] as const;
const PKCS8 = KINDS[1];

/** Lines of 64 characters, the last one shorter. */
function body(c: Chance, start: string, end: string): string {
  const first = start + c.of(BASE64, 64 - start.length);
  const more = Array.from({ length: 2 + c.below(24) }, () => c.of(BASE64, 64));
  return mark([first, ...more, `${c.of(BASE64, 22)}==`].join(end), 'private-key', 'secret');
}

/** A key between its lines; what is secret is the body. `end` is how line ends are written. */
function pem(c: Chance, [label, start]: (typeof KINDS)[number], end: string): string {
  return [`-----BEGIN ${label}-----`, body(c, start, end), `-----END ${label}-----`].join(end);
}

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON web token with the claims, signed at HS256's, ES256's or RS256's length. */
export function jwt(c: Chance, claims: object): string {
  const header = c.one([
    { alg: 'HS256', typ: 'JWT' },
    { alg: 'RS256', kid: c.of(HEX, 8) },
    { typ: 'JWT', alg: 'ES256' },
  ]);
  return `${segment(header)}.${segment(claims)}.${c.of(BASE64URL, c.one([42, 85, 341]))}x`;
}

export const KEYS: Format[] = [
  format(
    'private-key',
    'RFC 7468, PKCS #1 and #8, SEC 1, PROTOCOL.key of OpenSSH',
    (c) => `${pem(c, c.one(KINDS), '\n')}\n`,
  ),
  format(
    'private-key',
    'learn.microsoft.com and others: line ends of Windows',
    (c) => `Reading the key\r\n${pem(c, c.one(KINDS), '\r\n')}\r\nDone\r\n`,
  ),
  format(
    'private-key',
    'cloud.google.com, service account keys: PKCS #8 in a JSON string',
    (c) =>
      `{"type":"service_account","project_id":"p-${c.below(99)}","private_key":"${pem(c, PKCS8, '\\n')}\\n","client_id":"1"}`,
  ),
  format(
    'private-key',
    'environments and dotenv: one line with \\n',
    (c) => `GITHUB_APP_PRIVATE_KEY="${pem(c, c.one(KINDS), '\\n')}"`,
  ),
  format(
    'private-key',
    'JSON logs that hold JSON: the line ends escaped twice',
    (c) => `{"msg":"{\\"key\\":\\"${pem(c, c.one(KINDS), '\\\\n')}\\\\n\\"}"}`,
  ),
  format(
    'private-key',
    'yaml.org, literal block',
    (c) => `tls:\n  key: |\n    ${pem(c, c.one(KINDS), '\n    ')}\n  other: 1\n`,
  ),
  format('private-key', 'RFC 1421: headers before the body', (c) => {
    const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${c.of(HEX, 32).toUpperCase()}`;
    const label = 'RSA PRIVATE KEY';
    return `-----BEGIN ${label}-----\n${headers}\n\n${body(c, '', '\n')}\n-----END ${label}-----`;
  }),
  format('private-key', 'RFC 9580, ASCII armor', (c) => {
    const lines = Array.from({ length: 4 + c.below(12) }, () => c.of(BASE64, 64));
    const armored = mark([...lines, `=${c.of(BASE64, 4)}`].join('\n'), 'private-key', 'secret');
    const label = 'PGP PRIVATE KEY BLOCK';
    return `-----BEGIN ${label}-----\n${c.one(['', 'Version: GnuPG v2\n'])}\n${armored}\n-----END ${label}-----\n`;
  }),
  format(
    'private-key',
    'docs.docker.com, kubernetes.io: logs of several containers, whose name begins every line',
    (c) => {
      const name = c.one(['app-1  | ', '[pod/api-0/app] ', 'web.1: ']);
      const lines = Array.from({ length: 2 }, () => c.of(BASE64, 64)).concat(`${c.of(BASE64, 34)}==`);
      const marked = lines.map((line) => mark(line, 'private-key', 'secret'));
      return [`-----BEGIN EC ${PKCS8[0]}-----`, ...marked, `-----END EC ${PKCS8[0]}-----`]
        .map((line) => name + line)
        .join('\n');
    },
  ),
  format('private-key', 'kubernetes.io, Secret and kubeconfig: PEM in base64', (c) => {
    const text = Buffer.from(pem(c, c.one(KINDS), '\n').replace(/[\uE000-\uE002]/g, '')).toString('base64');
    return `  ${c.one(['tls.key', 'client-key-data'])}: ${mark(text, 'private-key', 'secret')}\n  tls.crt: x\n`;
  }),
  format('private-key', 'the.earth.li, PuTTY: .ppk', (c) => {
    const lines = Array.from({ length: 3 }, () => mark(c.of(BASE64, 64), 'private-key', 'secret'));
    return `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 3\n${lines.join('\n')}\n`;
  }),
  format('private-key', 'a log that was cut: the key has no end', (c) => {
    const [label, start] = c.one(KINDS);
    return `$ cat key.pem\n-----BEGIN ${label}-----\n${body(c, start, '\n')}\n`;
  }),
  format(
    'age-key',
    'age-encryption.org/v1, identities: Bech32',
    (c) => `AGE-SECRET-KEY-1${c.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
  ),
  format('jwt', 'RFC 7519', (c) => jwt(c, { sub: c.of(HEX, 12), iat: 1_773_000_000 + c.below(1e6), scope: 'read' })),
  format('jwt', 'learn.microsoft.com, access tokens of Entra', (c) =>
    jwt(c, {
      aud: 'https://management.azure.com',
      iss: `https://sts.windows.net/${c.of(HEX, 32)}`,
      appid: c.of(HEX, 32),
      ver: '1.0',
    }),
  ),
  format('jwt', 'kubernetes.io, service account tokens', (c) => {
    const token = jwt(c, { iss: 'kubernetes/serviceaccount', sub: `system:serviceaccount:prod:${c.of(LOWER, 6)}` });
    return c.one(['token:      ', 'Cookie: session=', 'id_token: ']) + mark(token, 'jwt', 'secret');
  }),
];
