/** The schema of a rule: when it applies, who must approve, and how an approval is given. */
import * as v from 'valibot';
import { type Requirement, RuleRequirement } from './requirement.ts';
import { Risk } from './runbook-schema.ts';
import { closed, Key, keys, line } from './schema-parts.ts';
import { isTimeZone } from './times.ts';

export const Urgency = v.picklist(['low', 'normal', 'high']);

/** A value of an input, of whichever runbook. */
export const InputValue = v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number, true or false');

/** The id of a Slack channel. */
export const ChannelId = v.pipe(
  v.string(),
  v.regex(/^[CG][A-Z0-9]+$/, 'must be a Slack channel id such as C012AB3CD, not its name'),
);

const Weekday = v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const EndOfTime = v.pipe(
  v.string(),
  v.regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 17:30, or 24:00 for the end of the day'),
);
const TimeOfDay = v.pipe(v.string(), v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:30'));

/** A time window of a rule, judged at the request's `askedAt`. */
export const Times = closed({
  days: v.exactOptional(
    v.pipe(v.array(Weekday), v.minLength(1, 'must name at least one day'), v.description('Left out: every day.')),
  ),
  from: v.pipe(TimeOfDay, v.description('From this time of day on.')),
  to: v.pipe(
    EndOfTime,
    v.description(
      'Until just before this time; not after `from`: it ends the next day, which belongs to the day it began on.',
    ),
  ),
  zone: v.pipe(
    v.string(),
    v.check(isTimeZone, 'must be a time zone such as Europe/Berlin or UTC'),
    v.description('The time zone (IANA name).'),
  ),
});
export type Times = v.InferOutput<typeof Times>;

/** When a rule applies. */
export const When = closed({
  targets: v.exactOptional(keys('Only for these targets.')),
  runbooks: v.exactOptional(keys('Only for these runbooks.')),
  tiers: v.exactOptional(keys('Only for targets of these tiers.')),
  risks: v.exactOptional(
    v.pipe(v.array(Risk), v.minLength(1, 'must name at least one'), v.description('Only for runbooks of these risks.')),
  ),
  urgencies: v.exactOptional(
    v.pipe(
      v.array(Urgency),
      v.minLength(1, 'must name at least one'),
      v.description(
        'Only for requests of these urgencies. Whoever asks chooses it: ask for more at `high`, never for less.',
      ),
    ),
  ),
  requesters: v.exactOptional(keys('Only for what these groups and people ask.')),
  inputs: v.exactOptional(
    v.pipe(
      v.record(
        Key,
        v.pipe(
          v.array(InputValue),
          v.minLength(1, 'must name at least one value'),
          v.description('The values, as the runbook’s input has them.'),
        ),
      ),
      v.description('Only where each of these inputs of the runbook has one of its values.'),
    ),
  ),
  times: v.exactOptional(v.pipe(Times, v.description('Only for what is asked at these times.'))),
});

export const Rule = closed({
  name: line(80, 'What people read in the verdict.'),
  when: v.exactOptional(
    v.pipe(When, v.description('When the rule applies: everything named here must hold. Left out: always.')),
  ),
  require: v.pipe(
    RuleRequirement,
    v.description('Who must approve. `none`: nobody, where no other rule applies that wants somebody.'),
  ),
  approve: v.exactOptional(
    v.pipe(
      v.picklist(['dialog', 'one-click']),
      v.description(
        'How an approval is given in Slack. Left out: one-click for runbooks of low risk, else a dialog. Of several rules the dialog wins.',
      ),
    ),
  ),
  denials: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(20, 'must be at most 20'),
      v.description('How many people must deny. Left out: 1. Of several rules the smallest number wins.'),
    ),
  ),
  channel: v.exactOptional(
    v.pipe(ChannelId, v.description('Where approvers are asked instead; of several rules the first that names one.')),
  ),
});
export interface Rule extends Omit<v.InferOutput<typeof Rule>, 'require'> {
  require: Requirement | 'none';
}
