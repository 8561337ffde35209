/** How programs write that a name has a value: environments, YAML, JSON, INI, options, code. */
import { type Chance, mark } from './sample.ts';

interface Style {
  /** Whether the value stands between quotes or tags, so that blanks and separators may be part of it. */
  quoted: boolean;
  write(name: string, value: string): string;
}

const STYLES: Style[] = [
  { quoted: false, write: (name, value) => `${name}=${value}` },
  { quoted: true, write: (name, value) => `export ${name}="${value}"` },
  { quoted: false, write: (name, value) => `${name}: ${value}` },
  { quoted: true, write: (name, value) => `{"retries":3,"${name}":"${value}","region":"eu"}` },
  { quoted: true, write: (name, value) => `"${name}" : "${value}",` },
  { quoted: false, write: (name, value) => `[default]\n${name} = ${value}\nregion = eu` },
  { quoted: true, write: (name, value) => `${name}: '${value}'` },
  { quoted: true, write: (name, value) => `const ${name} = "${value}";` },
  { quoted: true, write: (name, value) => `'${name}' => '${value}',` },
  { quoted: false, write: (name, value) => `set ${name}=${value}` },
  { quoted: true, write: (name, value) => `$env:${name} = "${value}"` },
  { quoted: false, write: (name, value) => `java -D${name}=${value} -jar app.jar` },
  { quoted: false, write: (name, value) => `helm upgrade app ./chart --set ${name}=${value}` },
  { quoted: false, write: (name, value) => `      ${name}:      ${value}` },
  { quoted: true, write: (name, value) => `{'${name}': '${value}', 'ok': True}` },
  { quoted: false, write: (name, value) => `level=info ${name}=${value} status=200` },
  { quoted: true, write: (name, value) => `${name} := "${value}"` },
  { quoted: true, write: (name, value) => `  ${name}: "${value}"\n  retries: 3` },
];

/** A line in which `name` has a value of `make`, marked for the detectors. */
export function assigned(
  c: Chance,
  name: string,
  make: (quoted: boolean) => string,
  detectors: readonly [string, ...string[]],
): string {
  const { quoted, write } = c.one(STYLES);
  return write(name, mark(make(quoted), ...detectors));
}
