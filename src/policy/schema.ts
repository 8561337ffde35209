/** The policy's one schema: parser, type and published JSON Schema of `.github/debug-approval.yml`. */
import * as v from 'valibot';
import { Gateway, GatewayKeys } from './gateway.ts';
import { LAST_LINES } from './last-lines.ts';
import { Group, Person } from './people-schema.ts';
import { RedactionSchema, redactionOf } from './redaction.ts';
import { RetentionSchema, retentionOf } from './retention.ts';
import { ChannelId, Rule } from './rule-schema.ts';
import { Pattern, Runbook } from './runbook-schema.ts';
import { wholePattern } from './safe-pattern.ts';
import { closed, duration, entries, Key, keys } from './schema-parts.ts';

export { Group, type GroupSource, Person } from './people-schema.ts';
export type { Requirement } from './requirement.ts';
export { Rule, type Times } from './rule-schema.ts';
export type { Input, Risk, Runbook } from './runbook-schema.ts';

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
  requesters: v.exactOptional(
    keys('Groups and people who may ask for this target; whoever asks must be among the runbook’s requesters too.'),
  ),
});
export type Target = v.InferOutput<typeof Target>;

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
  unsigned: v.optional(
    v.pipe(
      v.picklist(['refuse', 'accept'], 'must be refuse or accept'),
      v.description(
        'Whether records count that carry no signature, because their jobs may not have an ID token (`id-token: write`). ' +
          'accept: they do, and whoever may write comments as a bot in this repository can forge them; it is said everywhere. Left out: refuse.',
      ),
    ),
    'refuse',
  ),
  gateway: v.exactOptional(GatewayKeys),
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
export const Slack = closed({
  channel: v.pipe(ChannelId, v.description('The id of the channel in which approvers are asked.')),
  quiet: v.exactOptional(keys('Groups and people who may decide but are not pinged.')),
  mirror: v.optional(
    v.pipe(v.boolean(), v.description('Is what people write in the card’s thread put on record on the issue, masked?')),
    false,
  ),
  'last-lines': v.optional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(0, 'must be at least 0'),
      v.maxValue(LAST_LINES, `must be at most ${LAST_LINES}`),
      v.description('How many of the last lines that the command printed, masked, are said in the card’s thread.'),
    ),
    0,
  ),
});

export const Reminders = closed({
  after: duration(
    2_592_000,
    '30d',
    'After how long without an end those who may still decide are reminded, such as 10m. Each further pause is twice as long.',
  ),
  times: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(10, 'must be at most 10'),
    v.description('How often at most.'),
  ),
});

export const Escalation = closed({
  after: duration(2_592_000, '30d', 'After how long without an end the others are asked too, such as 30m.'),
  to: keys('Groups and people who are pinged only then. The rules say whether they may decide.'),
});

export const Review = closed({
  by: keys('Groups and people, one of whom must sign the after-review; never whoever asked.'),
  within: duration(2_592_000, '30d', 'How soon after the start, such as 24h.'),
});

export const BreakGlass = closed({
  who: keys('Groups and people who may start without approval in an emergency.'),
  targets: v.exactOptional(keys('Only on these targets.')),
  runbooks: v.exactOptional(keys('Only these runbooks.')),
  reason: v.optional(v.pipe(Reason, v.description('What the reason of such a request must be.')), { 'min-length': 20 }),
  review: v.pipe(Review, v.description('The after-review, which keeps the issue open until somebody else signs it.')),
});

export const Webhook = closed({
  url: v.pipe(
    v.string(),
    v.maxLength(2_000, 'must have at most 2000 characters'),
    v.description(
      'Where each record is sent, as a signed CloudEvent: a plain https address, which everybody can read here.',
    ),
  ),
});

function slackOf({ 'last-lines': lastLines, quiet = [], ...rest }: v.InferOutput<typeof Slack>) {
  return { ...rest, quiet, lastLines };
}

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
    'link-by-email': v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          'Are people without `slack` linked with the one member whose confirmed address is exactly their `email`? Whoever may set addresses in the workspace could then become an approver.',
        ),
      ),
      false,
    ),
    'open-requests': v.optional(
      v.pipe(
        v.picklist(['one', 'many']),
        v.description(
          'May one person have several open requests for the same runbook and target? `one`: a newer one supersedes the older.',
        ),
      ),
      'one',
    ),
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
    reminders: v.exactOptional(
      v.pipe(Reminders, v.description('Reminds those who may still decide. Left out: nobody is.')),
    ),
    escalation: v.exactOptional(
      v.pipe(Escalation, v.description('Whom to ask too when nobody answers. Left out: nobody.')),
    ),
    'break-glass': v.exactOptional(
      v.pipe(BreakGlass, v.description('Starting without approval in an emergency. Left out: nobody may.')),
    ),
    webhook: v.exactOptional(
      v.pipe(Webhook, v.description('Which monitoring is told of every record. Left out: none.')),
    ),
    retention: v.exactOptional(
      v.pipe(
        RetentionSchema,
        v.description('When the sweep deletes what requests shared beside their issue. Left out: never.'),
      ),
    ),
    redaction: v.exactOptional(
      v.pipe(RedactionSchema, v.description('What is masked in outputs and texts. Left out: what all detectors find.')),
    ),
    gateway: v.exactOptional(
      v.pipe(
        Gateway,
        v.description(
          'The gateway, for requests that wait for their approval on no runner (`wait: gateway`). Left out: none.',
        ),
      ),
    ),
    signers: v.pipe(Signers, v.description('Whose signatures on records count.')),
  }),
  v.title('Debug Approval policy'),
  v.transform(
    ({
      'admin-bypass': adminBypass,
      'link-by-email': linkByEmail,
      'open-requests': openRequests,
      'break-glass': breakGlass,
      reminders,
      escalation,
      expiry,
      window,
      reason,
      ticket,
      slack,
      webhook,
      retention,
      redaction,
      gateway,
      ...rest
    }) => ({
      ...rest,
      ...(slack === undefined ? {} : { slack: slackOf(slack) }),
      webhook: webhook ?? null,
      retention: retentionOf(retention),
      redaction: redactionOf(redaction),
      gateway: gateway ?? null,
      adminBypass,
      linkByEmail,
      openRequests,
      reminders: reminders === undefined ? null : { afterSeconds: reminders.after, times: reminders.times },
      escalation: escalation === undefined ? null : { afterSeconds: escalation.after, to: escalation.to },
      breakGlass:
        breakGlass === undefined
          ? null
          : {
              who: breakGlass.who,
              targets: breakGlass.targets ?? null,
              runbooks: breakGlass.runbooks ?? null,
              minLength: breakGlass.reason['min-length'],
              review: { by: breakGlass.review.by, withinSeconds: breakGlass.review.within },
            },
      expirySeconds: expiry,
      windowSeconds: window,
      reason: { minLength: reason['min-length'] },
      ticket: {
        required: ticket.required,
        /** For the whole ticket, of at most MAX_TEXT characters; null: any. */
        pattern: ticket.pattern === undefined ? null : wholePattern(ticket.pattern),
      },
    }),
  ),
);
export type Policy = v.InferOutput<typeof PolicySchema>;
