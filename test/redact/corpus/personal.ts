/** Personal data that names a person or an account, in its published forms; from ranges reserved for examples where there are such. */
import {
  BASE62,
  type Chance,
  DIGITS,
  type Format,
  format,
  ibanOf,
  LOWER,
  mark,
  NONZERO,
  UPPER,
  withLuhn,
} from './sample.ts';

/** The list for the detector `names`, which finds nothing without one. */
export const NAMES = ['Ana Example', 'Bo Example', 'Cy van Example', 'Di Éxample'];

const DOMAINS = [
  'example.com',
  'example.org',
  'mail.example.co.uk',
  'müller.example',
  'xn--mller-kva.example',
  'sub-1.example.museum',
  'example.io',
  'EXAMPLE.NET',
  'a.example.photography',
];
const LOCALS = ['ana', 'bo.cy', 'cy+logs', 'di_99', 'ed-1', 'ANA.BO', 'x', 'first.last+tag', '12345+ana', 'jürgen'];

const EMAILS: Format[] = [
  format('email', 'RFC 5321, 5322 and 6531', (c) => `${c.one(LOCALS)}@${c.one(DOMAINS)}`),
  format('email', 'RFC 5322 and 6068, git-scm.com, postfix.org: in angle brackets, mailto:, headers', (c) => {
    const address = mark(`${c.one(LOCALS)}@${c.one(DOMAINS)}`, 'email');
    return c.one([
      `Author: Ana <${address}>`,
      `postfix/smtp[${c.below(999)}]: to=<${address}>, relay=none, status=deferred`,
      `<a href="mailto:${address}?subject=Hi">write</a>`,
      `To: "Bo" <${address}>, Cy <${mark(`cy.${c.of(LOWER, 3)}@example.org`, 'email')}>`,
      `user=${address};role=admin`,
      `ERROR:  duplicate key value violates unique constraint "users_email_key"\nDETAIL:  Key (email)=(${address}) already exists.`,
      `Ask ${address}, ${mark('bo@example.com', 'email')} or ${mark('cy@example.com', 'email')}.`,
    ]);
  }),
  format('email', 'RFC 3986: percent-encoded in a query', (c) => {
    const address = mark(`ana.${c.of(LOWER, 4)}%40example.com`, 'email');
    return `GET /unsubscribe?mail=${address}&x=1 HTTP/1.1`;
  }),
];

const area = (c: Chance) => `${c.of('23456789', 1)}0${c.of('2345678', 1)}`;
const line = (c: Chance) => `01${c.of(DIGITS, 2)}`;

/** Written out with the country's code: found wherever it stands. */
const international = (c: Chance) =>
  c.one([
    `+1${area(c)}555${line(c)}`,
    `+1 (${area(c)}) 555-${line(c)}`,
    `+1-${area(c)}-555-${line(c)}`,
    `+1.${area(c)}555${line(c)}`,
    `+49 30 ${c.of(NONZERO, 8)}`,
    `+4915${c.of(NONZERO, 9)}`,
    `+49 (0)89 ${c.of(NONZERO, 6)}`,
    `+44 20 7946 0${c.of(DIGITS, 3)}`,
    `+44 (0)20 7946 0${c.of(DIGITS, 3)}`,
    `+447700900${c.of(DIGITS, 3)}`,
    `+33 6 39 98 ${c.of(NONZERO, 2)} ${c.of(NONZERO, 2)}`,
    `+91 98765 4${c.of(DIGITS, 4)}`,
    `+61 491 570 ${c.of(DIGITS, 3)}`,
    `+41 44 668 18 ${c.of(NONZERO, 2)}`,
    `+81-3-${c.of(NONZERO, 4)}-${c.of(DIGITS, 4)}`,
    `+55 11 9${c.of(DIGITS, 4)}-${c.of(DIGITS, 4)}`,
    `+8613${c.of(DIGITS, 9)}`,
  ]);

/** National forms that say what they are where no word does. */
const unannounced = (c: Chance) =>
  c.one([
    `07700 900${c.of(DIGITS, 3)}`,
    `020 7946 0${c.of(DIGITS, 3)}`,
    `(020) 7946 0${c.of(DIGITS, 3)}`,
    `0161 496 0${c.of(DIGITS, 3)}`,
    `01 99 00 ${c.of(NONZERO, 2)} ${c.of(NONZERO, 2)}`,
    `06.39.98.${c.of(NONZERO, 2)}.${c.of(NONZERO, 2)}`,
    `0470 12 34 ${c.of(NONZERO, 2)}`,
    `030 ${c.of(NONZERO, 8)}`,
    `0171 ${c.of(NONZERO, 7)}`,
    `01512 ${c.of(NONZERO, 7)}`,
    `0151-${c.of(NONZERO, 8)}`,
    `089/${c.of(NONZERO, 6)}`,
    `06-${c.of(NONZERO, 8)}`,
    `044 668 18 ${c.of(NONZERO, 2)}`,
    `070-174 06 ${c.of(NONZERO, 2)}`,
    `03-5${c.of(DIGITS, 3)}-${c.of(DIGITS, 4)}`,
    `090-5${c.of(DIGITS, 3)}-${c.of(DIGITS, 4)}`,
    `0491 570 ${c.of(DIGITS, 3)}`,
    `098765 4${c.of(DIGITS, 4)}`,
    `(11) 9${c.of(DIGITS, 4)}-${c.of(DIGITS, 4)}`,
  ]);

/** As people of the country write it at home. */
const national = (c: Chance) =>
  c.one([
    `07700 900${c.of(DIGITS, 3)}`,
    `020 7946 0${c.of(DIGITS, 3)}`,
    `(020) 7946 0${c.of(DIGITS, 3)}`,
    `01 99 00 ${c.of(NONZERO, 2)} ${c.of(NONZERO, 2)}`,
    `06.39.98.${c.of(NONZERO, 2)}.${c.of(NONZERO, 2)}`,
    `030 ${c.of(NONZERO, 8)}`,
    `0171 ${c.of(NONZERO, 7)}`,
    `0151-${c.of(NONZERO, 8)}`,
    `089/${c.of(NONZERO, 6)}`,
    `098765 4${c.of(DIGITS, 4)}`,
    `98765 4${c.of(DIGITS, 4)}`,
    `(02) 5550 ${c.of(DIGITS, 4)}`,
    `0491 570 ${c.of(DIGITS, 3)}`,
    `0049 30 ${c.of(NONZERO, 8)}`,
    `${area(c)}555${line(c)}`,
  ]);

const PHONES: Format[] = [
  format('phone', 'ITU-T E.164 and E.123', international),
  format('phone', 'nanpa.com, numbering plan: 555-01XX is for examples', (c) =>
    c.one([
      `(${area(c)}) 555-${line(c)}`,
      `${area(c)}-555-${line(c)}`,
      `${area(c)}.555.${line(c)}`,
      `1-${area(c)}-555-${line(c)}`,
      `(${area(c)})555-${line(c)}`,
    ]),
  ),
  format('phone', 'Ofcom, ARCEP, Bundesnetzagentur, TRAI, ACMA: national forms, behind a word that says so', (c) => {
    const number = mark(national(c), 'phone');
    return c.one([
      `phone: ${number}`,
      `Tel. ${number}`,
      `mobile=${number}`,
      `{"name":"Ana","phone":"${number}","city":"x"}`,
      `Telefon: ${number}`,
      `fax ${number}`,
      `phone_number='${number}'`,
      `please call ${number} now`,
      `Cell: ${number}`,
      `"mobilePhone": "${number}"`,
    ]);
  }),
  format(
    'phone',
    'Ofcom, ARCEP, Bundesnetzagentur, ACM, BAKOM, PTS, MIC, ACMA, TRAI, Anatel: national forms',
    unannounced,
  ),
  format('phone', 'the same, and what people say between word and number', (c) => {
    const number = mark(c.one([unannounced(c), `98765 4${c.of(DIGITS, 4)}`, `612 34 56 ${c.of(NONZERO, 2)}`]), 'phone');
    return c.one([
      `Call me at ${number}, please`,
      `please call back on ${number}`,
      `sent sms to ${number} in 12 ms`,
      `my mobile is ${number}`,
      `phone us under ${number} after noon`,
    ]);
  }),
  format(
    'phone',
    'RFC 3966: tel URIs',
    (c) => `<a href="tel:${mark(`+1-${area(c)}-555-${line(c)}`, 'phone')}">call</a>`,
  ),
];

const drawn = (c: Chance, from: number, to: number) => String(from + c.below(to - from + 1));
const filled = (c: Chance, prefix: string, length: number) =>
  withLuhn(prefix + c.of(DIGITS, length - 1 - prefix.length));

/** A number of one of the schemes, by issuer range and length. */
export const card = (c: Chance) =>
  c.one([
    () => filled(c, '4', 16),
    () => filled(c, '4', 16),
    () => filled(c, '4', 19),
    () => filled(c, drawn(c, 51, 55), 16),
    () => filled(c, drawn(c, 2221, 2720), 16),
    () => filled(c, c.one(['34', '37']), 15),
    () => filled(c, c.one(['6011', '65', drawn(c, 644, 649)]), 16),
    () => filled(c, drawn(c, 3528, 3589), 16),
    () => filled(c, c.one(['36', '38', drawn(c, 300, 305)]), 14),
    () => filled(c, `62${c.of('2345678', 1)}`, 16),
    () => filled(c, c.one(['5018', '5020', '5038', '6304', '6759', '6761', '6763']), 16),
    () => filled(c, drawn(c, 2200, 2204), 16),
  ])();

/** The digits as they are printed on a card of that length. */
const grouped = (digits: string, gap: string) =>
  digits.length === 15 || digits.length === 14
    ? digits.replace(/^(.{4})(.{6})/, `$1${gap}$2${gap}`)
    : digits.replace(/(.{4})(?=.)/g, `$1${gap}`);

export const IBANS: readonly ((c: Chance) => string)[] = [
  (c) => ibanOf('DE', c.of(DIGITS, 18)),
  (c) => ibanOf('GB', c.of(UPPER, 4) + c.of(DIGITS, 14)),
  (c) => ibanOf('FR', `${c.of(DIGITS, 10)}${c.of(DIGITS + UPPER, 11)}${c.of(DIGITS, 2)}`),
  (c) => ibanOf('NL', c.of(UPPER, 4) + c.of(DIGITS, 10)),
  (c) => ibanOf('CH', c.of(DIGITS, 5) + c.of(DIGITS, 12)),
  (c) => ibanOf('ES', c.of(DIGITS, 20)),
  (c) => ibanOf('IT', `${c.of(UPPER, 1)}${c.of(DIGITS, 10)}${c.of(DIGITS, 12)}`),
  (c) => ibanOf('BE', c.of(DIGITS, 12)),
  (c) => ibanOf('AT', c.of(DIGITS, 16)),
  (c) => ibanOf('PL', c.of(DIGITS, 24)),
  (c) => ibanOf('PT', c.of(DIGITS, 21)),
  (c) => ibanOf('SE', c.of(DIGITS, 20)),
  (c) => ibanOf('NO', c.of(DIGITS, 11)),
  (c) => ibanOf('IE', c.of(UPPER, 4) + c.of(DIGITS, 14)),
  (c) => ibanOf('LU', c.of(DIGITS, 16)),
  (c) => ibanOf('GR', c.of(DIGITS, 23)),
  (c) => ibanOf('RO', c.of(UPPER, 4) + c.of(DIGITS + UPPER, 16)),
  (c) => ibanOf('TR', `${c.of(DIGITS, 5)}0${c.of(DIGITS, 16)}`),
  (c) => ibanOf('SA', c.of(DIGITS, 20)),
  (c) => ibanOf('MT', `${c.of(UPPER, 4)}${c.of(DIGITS, 5)}${c.of(DIGITS + UPPER, 18)}`),
  (c) => ibanOf('BR', `${c.of(DIGITS, 23)}${c.of(UPPER, 1)}1`),
];

export const socialSecurity = (c: Chance, gap: string) =>
  [
    `${c.of('1234578', 1)}${c.of('12345', 2)}`,
    c.of(DIGITS, 1) + c.of(NONZERO, 1),
    c.of(NONZERO, 1) + c.of(DIGITS, 3),
  ].join(gap);

const NUMBERS: Format[] = [
  format('card', 'ISO/IEC 7812-1 and the ranges of the schemes', card),
  format('card', 'ISO/IEC 7813: as printed on the card', (c) => grouped(card(c), c.one([' ', '-']))),
  format('card', 'number fields in JSON and forms', (c) => {
    const number = mark(card(c), 'card');
    return c.one([`{"pan":${number},"cvc":"***"}`, `card_number=${number}&exp=0127`, `PAN ${number} declined`]);
  }),
  format('iban', 'ISO 13616-1, the registry of SWIFT: electronic form', (c) => c.one(IBANS)(c)),
  format('iban', 'ISO 13616-1: printed form, in fours', (c) =>
    c
      .one(IBANS)(c)
      .replace(/(.{4})(?=.)/g, '$1 '),
  ),
  format('ssn', 'ssa.gov: no area 000, 666 or 9xx, no group 00, no serial 0000', (c) => socialSecurity(c, '-')),
  format('ssn', 'the same with blanks, behind its name', (c) => {
    const number = mark(socialSecurity(c, ' '), 'ssn');
    return c.one([`SSN: ${number}`, `ssn ${number} given`, `social security number ${number}`, `"ssn":"${number}"`]);
  }),
];

const LISTED: Format[] = [
  format('names', 'the opt-in list: whole words, in any case', (c) => {
    const name = c.one(NAMES);
    return c.one([name, name, name.toUpperCase(), name.toLowerCase()]);
  }),
  format('names', 'the same beside other data', (c) => {
    const name = mark(c.one(NAMES), 'names');
    return `user ${c.of(BASE62, 6)} (${name}, admin) signed in; approved by ${mark(c.one(NAMES), 'names')}`;
  }),
];

export const PERSONAL: Format[] = [...EMAILS, ...PHONES, ...NUMBERS, ...LISTED];
