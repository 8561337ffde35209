/** The parts of a policy's data that are sound by themselves, so that cross references can be judged beside other mistakes. */
import * as v from 'valibot';
import { When } from './rule-schema.ts';
import { Input, RunbookForm } from './runbook-schema.ts';
import {
  BreakGlass,
  Escalation,
  Group,
  Person,
  type Policy,
  Reminders,
  Requesters,
  Review,
  Rule,
  type Runbook,
  Signers,
  Slack,
  Target,
  Webhook,
} from './schema.ts';
import { duration } from './schema-parts.ts';

const AnyRunbook = v.partial(RunbookForm);
const AnyPerson = v.partial(Person);
const AnyRule = v.partial(Rule);
const AnySigners = v.partial(Signers);
const AnyTarget = v.partial(Target);
const AnySlack = v.partial(Slack);
const AnyEscalation = v.partial(Escalation);
const AnyReminders = v.partial(Reminders);
const AnyBreakGlass = v.partial(BreakGlass);
const AnyReview = v.partial(Review);
const AnyWebhook = v.partial(Webhook);
const Inputs = v.unwrap(When.entries.inputs);
type RunbookFields = v.InferOutput<typeof AnyRunbook>;
type PersonFields = v.InferOutput<typeof AnyPerson>;
type RuleFields = v.InferOutput<typeof AnyRule>;
type TargetFields = v.InferOutput<typeof AnyTarget>;

export interface RunbookDraft {
  fields: RunbookFields;
  inputs: Record<string, Input>;
  inputNames: string[];
  /** Whether `run` or `manual` is there but unsound. */
  hasMistake: boolean;
}

export interface Draft {
  people: Record<string, Person>;
  groups: Record<string, Group>;
  targets: Record<string, TargetFields>;
  /** The sound fields of every runbook; of its inputs the sound ones, and the names of all. */
  runbooks: Record<string, RunbookDraft>;
  /** The sound fields of every person. */
  accounts: Record<string, PersonFields>;
  /** With their index in the policy. */
  rules: { index: number; rule: RuleFields }[];
  requesters: string[];
  /** Who may ask for any runbook; null where one of these lists is unsound. */
  askers: string[] | null;
  linkByEmail: boolean;
  issuer: string | null;
  /** Which halves of a gateway the policy names. */
  gateway: { app: boolean; keys: boolean };
  /** The webhook's address; null where there is none, or none that is sound. */
  webhook: string | null;
  expirySeconds: number | null;
  windowSeconds: number | null;
  /** null: the policy has none. */
  slack: { quiet: string[] } | null;
  reminders: { after: number | null };
  escalation: { after: number | null; to: string[] };
  breakGlass: { who: string[]; targets: string[]; runbooks: string[]; by: string[] };
  /** `patternIds` in the policy's order; null for one without a text as its id. */
  redaction: { on: string[]; hasNames: boolean; patternIds: (string | null)[] };
  /** All names, also of entries that are unsound; null: that section is none, so nothing can be said of its names. */
  names: Record<'people' | 'groups' | 'targets' | 'runbooks', string[] | null>;
}

/** The sound parts of the data. */
export function draftOf(data: unknown): Draft {
  const raw = mapping(data) ?? {};
  const escalation = soundFields(AnyEscalation, raw['escalation']) ?? {};
  const breakGlass = soundFields(AnyBreakGlass, raw['break-glass']) ?? {};
  const review = soundFields(AnyReview, mapping(raw['break-glass'])?.['review']) ?? {};
  const slack = soundFields(AnySlack, raw['slack']) ?? {};
  const reminders = soundFields(AnyReminders, raw['reminders']) ?? {};
  const signers = soundFields(AnySigners, raw['signers']) ?? {};
  return {
    people: sound(raw['people'], Person),
    groups: sound(raw['groups'], Group),
    targets: each(raw['targets'], (target) => soundFields(AnyTarget, target) ?? {}),
    runbooks: each(raw['runbooks'], runbookDraft),
    accounts: each(raw['people'], (person) => soundFields(AnyPerson, person) ?? {}),
    rules: list(raw['rules']).map((entry, index) => ({ index, rule: ruleDraft(entry) })),
    requesters: soundOr(Requesters, raw['requesters'], []),
    askers: askersIn(raw),
    linkByEmail: raw['link-by-email'] === true,
    issuer: signers.issuer ?? null,
    gateway: { app: raw['gateway'] !== undefined, keys: mapping(raw['signers'])?.['gateway'] !== undefined },
    webhook: soundFields(AnyWebhook, raw['webhook'])?.url ?? null,
    expirySeconds: soundOr(Seconds, raw['expiry'], null),
    windowSeconds: soundOr(Seconds, raw['window'], null),
    slack: raw['slack'] === undefined ? null : { quiet: slack.quiet ?? [] },
    reminders: { after: reminders.after ?? null },
    escalation: { after: escalation.after ?? null, to: escalation.to ?? [] },
    breakGlass: {
      who: breakGlass.who ?? [],
      targets: breakGlass.targets ?? [],
      runbooks: breakGlass.runbooks ?? [],
      by: review.by ?? [],
    },
    redaction: redactionDraft(mapping(raw['redaction']) ?? {}),
    names: {
      people: namesIn(raw['people']),
      groups: raw['groups'] === undefined ? [] : namesIn(raw['groups']),
      targets: namesIn(raw['targets']),
      runbooks: namesIn(raw['runbooks']),
    },
  };
}

const Seconds = duration(Number.MAX_SAFE_INTEGER, '', '');

/** The same of a policy whose shape is sound, where nothing needs to be judged a second time. */
export function draftOfPolicy(policy: Policy): Draft {
  const { people, groups, targets, requesters, linkByEmail, escalation, breakGlass } = policy;
  return {
    people,
    groups,
    targets,
    runbooks: Object.fromEntries(Object.entries(policy.runbooks).map(([key, one]) => [key, runbookDraftOf(one)])),
    accounts: people,
    rules: policy.rules.map((rule, index) => ({ index, rule })),
    requesters,
    askers: Object.values(policy.runbooks).flatMap((one) => one.requesters ?? requesters),
    linkByEmail,
    issuer: policy.signers.issuer ?? null,
    gateway: { app: policy.gateway !== null, keys: policy.signers.gateway !== undefined },
    webhook: policy.webhook?.url ?? null,
    expirySeconds: policy.expirySeconds,
    windowSeconds: policy.windowSeconds,
    slack: policy.slack === undefined ? null : { quiet: policy.slack.quiet },
    reminders: { after: policy.reminders?.afterSeconds ?? null },
    escalation: { after: escalation?.afterSeconds ?? null, to: escalation?.to ?? [] },
    breakGlass: {
      who: breakGlass?.who ?? [],
      targets: breakGlass?.targets ?? [],
      runbooks: breakGlass?.runbooks ?? [],
      by: breakGlass?.review.by ?? [],
    },
    redaction: {
      on: [...policy.redaction.on],
      hasNames: policy.redaction.names.length > 0,
      patternIds: policy.redaction.patterns.map(({ id }) => id),
    },
    names: {
      people: Object.keys(people),
      groups: Object.keys(groups),
      targets: Object.keys(targets),
      runbooks: Object.keys(policy.runbooks),
    },
  };
}

function ruleDraft(entry: unknown): RuleFields {
  const raw = mapping(entry) ?? {};
  if (raw['when'] === undefined) return soundFields(AnyRule, raw) ?? {};
  // Conditions with a mistake are conditions all the same: the rule does not apply to everything.
  const when = mapping(raw['when']) ?? {};
  if (when['inputs'] !== undefined) when['inputs'] = soundFields(Inputs, when['inputs']) ?? {};
  return soundFields(AnyRule, { ...raw, when: soundFields(When, when) ?? {} }) ?? {};
}

function askersIn(raw: Record<string, unknown>): string[] | null {
  const runbooks = mapping(raw['runbooks']);
  if (runbooks === null) return null;
  const lists = Object.values(runbooks).map((one) => mapping(one)?.['requesters'] ?? raw['requesters']);
  const result = v.safeParse(v.array(Requesters), lists);
  return result.success ? result.output.flat() : null;
}

function redactionDraft(raw: Record<string, unknown>): Draft['redaction'] {
  return {
    on: soundOr(v.array(v.string()), raw['on'], []),
    hasNames: raw['names'] !== undefined,
    patternIds: list(raw['patterns']).map((one) => soundOr(v.string(), mapping(one)?.['id'], null)),
  };
}

function runbookDraft(raw: Record<string, unknown>): RunbookDraft {
  const fields = soundFields(AnyRunbook, raw) ?? {};
  return {
    fields,
    inputs: sound(raw['inputs'], Input),
    inputNames: namesIn(raw['inputs']) ?? [],
    hasMistake: (['run', 'manual'] as const).some((key) => raw[key] !== undefined && fields[key] === undefined),
  };
}

function runbookDraftOf({ run, manual, windowSeconds, ...rest }: Runbook): RunbookDraft {
  return {
    // Parsed, a runbook without `run` has an empty one, which cannot be written.
    fields: {
      ...rest,
      ...(run.length === 0 ? {} : { run }),
      ...(manual ? { manual } : {}),
      ...(windowSeconds === undefined ? {} : { window: windowSeconds }),
    },
    inputs: rest.inputs,
    inputNames: Object.keys(rest.inputs),
    hasMistake: false,
  };
}

function sound<const S extends v.GenericSchema>(section: unknown, schema: S): Record<string, v.InferOutput<S>> {
  const entries: Record<string, v.InferOutput<S>> = Object.create(null);
  for (const [key, value] of Object.entries(mapping(section) ?? {})) {
    const result = v.safeParse(schema, value);
    if (result.success) entries[key] = result.output;
  }
  return entries;
}

function each<T>(section: unknown, read: (entry: Record<string, unknown>) => T): Record<string, T> {
  const entries: Record<string, T> = Object.create(null);
  for (const [key, value] of Object.entries(mapping(section) ?? {})) entries[key] = read(mapping(value) ?? {});
  return entries;
}

// What stays when every field with a mistake is taken out.
function soundFields<const S extends v.GenericSchema>(form: S, value: unknown): v.InferOutput<S> | null {
  const fields = mapping(value) ?? {};
  for (const issue of v.safeParse(form, fields).issues ?? []) {
    const key = issue.path?.[0]?.key;
    if (typeof key === 'string') Reflect.deleteProperty(fields, key);
  }
  return soundOr(form, fields, null);
}

function soundOr<const S extends v.GenericSchema, T>(schema: S, value: unknown, otherwise: T): v.InferOutput<S> | T {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : otherwise;
}

function namesIn(section: unknown): string[] | null {
  const entries = mapping(section);
  return entries === null ? null : Object.keys(entries);
}

function mapping(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
