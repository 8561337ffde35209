/** The repository's workflows and actions as the tests need them: parsed, and every text in them with its place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { ROOT } from './source.ts';

const Texts = v.optional(v.record(v.string(), v.unknown()), {});

const Step = v.object({
  id: v.optional(v.string()),
  uses: v.optional(v.string()),
  run: v.optional(v.string()),
  with: Texts,
});
const Job = v.object({
  needs: v.optional(v.union([v.string(), v.array(v.string())])),
  if: v.optional(v.string()),
  environment: v.optional(v.string()),
  strategy: v.optional(v.unknown()),
  permissions: v.optional(v.record(v.string(), v.string())),
  outputs: v.optional(v.record(v.string(), v.string()), {}),
  steps: v.array(Step),
});
const Workflow = v.object({
  on: v.unknown(),
  permissions: v.optional(v.unknown()),
  jobs: v.record(v.string(), Job),
});
const Action = v.object({
  inputs: v.record(
    v.string(),
    v.object({ description: v.string(), required: v.optional(v.boolean(), false), default: v.optional(v.string()) }),
  ),
  outputs: v.optional(v.record(v.string(), v.object({ description: v.string() })), {}),
  runs: v.object({ using: v.string(), main: v.string() }),
});

export type Step = v.InferOutput<typeof Step>;

/** A file's text by its path from the repository's root. */
export const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
export const workflow = (path: string) => v.parse(Workflow, parse(text(path)));
export const action = (path: string) => v.parse(Action, parse(text(path)));

export const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `.github/workflows/${name}`);

/** Every `steps.ID.outputs.NAME` or `needs.ID.outputs.NAME` of a text, as [ID, NAME]. */
export function outputsRead(kind: 'steps' | 'needs', where: string): [string, string][] {
  const pattern = new RegExp(`${kind}\\.([\\w-]+)\\.outputs\\.([\\w-]+)`, 'g');
  return [...where.matchAll(pattern)].map(([, id = '', name = '']) => [id, name]);
}
