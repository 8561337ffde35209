/** Makes a repository's workflows of the product's own: its actions by commit, the policy's choices, times that suffice. */

import * as v from 'valibot';
import { parse, stringify } from 'yaml';
import { replaceValues, type ValueEdit } from './yaml-edit.ts';

/** The product's actions as a workflow of another repository names them. */
export interface ActionPin {
  /** `owner/name`. */
  name: string;
  /** The full commit SHA. */
  sha: string;
  /** `0.1.0`, for people and for what updates pins. */
  version: string;
}

/** What stands in debug.yml besides the actions. */
export interface DebugChoices {
  runbooks: readonly string[];
  targets: readonly string[];
  /** How long the policy lets a request wait and a command run. */
  expirySeconds: number;
  windowSeconds: number;
}

const Workflow = v.object({
  jobs: v.record(v.string(), v.object({ steps: v.array(v.object({ uses: v.optional(v.string()) })) })),
});

/**
 * The workflow with each of the product's own actions (`./…`) as `owner/name/…@sha # vX.Y.Z`, and without what its head
 * says about doing that by hand.
 */
export function pinActions(text: string, { name, sha, version }: ActionPin): string {
  const { jobs } = v.parse(Workflow, parse(text));
  const edits = Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ uses }, index): ValueEdit[] => {
      if (uses === undefined || !uses.startsWith('./')) return [];
      const folder = uses.slice(1).replace(/\/+$/, '');
      return [{ path: ['jobs', job, 'steps', index, 'uses'], with: `${name}${folder}@${sha}`, comment: `v${version}` }];
    }),
  );
  return replaceValues(text, edits).replace(/^((?:#.*\n)*?)# In your own repository .*\n/, '$1');
}

const HEADER = `# Debug Approval: ask, run exactly what was approved, report. The choices of runbook and target are those of the policy: what
# is added to .github/debug-approval.yml is added here too.
`;

/** debug.yml with the policy's choices, and with jobs that outlast its times. */
export function fitDebug(text: string, { runbooks, targets, expirySeconds, windowSeconds }: DebugChoices): string {
  const choices = (name: string, options: readonly string[]): ValueEdit => ({
    path: ['on', 'workflow_dispatch', 'inputs', name, 'options'],
    with: stringify(options, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim(),
  });
  const fitted = replaceValues(text, [
    choices('runbook', runbooks),
    choices('target', targets),
    { path: ['jobs', 'ask', 'timeout-minutes'], with: String(askMinutes(expirySeconds)) },
    { path: ['jobs', 'debug', 'timeout-minutes'], with: String(debugMinutes(windowSeconds)) },
  ]);
  // What the product's own file says at its top is about copying it by hand.
  return HEADER + fitted.replace(/^(?:#.*\n)+/, '');
}

/** Minutes that the ask job may take: room for its own work before and after the wait. */
export const askMinutes = (expirySeconds: number): number => Math.ceil(expirySeconds / 60) + 10;

/** Minutes that the debug job may take: room for the checkout, the proof and the transcript. */
export const debugMinutes = (windowSeconds: number): number => Math.ceil(windowSeconds / 60) + 30;
