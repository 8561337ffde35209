/** A workflow file as `doctor` reads it: what matters of it, parsed, and which of its steps use our actions. */
import * as v from 'valibot';
import { parse } from 'yaml';

/** YAML leaves `true` and `5` unquoted; GitHub treats them as text. */
const Scalar = v.pipe(
  v.union([v.string(), v.number(), v.boolean(), v.null()]),
  v.transform((value) => (value === null ? '' : String(value))),
);
const Texts = v.optional(
  v.nullable(
    v.record(
      v.string(),
      v.union([
        Scalar,
        v.pipe(
          v.unknown(),
          v.transform(() => ''),
        ),
      ]),
    ),
  ),
);
const Names = v.optional(
  v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((name) => [name]),
    ),
  ]),
  [],
);
const Permissions = v.optional(
  v.nullable(v.union([v.picklist(['read-all', 'write-all']), v.record(v.string(), v.string())])),
);
const Step = v.looseObject({
  id: v.optional(v.string()),
  uses: v.optional(v.string()),
  with: Texts,
  env: Texts,
  'continue-on-error': v.optional(v.unknown()),
});
const Job = v.looseObject({
  needs: Names,
  if: v.optional(Scalar),
  environment: v.optional(
    v.nullable(
      v.union([
        v.string(),
        v.pipe(
          v.looseObject({ name: v.string() }),
          v.transform(({ name }) => name),
        ),
      ]),
    ),
  ),
  permissions: Permissions,
  strategy: v.optional(v.unknown()),
  outputs: Texts,
  env: Texts,
  'timeout-minutes': v.optional(Scalar),
  'continue-on-error': v.optional(v.unknown()),
  steps: v.optional(v.array(Step), []),
});
const DispatchInput = v.looseObject({ type: v.optional(v.string()), options: v.optional(v.array(Scalar)) });
const Events = v.union([
  v.pipe(
    v.string(),
    v.transform((name) => ({ [name]: null })),
  ),
  v.pipe(
    v.array(v.string()),
    v.transform((names) => Object.fromEntries(names.map((name) => [name, null]))),
  ),
  v.record(v.string(), v.unknown()),
]);
const Workflow = v.looseObject({ on: Events, permissions: Permissions, env: Texts, jobs: v.record(v.string(), Job) });
const Dispatch = v.looseObject({ inputs: v.optional(v.nullable(v.record(v.string(), v.nullable(DispatchInput)))) });
const Schedule = v.array(v.looseObject({ cron: v.string() }));

export type Step = v.InferOutput<typeof Step>;
export type Job = v.InferOutput<typeof Job>;

export interface WorkflowFile {
  /** `.github/workflows/debug.yml` */
  path: string;
  /** `debug`: part of the ids of findings. */
  base: string;
  /** What starts it. */
  events: string[];
  /** The inputs of workflow_dispatch; `options` null where anything may be typed. */
  inputs: Record<string, { options: string[] | null }>;
  crons: string[];
  permissions: Job['permissions'];
  env: Record<string, string>;
  jobs: Record<string, Job>;
}

/** The file parsed; a sentence where it is no workflow. */
export function readWorkflow(path: string, text: string): WorkflowFile | string {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    return error instanceof Error
      ? (error.message.split('\n', 1)[0] ?? error.message).replace(/:$/, '')
      : String(error);
  }
  const parsed = v.safeParse(Workflow, data);
  if (!parsed.success) return `${v.getDotPath(parsed.issues[0]) ?? 'the whole'}: ${parsed.issues[0].message}`;
  const { on, permissions, env, jobs } = parsed.output;
  const dispatch = v.safeParse(Dispatch, on['workflow_dispatch']);
  const inputs = dispatch.success ? (dispatch.output.inputs ?? {}) : {};
  const schedule = v.safeParse(Schedule, on['schedule']);
  return {
    path,
    base: (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, ''),
    events: Object.keys(on),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [
        name,
        { options: input?.type === 'choice' ? (input.options ?? []) : null },
      ]),
    ),
    crons: schedule.success ? schedule.output.map(({ cron }) => cron) : [],
    ...{ permissions, env: env ?? {}, jobs },
  };
}

export type ActionName = 'ask' | 'run' | 'sweep' | 'doctor';

/** A step that uses one of our actions. */
export interface OurStep {
  file: WorkflowFile;
  jobKey: string;
  job: Job;
  step: Step;
  action: ActionName;
  /** `owner/name`; null for an action of the repository itself. */
  source: string | null;
  /** What stands after `@`; null without. */
  ref: string | null;
}

const LOCAL = /^\.\/(?:action\/(run|sweep|doctor))?\/?$/;
const REMOTE = /^([\w.-]+\/[\w.-]+)(?:\/action\/(run|sweep|doctor))?@(.+)$/;

/** The steps of these workflows that use our actions: a repository is ours by its folder `action/…`, or by what its action is given. */
export function ourSteps(files: readonly WorkflowFile[]): OurStep[] {
  const all = files.flatMap((file) =>
    Object.entries(file.jobs).flatMap(([jobKey, job]) =>
      job.steps.flatMap((step) => (step.uses === undefined ? [] : [{ file, jobKey, job, step, uses: step.uses }])),
    ),
  );
  const sources = new Set(all.flatMap(({ uses, step }) => sourceOf(uses, step)));
  return all.flatMap(({ uses, ...where }): OurStep[] => {
    const local = LOCAL.exec(uses);
    if (local !== null) {
      // Many repositories have an action of their own: `./` is ours if it is given what ours takes.
      const isOurs = local[1] !== undefined || asks(where.step);
      return isOurs ? [{ ...where, action: nameOf(local[1]), source: null, ref: null }] : [];
    }
    const [, source = '', action, ref = ''] = REMOTE.exec(uses) ?? [];
    return sources.has(source.toLowerCase()) ? [{ ...where, action: nameOf(action), source, ref }] : [];
  });
}

function sourceOf(uses: string, step: Step): string[] {
  const [, source, action] = REMOTE.exec(uses) ?? [];
  return source !== undefined && (action !== undefined || asks(step)) ? [source.toLowerCase()] : [];
}

function asks(step: Step): boolean {
  return step.with?.['runbook'] !== undefined && step.with['target'] !== undefined;
}

function nameOf(folder: string | undefined): ActionName {
  return folder === 'run' || folder === 'sweep' || folder === 'doctor' ? folder : 'ask';
}

/** `${{ needs.ask.outputs.environment }}` and the like, without its braces and spaces; null for any other text. */
export function expressionOf(text: string | null | undefined): string | null {
  return /^\s*\$\{\{\s*(.*?)\s*\}\}\s*$/.exec(text ?? '')?.[1] ?? null;
}
