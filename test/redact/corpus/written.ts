/** Personal data as its surroundings write it: escaped, grouped by other signs, announced in other languages and in names of fields. */
import { ipv4, ipv6 } from './addresses.ts';
import { card, IBANS, NAMES, socialSecurity } from './personal.ts';
import { type Chance, DIGITS, type Format, format, LOWER, mark, NONZERO } from './sample.ts';

/** The signs that part groups beside blank and hyphen: of a form, of a URL, and the blanks that do not break. */
const GAPS = ['+', '%20', '\u00a0', '\u202f'];
const inFours = (value: string, gap: string) => value.replace(/(.{4})(?=.)/g, `$1${gap}`);

const EMAILS: Format[] = [
  format('email', 'RFC 5322 §3.2.3: every sign of an atom, in angle brackets', (c) => {
    const tag = c.of(LOWER, 4);
    const local = c.one([`a/b=${tag}`, `$${tag}`, `bounces+1-${tag}=example.org`, `ana{${tag}}`, `x*y?${tag}`]);
    return `to=<${mark(`${local}@example.com`, 'email')}>, relay=none`;
  }),
  format('email', 'RFC 3986, ECMA-404: signs of the name escaped', (c) => {
    const tag = c.of(LOWER, 4);
    return c.one([
      `GET /join?mail=${mark(`ana%2B${tag}%40example.com`, 'email')}&x=1 HTTP/1.1`,
      `next=%2Fjoin%3Fmail%3D${mark(`ana.${tag}%2540example.com`, 'email')}%26x%3D1`,
      `{"mail":"${mark(`ana\\u002B${tag}@example.com`, 'email')}"}`,
    ]);
  }),
  format('email', "RFC 6531 and 5321 §4.1.3: other scripts, a machine's address for a domain", (c) => {
    const name = `${c.one(['zoé', 'иван', 'ana'])}`;
    const place = c.one(['österreich.example', 'почта.example', '[192.0.2.7]', '[IPv6:2001:db8::7]']);
    return `550 5.1.1 <${mark(`${name}@${place}`, 'email')}>: unknown`;
  }),
];

const mobile = (c: Chance) => `0171 ${c.of(NONZERO, 7)}`;

const PHONES: Format[] = [
  format('phone', 'the words for a phone in other languages', (c) => {
    const word = c.one([
      'Tél. : ',
      'Téléphone : ',
      'Teléfono: ',
      'móvil ',
      'Celular: ',
      'Telefoonnummer: ',
      'Cellulare ',
    ]);
    const more = c.one(['电话: ', 'Тел.: ', 'Rufnummer ', 'Handynummer: ', 'Portable : ', 'Kontakt: ']);
    const number = mark(c.one([mobile(c), `06 39 98 ${c.of(NONZERO, 2)} ${c.of(NONZERO, 2)}`]), 'phone');
    return `${c.one([word, more])}${number}`;
  }),
  format('phone', 'names of fields', (c) =>
    c.one([
      `"msisdn":"${mark(`447700900${c.of(DIGITS, 3)}`, 'phone')}"`,
      `contactNumber=${mark(mobile(c), 'phone')}`,
      `Phone (work): ${mark(mobile(c), 'phone')}`,
      `TEL;HOME;VOICE:${mark(mobile(c), 'phone')}`,
      `phones: ["${mark(mobile(c), 'phone')}"]`,
    ]),
  ),
  format('phone', 'RFC 3986, ECMA-404: the plus escaped', (c) =>
    c.one([
      `To=${mark(`%2B49171${c.of(NONZERO, 7)}`, 'phone')}&Body=hi`,
      `to=${mark(`%2B49+171+${c.of(NONZERO, 7)}`, 'phone')}&Body=hi`,
      `{"to":"\\u002B${mark(`49171${c.of(NONZERO, 7)}`, 'phone')}"}`,
    ]),
  ),
  format('phone', "ITU-T E.123: from abroad, and with typesetters' blanks", (c) =>
    c.one([
      `Ring ${mark(`0049 171 ${c.of(NONZERO, 7)}`, 'phone')} from abroad`,
      `Ring ${mark(`+33\u00a06\u00a039\u00a098\u00a0${c.of(NONZERO, 2)}\u00a0${c.of(NONZERO, 2)}`, 'phone')}`,
      `Ring ${mark(`+49 (0) 171 / ${c.of(NONZERO, 7)}`, 'phone')}`,
    ]),
  ),
];

const NUMBERS: Format[] = [
  format('card', 'ISO/IEC 7812-1 in a form, a URL and a typeset text', (c) => inFours(sixteen(c), c.one(GAPS))),
  format('card', 'ISO/IEC 7813: the first track', (c) => `%B${mark(card(c), 'card')}^EXAMPLE/ANA^2901101?`),
  format('card', 'RFC 3986: behind an escape', (c) => `q=%22${mark(inFours(sixteen(c), '-'), 'card')}%22 end`),
  format('iban', 'ISO 13616-1 in a form, a URL, a typeset text, with hyphens', (c) =>
    inFours(c.one(IBANS)(c), c.one([...GAPS, '-'])),
  ),
  format('iban', 'the same in small letters, behind its name', (c) => {
    const account = mark(c.one(IBANS)(c).toLowerCase(), 'iban');
    return c.one([`iban=${account}&x=1`, `"iban": "${account}"`, `IBAN ${account}`]);
  }),
  format('ssn', 'ssa.gov: nine digits behind the name of the number', (c) => {
    const number = mark(socialSecurity(c, ''), 'ssn');
    return c.one([
      `"ssn":"${number}"`,
      `user_ssn=${number}&x=1`,
      `"userSsn": ${number}`,
      `<SSN>${number}</SSN>`,
      `social_security_number: ${number}`,
    ]);
  }),
];

/** Of a scheme whose cards have sixteen digits. */
function sixteen(c: Chance): string {
  for (;;) {
    const digits = card(c);
    if (digits.length === 16) return digits;
  }
}

const ADDRESSES: Format[] = [
  format('ipv4', 'tcpdump, nmap, ssh, shells: with a port behind a dot, in ranges, behind a user or a name', (c) => {
    const address = mark(ipv4(c), 'ipv4');
    return c.one([
      `IP ${address}.51234 > ${mark(ipv4(c), 'ipv4')}.443: Flags [S], seq 1`,
      `allow ${address}-${mark(ipv4(c), 'ipv4')}`,
      `ssh bo@${address} uptime`,
      `SERVER=${address}`,
      `CLIENT: ${address}`,
      `access.log:${address} - - [31/Jan/2026:12:00:00 +0000]`,
      `q=%22${address}%22`,
    ]);
  }),
  format('ipv6', 'RFC 5321 §4.1.3, 7208, 3986: behind its name, and escaped brackets', (c) => {
    const address = mark(ipv6(c), 'ipv6');
    return c.one([`from x ([IPv6:${address}])`, `v=spf1 ip6:${address}/64 -all`, `host=%5B${address}%5D&x=1`]);
  }),
];

const LISTED: Format[] = [
  format('names', 'between the quotes of typesetters', (c) => {
    const [open, close] = c.one(['“”', '«»', '‚‘', '（）']).split('');
    return `said ${open}${mark(c.one(NAMES), 'names')}${close}…`;
  }),
];

export const WRITTEN: Format[] = [...EMAILS, ...PHONES, ...NUMBERS, ...ADDRESSES, ...LISTED];
