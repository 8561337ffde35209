/** Writes the README's tables of inputs and outputs out of the three action.yml files: `node scripts/readme-tables.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';

const ROOT = new URL('../', import.meta.url);
const README = new URL('README.md', ROOT);

const Input = v.object({
  description: v.string(),
  required: v.optional(v.boolean(), false),
  default: v.optional(v.string()),
});
const Action = v.object({
  inputs: v.record(v.string(), Input),
  outputs: v.optional(v.record(v.string(), v.object({ description: v.string() })), {}),
});

/** `<!-- inputs of action.yml -->` … `<!-- end -->`: what stands between is ours. */
const PLACE = /(<!-- (inputs|outputs) of (\S+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The README with its tables as they must be. Throws when it has no place for them, or an action.yml cannot be read. */
export async function withTables(readme: string): Promise<string> {
  const places = [...readme.matchAll(PLACE)];
  if (places.length === 0) throw new Error('README.md has no `<!-- inputs of action.yml -->` … `<!-- end -->`.');
  let whole = readme;
  for (const [place, opening = '', kind = '', path = '', closing = ''] of places) {
    const action = v.parse(Action, parse(await readFile(new URL(path, ROOT), 'utf8')));
    const table = kind === 'inputs' ? inputTable(action) : outputTable(action);
    whole = whole.replace(place, () => `${opening}\n${table}\n\n${closing}`);
  }
  return whole;
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

if (import.meta.main) await writeFile(README, await withTables(await readFile(README, 'utf8')));
