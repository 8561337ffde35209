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

/**
 * The command that a printed line is, or null. The runner knows two forms: `::name key=value,…::data`, which must
 * start the line, and the older `##[name key=value;…]data`, which it finds anywhere in it.
 */
export function readCommand(line: string): Command | null {
  const current = /^\s*::(?<head>[^:\s][^:]*?)::(?<body>.*)$/s.exec(line)?.groups;
  if (current !== undefined) return toCommand(current['head'] ?? '', ',', current['body'] ?? '');
  const older = /##\[(?<head>[^\]]+)\](?<body>.*)$/s.exec(line)?.groups;
  return older === undefined ? null : toCommand(older['head'] ?? '', ';', older['body'] ?? '');
}
