/** The part of GitHub's workflow and action syntax that the sandbox runs; every other key is refused by name. */
import * as v from 'valibot';

const Text = v.string();
/** YAML leaves `true` and `5` unquoted; GitHub treats them as text. */
const Scalar = v.pipe(
  v.union([v.string(), v.number(), v.boolean(), v.null()]),
  v.transform((value) => (value === null ? '' : String(value))),
);
const Names = v.union([
  v.array(Text),
  v.pipe(
    Text,
    v.transform((name) => [name]),
  ),
]);
const Env = v.optional(v.record(Text, Scalar), {});
const Minutes = v.optional(v.pipe(v.number(), v.gtValue(0)));
/** A boolean or an expression that yields one. */
const Flag = v.optional(v.union([v.boolean(), Text]), false);
const Condition = v.optional(v.pipe(v.union([Text, v.boolean()]), v.transform(String)));
const Permissions = v.optional(v.record(Text, v.picklist(['read', 'write', 'none'])));
const Shell = v.optional(v.picklist(['bash', 'sh']));
const RunDefaults = v.optional(
  v.strictObject({ run: v.strictObject({ shell: Shell, 'working-directory': v.optional(Text) }) }),
);
const Concurrency = v.optional(
  v.union([
    Text,
    v.strictObject({
      group: Text,
      'cancel-in-progress': v.optional(v.union([v.boolean(), Text])),
      queue: v.optional(Text),
    }),
  ]),
);

export const Step = v.strictObject({
  id: v.optional(Text),
  name: v.optional(Text),
  if: Condition,
  uses: v.optional(Text),
  with: v.optional(v.record(Text, Scalar), {}),
  run: v.optional(Text),
  shell: Shell,
  env: Env,
  'working-directory': v.optional(Text),
  'timeout-minutes': Minutes,
  'continue-on-error': Flag,
});
export type Step = v.InferOutput<typeof Step>;

const Environment = v.optional(
  v.union([
    v.pipe(
      Text,
      v.transform((name) => ({ name })),
    ),
    v.pipe(
      v.strictObject({ name: Text, url: v.optional(Text) }),
      v.transform(({ name }) => ({ name })),
    ),
  ]),
);

export const Job = v.strictObject({
  name: v.optional(Text),
  needs: v.optional(Names, []),
  if: Condition,
  'runs-on': v.union([Text, v.array(Text)]),
  environment: Environment,
  permissions: Permissions,
  concurrency: Concurrency,
  outputs: v.optional(v.record(Text, Scalar), {}),
  env: Env,
  defaults: RunDefaults,
  'timeout-minutes': Minutes,
  'continue-on-error': Flag,
  steps: v.array(Step),
});
export type Job = v.InferOutput<typeof Job>;

export const DispatchInput = v.strictObject({
  description: v.optional(Text),
  required: v.optional(v.boolean(), false),
  default: v.optional(Scalar),
  type: v.optional(v.picklist(['string', 'boolean', 'number', 'choice', 'environment']), 'string'),
  options: v.optional(v.array(Scalar)),
  deprecationMessage: v.optional(Text),
});
export type DispatchInput = v.InferOutput<typeof DispatchInput>;

const Dispatch = v.nullable(v.strictObject({ inputs: v.optional(v.nullable(v.record(Text, DispatchInput))) }));
const Schedule = v.array(v.strictObject({ cron: Text, timezone: v.optional(Text) }));

export const Workflow = v.strictObject({
  name: v.optional(Text),
  'run-name': v.optional(Text),
  on: v.strictObject({ workflow_dispatch: v.optional(Dispatch), schedule: v.optional(Schedule) }),
  permissions: Permissions,
  env: Env,
  defaults: RunDefaults,
  concurrency: Concurrency,
  jobs: v.record(v.pipe(Text, v.regex(/^[A-Za-z_][\w-]*$/, 'is not a valid job id')), Job),
});
export type Workflow = v.InferOutput<typeof Workflow>;

export const Action = v.strictObject({
  name: Text,
  description: Text,
  author: v.optional(Text),
  inputs: v.optional(
    v.record(
      Text,
      v.strictObject({
        description: v.optional(Text),
        required: v.optional(v.boolean()),
        default: v.optional(Scalar),
        deprecationMessage: v.optional(Text),
      }),
    ),
    {},
  ),
  outputs: v.optional(v.record(Text, v.strictObject({ description: v.optional(Text) })), {}),
  runs: v.strictObject({
    using: v.literal('node24'),
    main: Text,
    post: v.optional(Text),
    'post-if': Condition,
  }),
  branding: v.optional(v.strictObject({ icon: v.optional(Text), color: v.optional(Text) })),
});
export type Action = v.InferOutput<typeof Action>;
