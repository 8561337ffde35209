/** The parts of a policy's data that are sound by themselves, so that cross references can be judged beside other mistakes. */
import * as v from 'valibot';
import { Runbook } from './runbook-schema.ts';
import { Group, Person, Requesters, Rule, Signers, Target } from './schema.ts';
import { duration } from './schema-parts.ts';

export interface Draft {
  people: Record<string, Person>;
  groups: Record<string, Group>;
  targets: Record<string, Target>;
  runbooks: Record<string, Runbook>;
  /** With their index in the policy. */
  rules: { index: number; rule: Rule }[];
  requesters: string[];
  signers: Signers | null;
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
    runbooks: sound(raw['runbooks'], Runbook),
    rules: list(raw['rules']).flatMap((entry, index) => {
      const result = v.safeParse(Rule, entry);
      return result.success ? [{ index, rule: result.output }] : [];
    }),
    requesters: soundOr(Requesters, raw['requesters'], []),
    signers: soundOr(Signers, raw['signers'], null),
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
