/** The schema of a file of cases: what a team expects of its policy, to hold it in CI. */
import * as v from 'valibot';
import { ChannelId, InputValue, Urgency } from './rule-schema.ts';
import { closed, Key, line } from './schema-parts.ts';

const people = (description: string) =>
  v.pipe(
    v.array(Key),
    v.checkItems((item, index, items) => items.indexOf(item) === index, 'is listed twice; write it once'),
    v.description(description),
  );

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** A time that every machine reads alike: RFC 3339 with its zone. */
export const Instant = v.pipe(
  v.string(),
  v.regex(SHAPE, 'must be a time such as 2026-01-31T12:00:00Z'),
  v.check((text) => !SHAPE.test(text) || !Number.isNaN(Date.parse(text)), 'must be a time that there is'),
);

const Expectation = closed({
  'may-request': v.exactOptional(v.pipe(v.boolean(), v.description('Left out: true.'))),
  status: v.exactOptional(v.picklist(['met', 'waiting', 'blocked', 'denied'])),
  mode: v.exactOptional(v.picklist(['dialog', 'one-click'])),
  eligible: v.exactOptional(people('Everybody who may decide, in any order.')),
  denials: v.exactOptional(
    v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1, 'must be at least 1')),
  ),
  channel: v.exactOptional(
    v.pipe(
      v.union([v.literal('none'), ChannelId], 'must be a Slack channel id such as C012AB3CD, or none'),
      v.description('Where approvers are asked; none: on the issue alone.'),
    ),
  ),
  pinged: v.exactOptional(people('Everybody who is pinged at once, in any order.')),
});
export type Expectation = v.InferOutput<typeof Expectation>;

const members = v.optional(
  v.pipe(v.record(Key, people('Who is in it.')), v.description('Who is in the groups that come from a directory.')),
  {},
);

const Inputs = v.pipe(
  v.custom<unknown>((given) => !Array.isArray(given), 'must be a mapping such as { service: api }'),
  v.record(Key, InputValue),
);

export const Case = closed({
  name: line(120, 'What is expected, in words.'),
  runbook: Key,
  target: Key,
  as: v.pipe(Key, v.description('Who asks.')),
  inputs: v.optional(Inputs, {}),
  urgency: v.optional(Urgency, 'normal'),
  at: v.exactOptional(v.pipe(Instant, v.description('When it is asked; needed only where a rule looks at the time.'))),
  'break-glass': v.optional(v.boolean(), false),
  members,
  'approved-by': v.optional(people('Who has approved.'), []),
  'denied-by': v.optional(people('Who has denied.'), []),
  expect: Expectation,
});
export type Case = v.InferOutput<typeof Case>;

/** The whole file. */
export const CasesFile = closed({
  policy: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/\S/, 'must not be empty'),
      v.description('The policy, by its path from this file; left out: .github/debug-approval.yml.'),
    ),
  ),
  members: v.pipe(members, v.description('The same for all cases; a case may name its own instead, group by group.')),
  cases: v.pipe(v.array(Case), v.minLength(1, 'must hold at least one case')),
});
