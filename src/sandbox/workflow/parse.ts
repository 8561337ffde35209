/** YAML into a workflow or an action, with every mistake named. */
import * as v from 'valibot';
import { parseDocument } from 'yaml';
import { WorkflowRefused } from './refusal.ts';
import { Action, Workflow } from './schema.ts';

type Issue = v.BaseIssue<unknown>;

/** The deepest reasons of an issue: a union's own message ("expected A or B") says less than its branches'. */
function leaves(issue: Issue): Issue[] {
  const inner = (issue.issues ?? []).filter((one) => one.path !== undefined);
  return issue.type === 'union' && inner.length > 0 ? inner.flatMap(leaves) : [issue];
}

function sentence(issue: Issue): string {
  const path = (issue.path ?? []).map((part) => String(part.key)).join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') return `\`${path}\` is not supported.`;
  if (issue.type === 'strict_object') return `\`${path}\` is missing.`;
  return `\`${path}\` is ${issue.received}, but ${issue.expected ?? issue.message} is expected.`;
}

function parseYaml(text: string, path: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new WorkflowRefused(
      path,
      document.errors.map((error) => error.message),
    );
  }
  return document.toJS();
}

function parseAs<const S extends v.GenericSchema>(schema: S, text: string, path: string): v.InferOutput<S> {
  const result = v.safeParse(schema, parseYaml(text, path));
  if (result.success) return result.output;
  throw new WorkflowRefused(path, result.issues.flatMap(leaves).map(sentence));
}

/** `on: workflow_dispatch` and `on: [workflow_dispatch]` are short for a mapping without settings. */
function expandTriggers(text: string, path: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  const on: unknown = document.toJS()?.on;
  const names = typeof on === 'string' ? [on] : Array.isArray(on) ? on : null;
  if (names === null) return text;
  if (!names.every((name) => typeof name === 'string'))
    throw new WorkflowRefused(path, ['`on` is not a list of events.']);
  document.set('on', Object.fromEntries(names.map((name) => [name, null])));
  return document.toString();
}

/** Reads a workflow file; throws {@link WorkflowRefused} naming every key that the sandbox does not run. */
export function parseWorkflow(text: string, path: string): Workflow {
  return parseAs(Workflow, expandTriggers(text, path), path);
}

/** Reads an `action.yml`; only `node24` actions are run. Throws {@link WorkflowRefused}. */
export function parseAction(text: string, path: string): Action {
  return parseAs(Action, text, path);
}
