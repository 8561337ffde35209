/** Writes docs/REFERENCE.md's tables out of the action.yml files, and its command lines out of `--help`: `node scripts/reference.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as v from 'valibot';
import { parse } from 'yaml';
import { createProgram } from '../src/entry/cli/program.ts';

const ROOT = new URL('../', import.meta.url);
const REFERENCE = new URL('docs/REFERENCE.md', ROOT);

const Input = v.object({
  description: v.string(),
  required: v.optional(v.boolean(), false),
  default: v.optional(v.string()),
});
const Action = v.object({
  inputs: v.record(v.string(), Input),
  outputs: v.optional(v.record(v.string(), v.object({ description: v.string() })), {}),
});

/** `<!-- inputs of action.yml -->` … `<!-- end -->`, or `<!-- help of policy check -->` …: what stands between is ours. */
const PLACE = /(<!-- (inputs|outputs|help) of ([^>]+?) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The page as it must be. Throws when it has no place for what is generated, or its source cannot be read. */
export async function withGenerated(page: string): Promise<string> {
  const places = [...page.matchAll(PLACE)];
  if (places.length === 0)
    throw new Error('docs/REFERENCE.md has no `<!-- inputs of action.yml -->` … `<!-- end -->`.');
  const texts = await Promise.all(places.map(([, , kind = '', source = '']) => generated(kind, source)));
  let whole = page;
  for (const [index, [place, opening = '', , , closing = '']] of places.entries()) {
    whole = whole.replace(place, () => `${opening}\n${texts[index]}\n\n${closing}`);
  }
  return whole;
}

async function generated(kind: string, source: string): Promise<string> {
  if (kind === 'help') return help(source);
  const action = v.parse(Action, parse(await readFile(new URL(source, ROOT), 'utf8')));
  return kind === 'inputs' ? inputTable(action) : outputTable(action);
}

/** What the command says of itself, as wide as a page is. */
function help(path: string): string {
  let text = '';
  commandAt(path)
    .configureOutput({
      writeOut(part) {
        text += part;
      },
      getOutHelpWidth: () => 80,
      getOutHasColors: () => false,
    })
    .outputHelp();
  return `\`\`\`text\n${text.trim()}\n\`\`\``;
}

/** Throws when there is no such command. */
function commandAt(path: string): Command {
  return path.split(' ').reduce((command, name) => {
    const found = command.commands.find((one) => one.name() === name);
    if (found === undefined) throw new Error(`docs/REFERENCE.md has the help of "${path}", which is no command.`);
    return found;
  }, createProgram());
}

function inputTable({ inputs }: v.InferOutput<typeof Action>): string {
  const rows = Object.entries(inputs).map(([name, input]) => [code(name), cell(input.description), given(input)]);
  return table(['input', 'what it is', 'default'], rows);
}

function outputTable({ outputs }: v.InferOutput<typeof Action>): string {
  return table(
    ['output', 'what it is'],
    Object.entries(outputs).map(([name, { description }]) => [code(name), cell(description)]),
  );
}

function given(input: v.InferOutput<typeof Input>): string {
  if (input.required) return '**required**';
  return input.default === undefined || input.default === '' ? '' : code(input.default);
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string): string => `\`${cell(text)}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

if (import.meta.main) await writeFile(REFERENCE, await withGenerated(await readFile(REFERENCE, 'utf8')));
