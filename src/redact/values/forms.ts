/** The texts by which a registered value is recognised: the value, its lines, and the forms tools print it in. */

/** Shorter values would garble the output, and a match would tell more than it hides. In UTF-16 code units. */
export const SHORTEST = 4;

/** The forms of one text that are masked, with the text itself; all at least {@link SHORTEST} characters long. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const plain = [text, ...jsonForms(text), ...urlForms(text), ...shellForms(text), ...markupForms(text)];
  const forms = [...plain, ...base64Forms(bytes), hex, hex.toUpperCase()];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** All forms of a value and of its lines; none if the value is shorter than {@link SHORTEST}. */
export function formsOfValue(value: string): string[] {
  return value.length < SHORTEST ? [] : [...new Set([value, ...linesOf(value)].flatMap(formsOf))];
}

/** A value as it is meant: well-formed, without the line ends around it. */
export function trimmedValue(value: string): string {
  return value
    .toWellFormed()
    .replace(/^[\r\n]+/, '')
    .replace(/[\r\n]+$/, '');
}

/** The lines of a value of several lines, each without the blanks around it, as far as they are long enough. */
function linesOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/);
  return lines.length === 1 ? [] : lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST);
}

/** As JSON has it, also in a JSON text within another. */
function jsonForms(text: string): string[] {
  const json = within(text);
  // Python and PHP write everything beyond ASCII as \uXXXX, PHP also a slash as \/.
  const ascii = json.replace(/[\u0080-\uffff]/g, lowerCode);
  const slashes = [json.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')];
  // What HTML could take for its own: Go and Rails, Gson, and .NET, which writes everything else so as well.
  const go = json.replace(/[<>&\u2028\u2029]/g, lowerCode);
  const gson = json.replace(/[<>&='\u2028\u2029]/g, lowerCode);
  const dotnet = json.replaceAll('\\"', '\\u0022').replace(/[<>&'+`\u007f-\uffff]/g, upperCode);
  const plain = [json, ascii, go];
  return [...plain, ...slashes, gson, dotnet, ascii.replace(/\\u[0-9a-f]{4}/g, upperDigits), ...plain.map(within)];
}

/** The text as it stands between JSON's quotes. */
const within = (text: string) => JSON.stringify(text).slice(1, -1);
const lowerCode = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const upperDigits = (code: string) => `\\u${code.slice(2).toUpperCase()}`;
const upperCode = (unit: string) => upperDigits(lowerCode(unit));

function urlForms(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ v: text }).toString().slice('v='.length);
  // Python's quote leaves slashes, WHATWG's parts of a URL leave what means nothing in them.
  const twice = encodeURIComponent(component);
  const all = [component, strict, form, twice, strict.replaceAll('%2F', '/'), encodeURI(text), ...urlParts(text)];
  return [...all, ...all.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** As the password and as the query of a URL. */
function urlParts(text: string): string[] {
  const url = new URL('http://user@host.example');
  url.password = text;
  url.search = text;
  return [url.password, url.search.slice('?'.length)];
}

/** As shells take it: within single quotes, within double quotes, and as `printf %q` and `set -x` write it. */
function shellForms(text: string): string[] {
  const escaped = (chars: RegExp) => text.replace(chars, '\\$&');
  // The last is of YAML, SQL and PowerShell; CSV doubles the other quotes.
  const single = ["'\\''", `'"'"'`, "''"].map((quote) => text.replaceAll("'", quote));
  const ansi = escaped(/[\\']/g).replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return [
    ...single,
    text.replaceAll('"', '""'),
    text.replace(/["`$]/g, '`$&'),
    escaped(/["$`\\]/g),
    escaped(/["$`\\!]/g),
    escaped(/[^A-Za-z0-9_@%+=:,./-]/g),
    escaped(/[^A-Za-z0-9_@%+=:./-]/g),
    ansi,
  ];
}

/** As HTML and XML write it. */
function markupForms(text: string): string[] {
  const few = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = few.replaceAll('"', '&quot;');
  return [few, quoted, ...['&#39;', '&#x27;', '&apos;'].map((quote) => quoted.replaceAll("'", quote))];
}

/**
 * Base64 of the bytes alone, wrapped as `base64` (76) and PEM (64) wrap it, and what is certain of it where one or two
 * other bytes stand before and any bytes stand behind, as in `user:password`.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inside = [0, 1, 2].map((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    // A character holds 6 bits: those that share bits with other bytes are not certain.
    return shifted.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6));
  });
  const standard = [whole, whole.replace(/=+$/, ''), ...inside, ...wrapped(inside[0] ?? '')];
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function wrapped(encoded: string): string[] {
  // The rest of a wrapped line is masked only where it is long enough not to be met by chance.
  const lines = [64, 76].flatMap((width) =>
    encoded.length > width ? (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []) : [],
  );
  return lines.filter((line) => line.length >= 2 * SHORTEST);
}
