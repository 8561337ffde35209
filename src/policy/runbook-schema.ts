/** The schema of a runbook: the command that was reviewed beforehand, and the inputs it takes. */
import * as v from 'valibot';
import { safePatternProblem } from './safe-pattern.ts';
import { closed, duration, entries, keys, line } from './schema-parts.ts';

export const Risk = v.picklist(['low', 'medium', 'high']);
export type Risk = v.InferOutput<typeof Risk>;

/** The longest text that any pattern of a policy is applied to, in UTF-16 units. */
export const MAX_TEXT = 200;

const description = v.exactOptional(line(200, 'What the person who asks should write here.'));
const required = v.exactOptional(
  v.pipe(v.boolean(), v.description('Left out it is true, unless there is a default. false needs a default.')),
);

const EnumInput = closed({
  type: v.literal('enum'),
  description,
  required,
  values: v.pipe(
    v.array(line(MAX_TEXT, 'An allowed value.')),
    v.minLength(1, 'must hold at least one value'),
    v.checkItems((item, index, items) => items.indexOf(item) === index, 'is listed twice; write it once'),
    v.description('The allowed values.'),
  ),
  default: v.exactOptional(v.pipe(v.string(), v.description('Used when the input is left out.'))),
});

const bound = (text: string) =>
  v.exactOptional(
    v.pipe(
      v.number(),
      v.check((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER, 'must be a number below 2^53'),
      v.description(text),
    ),
  );

const NumberInput = closed({
  type: v.literal('number'),
  description,
  required,
  min: bound('The smallest allowed value.'),
  max: bound('The largest allowed value.'),
  integer: v.exactOptional(v.pipe(v.boolean(), v.description('Whole numbers only.'))),
  default: v.exactOptional(v.pipe(v.number(), v.description('Used when the input is left out.'))),
});

/** A regular expression that stands for the whole value. */
export const Pattern = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? safePatternProblem(dataset.value, MAX_TEXT) : null;
    if (problem !== null) addIssue({ message: problem });
  }),
  v.description(
    'A JavaScript regular expression for the whole value. No lookaround, no back-references, nothing that could take very long.',
  ),
);

const StringInput = closed({
  type: v.literal('string'),
  description,
  required,
  pattern: Pattern,
  'max-length': v.exactOptional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(MAX_TEXT, `must be at most ${MAX_TEXT}`),
      v.description(`The longest allowed value in characters; left out: ${MAX_TEXT}.`),
    ),
  ),
  default: v.exactOptional(v.pipe(v.string(), v.description('Used when the input is left out.'))),
});

const BooleanInput = closed({
  type: v.literal('boolean'),
  description,
  required,
  default: v.exactOptional(v.pipe(v.boolean(), v.description('Used when the input is left out.'))),
});

export const Input = v.variant('type', [EnumInput, NumberInput, StringInput, BooleanInput]);
export type Input = v.InferOutput<typeof Input>;

/** A runbook as it is written. */
export const RunbookForm = closed({
  title: line(80, 'What approvers read: what the command does.'),
  manual: v.exactOptional(
    v.pipe(
      v.literal(true, 'must be true, or left out'),
      v.description(
        'The debug job’s own steps are what runs, in the place of `run`: they are reviewed with the workflow.',
      ),
    ),
  ),
  run: v.exactOptional(
    v.pipe(
      v.array(line(2_000, 'One argument. {{ inputs.name }} is replaced inside it.')),
      v.minLength(1, 'must hold at least the command'),
      v.description(
        'The command and its arguments, one element each; no shell reads them. The first is never templated.',
      ),
    ),
  ),
  checklist: v.optional(
    v.pipe(
      v.array(line(75, 'One thing to check, in at most 75 characters: Slack shows no more.')),
      v.maxLength(10, 'must hold at most 10 items: Slack shows no more'),
      v.checkItems((item, index, items) => items.indexOf(item) === index, 'is listed twice; write it once'),
      v.description('What whoever approves must have checked, each item on its own.'),
    ),
    [],
  ),
  inputs: v.optional(entries(Input, 'What the person who asks fills in, by name.'), {}),
  targets: keys('The targets on which it may run.'),
  risk: v.pipe(Risk, v.description('How much harm it can do; rules may ask for more approvals.')),
  window: v.exactOptional(
    duration(432_000, '5d', 'The longest time it may run, such as 30m; left out: the policy’s window.'),
  ),
  env: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'must be the name of an environment variable'),
          v.check(
            (name) => !/^(ACTIONS_|INPUT_|NODE_OPTIONS$)/i.test(name),
            'may not be handed to a command: it could sign, or act, in the name of the debug job',
          ),
        ),
      ),
      v.description('Names of the environment variables of the debug job that the command may read.'),
    ),
    [],
  ),
  requesters: v.exactOptional(
    keys('Groups and people who may ask for this runbook, instead of the policy’s requesters.'),
  ),
});
/** A runbook; parsed its `window` is `windowSeconds`, and a manual one has an empty `run`. */
export const Runbook = v.pipe(
  RunbookForm,
  v.transform(({ window, manual, run, ...rest }) => ({
    ...rest,
    manual: manual ?? false,
    run: run ?? [],
    ...(window === undefined ? {} : { windowSeconds: window }),
  })),
);
export type Runbook = v.InferOutput<typeof Runbook>;
