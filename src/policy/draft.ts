/** The parts of a policy's data that are sound by themselves, so that cross references can be judged beside other mistakes. */
import * as v from 'valibot';
import { Input, RunbookForm } from './runbook-schema.ts';
import { Group, Person, Requesters, Rule, Signers, Target } from './schema.ts';
import { duration } from './schema-parts.ts';

const AnyRunbook = v.partial(RunbookForm);
const AnyPerson = v.partial(Person);
const AnyRule = v.partial(Rule);
const AnySigners = v.partial(Signers);
type RunbookFields = v.InferOutput<typeof AnyRunbook>;
type PersonFields = v.InferOutput<typeof AnyPerson>;
type RuleFields = v.InferOutput<typeof AnyRule>;

export interface Draft {
  people: Record<string, Person>;
  groups: Record<string, Group>;
  targets: Record<string, Target>;
  /** The sound fields of every runbook; of its inputs the sound ones, and the names of all. */
  runbooks: Record<string, { fields: RunbookFields; inputs: Record<string, Input>; inputNames: string[] }>;
  /** The sound fields of every person. */
  accounts: Record<string, PersonFields>;
  /** With their index in the policy. */
  rules: { index: number; rule: RuleFields }[];
  requesters: string[];
  issuer: string | null;
  windowSeconds: number | null;
  /** All names, also of entries that are unsound; null: that section is none, so nothing can be said of its names. */
  names: Record<'people' | 'groups' | 'targets' | 'runbooks', string[] | null>;
}

/** The sound parts of the data. */
export function draftOf(data: unknown): Draft {
  const raw = mapping(data) ?? {};
  return {
    people: sound(raw['people'], Person),
    groups: sound(raw['groups'], Group),
    targets: sound(raw['targets'], Target),
    runbooks: each(raw['runbooks'], (runbook) => ({
      fields: soundFields(AnyRunbook, runbook) ?? {},
      inputs: sound(runbook['inputs'], Input),
      inputNames: namesIn(runbook['inputs']) ?? [],
    })),
    accounts: each(raw['people'], (person) => soundFields(AnyPerson, person) ?? {}),
    rules: list(raw['rules']).map((entry, index) => ({ index, rule: soundFields(AnyRule, entry) ?? {} })),
    requesters: soundOr(Requesters, raw['requesters'], []),
    issuer: soundFields(AnySigners, raw['signers'])?.issuer ?? null,
    windowSeconds: soundOr(duration(Number.MAX_SAFE_INTEGER, '', ''), raw['window'], null),
    names: {
      people: namesIn(raw['people']),
      groups: raw['groups'] === undefined ? [] : namesIn(raw['groups']),
      targets: namesIn(raw['targets']),
      runbooks: namesIn(raw['runbooks']),
    },
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
