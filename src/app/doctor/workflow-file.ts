/** A workflow file as `doctor` reads it: what matters of it, parsed, and which of its steps use our actions. */
import * as v from 'valibot';
import { isScalar, parseDocument, visit } from 'yaml';

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
  name: v.optional(Scalar),
  id: v.optional(v.string()),
  uses: v.optional(v.string()),
  run: v.optional(Scalar),
  if: v.optional(Scalar),
  with: Texts,
  env: Texts,
  'timeout-minutes': v.optional(Scalar),
  'continue-on-error': v.optional(v.unknown()),
});
/** Neither a group nor whether it cancels can be wrong here: what is unreadable is GitHub's to refuse. */
const Concurrency = v.optional(
  v.union([
    v.pipe(
      v.string(),
      v.transform((group) => ({ group, 'cancel-in-progress': 'false' })),
    ),
    v.looseObject({ group: Scalar, 'cancel-in-progress': v.optional(Scalar, 'false') }),
    v.pipe(
      v.unknown(),
      v.transform(() => null),
    ),
  ]),
);
const Job = v.looseObject({
  /** Of a job that is another workflow. */
  uses: v.optional(v.string()),
  /** What that one is handed. */
  secrets: v.optional(v.union([v.literal('inherit'), Texts])),
  'runs-on': v.optional(v.unknown()),
  /** An image, or a container with one; and by their names those beside it. */
  container: v.optional(v.unknown()),
  services: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  concurrency: Concurrency,
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
  strategy: v.optional(v.nullable(v.looseObject({ matrix: v.optional(v.unknown()) }))),
  outputs: Texts,
  env: Texts,
  'timeout-minutes': v.optional(Scalar),
  'continue-on-error': v.optional(v.unknown()),
  steps: v.optional(v.array(Step), []),
});
const GivenInput = v.looseObject({ type: v.optional(v.string()), options: v.optional(v.array(Scalar)) });
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
const Workflow = v.looseObject({
  'run-name': v.optional(Scalar, ''),
  on: Events,
  permissions: Permissions,
  concurrency: Concurrency,
  env: Texts,
  jobs: v.record(v.string(), Job),
});
const Dispatch = v.looseObject({ inputs: v.optional(v.nullable(v.record(v.string(), v.nullable(GivenInput)))) });
const Schedule = v.array(v.looseObject({ cron: v.string() }));

export type Step = v.InferOutput<typeof Step>;
export type Job = v.InferOutput<typeof Job>;

type Concurrency = v.InferOutput<typeof Concurrency>;

export interface DispatchInput {
  /** null where no list of choices holds what can be given. */
  options: string[] | null;
  /** Whether any text may be given. */
  free: boolean;
}

export interface WorkflowFile {
  /** `.github/workflows/debug.yml` */
  path: string;
  /** `debug`: part of the ids of findings. */
  base: string;
  /** The file as it stands. */
  text: string;
  runName: string;
  /** What starts it. */
  events: string[];
  /** The inputs of workflow_dispatch by their names in small letters: GitHub tells no letter case apart. */
  inputs: Map<string, DispatchInput>;
  crons: string[];
  concurrency: Concurrency;
  permissions: Job['permissions'];
  env: Record<string, string>;
  jobs: Record<string, Job>;
}

/** In KB. None of ours has a tenth of this, and what a stranger wrote must not hold doctor up. */
export const MOST_KB = 128;

/** How large a file is that is too large to be read, in KB; null where it is not. */
export function tooLarge(text: string): number | null {
  const size = Math.ceil(Buffer.byteLength(text) / 1024);
  return size > MOST_KB ? size : null;
}

/** Throws an Error where it is no YAML. The parser's own look for keys that stand twice compares each key with each other. */
function dataOf(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw fault;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) throw new Error(`the key ${String(name)} stands twice in one place`);
        seen.add(name);
      }
    },
  });
  return document.toJS();
}

/** The file parsed; a sentence where it is no workflow. */
export function readWorkflow(path: string, text: string): WorkflowFile | string {
  let data: unknown;
  try {
    data = dataOf(text);
  } catch (error) {
    return error instanceof Error
      ? (error.message.split('\n', 1)[0] ?? error.message).replace(/:$/, '')
      : String(error);
  }
  const parsed = v.safeParse(Workflow, data);
  if (!parsed.success) return `${v.getDotPath(parsed.issues[0]) ?? 'the whole'}: ${parsed.issues[0].message}`;
  const { on, permissions, concurrency, env, jobs } = parsed.output;
  const dispatch = v.safeParse(Dispatch, on['workflow_dispatch']);
  const inputs = dispatch.success ? (dispatch.output.inputs ?? {}) : {};
  const schedule = v.safeParse(Schedule, on['schedule']);
  return {
    path,
    base: (path.split('/').at(-1) ?? path).replace(/\.ya?ml$/, ''),
    events: Object.keys(on),
    inputs: new Map(
      Object.entries(inputs).map(([name, input]) => {
        const type = input?.type ?? 'string';
        return [
          name.toLowerCase(),
          { options: type === 'choice' ? (input?.options ?? []) : null, free: type === 'string' },
        ];
      }),
    ),
    crons: schedule.success ? schedule.output.map(({ cron }) => cron) : [],
    ...{ text, runName: parsed.output['run-name'], permissions, concurrency, env: env ?? {}, jobs },
  };
}
