/** Reads workflow commands (`::error file=a::text`) out of what a step prints. */

export interface Command {
  name: string;
  properties: Record<string, string>;
  data: string;
}

function unescapeData(text: string): string {
  return text.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%25/g, '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replace(/%3A/gi, ':').replace(/%2C/gi, ','));
}

function readProperties(text: string, separator: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(separator)
      .map((pair): [string, string] => {
        const at = pair.indexOf('=');
        return at < 0 ? ['', ''] : [pair.slice(0, at).trim(), unescapeProperty(pair.slice(at + 1))];
      })
      .filter(([key]) => key !== ''),
  );
}

function toCommand(head: string, separator: string, body: string): Command {
  const space = head.indexOf(' ');
  const name = space < 0 ? head : head.slice(0, space);
  const properties = space < 0 ? {} : readProperties(head.slice(space + 1), separator);
  return { name: name.toLowerCase(), properties, data: unescapeData(body) };
}

/** `::name key=value,…::data`, at the start of the line. */
function readCurrent(line: string): Command | null {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end <= 2) return null;
  return toCommand(text.slice(2, end), ',', text.slice(end + 2));
}

/** `##[name key=value;…]data`, anywhere in the line. */
function readOlder(line: string): Command | null {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return null;
  return toCommand(line.slice(start + 3, end), ';', line.slice(end + 1));
}

/** The command that a printed line is, in either of the two forms that the runner knows, or null. */
export function readCommand(line: string): Command | null {
  return readCurrent(line) ?? readOlder(line);
}
