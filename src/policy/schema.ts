/** The policy's one schema: parser, type and published JSON Schema of `.github/debug-approval.yml`. */
import * as v from 'valibot';
import { type Requirement, RequirementSchema } from './requirement.ts';
import { Pattern, Risk, Runbook } from './runbook-schema.ts';
import { wholePattern } from './safe-pattern.ts';
import { closed, duration, entries, Key, keys, line } from './schema-parts.ts';

export type { Requirement } from './requirement.ts';
export type { Input, Risk, Runbook } from './runbook-schema.ts';

// A letter first and no doubled, leading or trailing sign: no list, no emphasis, no link and no mention can begin here.
const PERSON_NAME = /^\p{L}[\p{L}\p{M}\p{N}]*(?:\.?[ '_-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*\.?$/u;

export const Person = closed({
  name: v.pipe(
    v.string(),
    v.maxLength(60, 'must have at most 60 characters'),
    v.regex(
      PERSON_NAME,
      "must be a plain name: words of letters and digits, joined by one space, - ' or _, with a dot only after an initial",
    ),
    v.description('The name that people read.'),
  ),
  github: v.pipe(
    closed({
      id: v.pipe(
        v.number(),
        v.safeInteger('must be a whole number'),
        v.minValue(1, 'must be a GitHub account id'),
        v.description(
          'The account’s number (https://api.github.com/users/<login> shows it): it stays when the login changes.',
        ),
      ),
      login: v.pipe(
        v.string(),
        v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be a GitHub login without @; bots cannot be people'),
        v.description('The login, for people; the id decides.'),
      ),
    }),
    v.description('The GitHub account.'),
  ),
  slack: v.exactOptional(
    v.pipe(
      closed({
        team: v.pipe(
          v.string(),
          v.regex(/^[TE][A-Z0-9]+$/, 'must be a Slack workspace id such as T012AB3CD'),
          v.description('The workspace’s id.'),
        ),
        user: v.pipe(
          v.string(),
          v.regex(/^[UW][A-Z0-9]+$/, 'must be a Slack member id such as U012AB3CD'),
          v.description('The member’s id (profile, "Copy member ID").'),
        ),
      }),
      v.description('The Slack account. Left out: this person decides on GitHub only.'),
    ),
  ),
});
export type Person = v.InferOutput<typeof Person>;

export const Group = closed({ members: keys('Who is in it: keys of people.') });
export type Group = v.InferOutput<typeof Group>;

export const Target = closed({
  environment: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9 ._/-]{0,253}[A-Za-z0-9._/-])?$/,
      'must be the name of a GitHub environment: letters, digits, space and . _ / - only',
    ),
    v.check(
      (name) => name.toLowerCase() !== 'debug-approval',
      'must not be debug-approval: that environment holds the approval itself, not the command',
    ),
    v.description('The protected GitHub environment in which the debug job runs.'),
  ),
  tier: v.pipe(Key, v.description('What kind of target it is, such as production or staging; rules may name it.')),
});
export type Target = v.InferOutput<typeof Target>;

export const Rule = closed({
  name: line(80, 'What people read in the verdict.'),
  when: v.exactOptional(
    v.pipe(
      closed({
        targets: v.exactOptional(keys('Only for these targets.')),
        runbooks: v.exactOptional(keys('Only for these runbooks.')),
        tiers: v.exactOptional(keys('Only for targets of these tiers.')),
        risks: v.exactOptional(
          v.pipe(
            v.array(Risk),
            v.minLength(1, 'must name at least one'),
            v.description('Only for runbooks of these risks.'),
          ),
        ),
      }),
      v.description('When the rule applies: everything named here must hold. Left out: always.'),
    ),
  ),
  require: v.pipe(RequirementSchema, v.description('Who must approve.')),
});
export interface Rule extends Omit<v.InferOutput<typeof Rule>, 'require'> {
  require: Requirement;
}

/** The issuer is judged apart (src/policy/check-signers.ts), since that depends on the API's address. */
export const Signers = closed({
  issuer: v.exactOptional(
    v.pipe(
      v.string(),
      v.description(
        'Who signs the jobs’ OIDC tokens. Only for GitHub Enterprise Server or the sandbox; left out: github.com’s.',
      ),
    ),
  ),
  workflows: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.regex(
          /^(?:[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/)?\.github\/workflows\/[A-Za-z0-9_.-]+\.ya?ml$/,
          'must be .github/workflows/<file>.yml, with owner/name/ before it for a called workflow of another repository',
        ),
      ),
    ),
    v.minLength(1, 'must name at least one workflow'),
    v.checkItems((item, index, items) => items.indexOf(item) === index, 'is listed twice; write it once'),
    v.description('The workflows whose jobs may write records, on the default branch.'),
  ),
});
export type Signers = v.InferOutput<typeof Signers>;

export const Requesters = keys('Groups and people who may ask; a runbook may name its own instead.');

const Reason = closed({
  'min-length': v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(500, 'must be at most 500'),
    v.description('The fewest characters of a reason.'),
  ),
});
const Ticket = closed({
  required: v.pipe(v.boolean(), v.description('Must every request name a ticket?')),
  pattern: v.exactOptional(Pattern),
});
const Slack = closed({
  channel: v.pipe(
    v.string(),
    v.regex(/^[CG][A-Z0-9]+$/, 'must be a Slack channel id such as C012AB3CD, not its name'),
    v.description('The id of the channel in which approvers are asked.'),
  ),
});

/** The whole policy as it is written. {@link Policy} is what it becomes: camelCase, durations in seconds. */
export const PolicySchema = v.pipe(
  closed({
    version: v.pipe(v.literal(1), v.description('The version of this format.')),
    public: v.optional(
      v.pipe(
        v.boolean(),
        v.description('May this be used in a public repository, where everybody reads reasons and records?'),
      ),
      false,
    ),
    'admin-bypass': v.optional(
      v.pipe(
        v.picklist(['forbid', 'show']),
        v.description(
          'When administrators may bypass the environment’s protection: refuse to ask, or show it to the approvers.',
        ),
      ),
      'forbid',
    ),
    people: entries(Person, 'One entry for each human, by key.'),
    groups: v.optional(entries(Group, 'Groups of people, by key.'), {}),
    targets: entries(Target, 'Where a runbook may run, by key.'),
    requesters: Requesters,
    runbooks: entries(Runbook, 'The reviewed debug procedures, by key.'),
    rules: v.pipe(
      v.array(Rule),
      v.minLength(1, 'must hold at least one rule: without one nothing can be approved'),
      v.description(
        'Who must approve what. Every rule that applies must be met; where none applies nothing can be approved.',
      ),
    ),
    reason: v.optional(v.pipe(Reason, v.description('What a reason must be.')), { 'min-length': 1 }),
    ticket: v.optional(v.pipe(Ticket, v.description('What a ticket must be.')), { required: false }),
    expiry: duration(2_592_000, '30d', 'The longest time a request waits for approval, such as 2h.'),
    window: duration(432_000, '5d', 'The longest time a debug job may run, such as 30m.'),
    slack: v.exactOptional(v.pipe(Slack, v.description('Where approvers are asked. Left out: on the issue only.'))),
    signers: v.pipe(Signers, v.description('Whose signatures on records count.')),
  }),
  v.title('Debug Approval policy'),
  v.transform(({ 'admin-bypass': adminBypass, expiry, window, reason, ticket, ...rest }) => ({
    ...rest,
    adminBypass,
    expirySeconds: expiry,
    windowSeconds: window,
    reason: { minLength: reason['min-length'] },
    ticket: {
      required: ticket.required,
      /** For the whole ticket, of at most MAX_TEXT characters; null: any. */
      pattern: ticket.pattern === undefined ? null : wholePattern(ticket.pattern),
    },
  })),
);
export type Policy = v.InferOutput<typeof PolicySchema>;
