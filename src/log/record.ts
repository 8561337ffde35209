/** A record: one signed entry of a request's log, all events of one command, chained to what its writer saw. */
import * as v from 'valibot';
import { Actor, Event } from '../request/events.ts';
import { Digest, Instant, RequestId } from '../request/request.ts';
import { canonicalJson, sha256, sha256OfCanonical } from './canonical.ts';
import { inShort } from './finding.ts';

export const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/**
 * The sentence stands in the comment literally, outside of any fence: one line, no control or bidirectional characters,
 * no `<` (an HTML comment would hide the rest, a tag could look like the record's block).
 */
export const Sentence = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(2000),
  v.regex(
    /^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<]+$/u,
    'one line of plain text without "<"',
  ),
  v.check((text) => text === text.trim(), 'no space at either end'),
);

/** Hashes in ascending order, none twice: one set has one form. */
export const Hashes = v.pipe(
  v.array(Digest),
  v.check((all) => all.every((hash, i) => i === 0 || (all[i - 1] ?? '') < hash), 'sorted and unique'),
);

/** A job. `environment` is that job's environment, null when it has none. */
const JobWriter = v.strictObject({
  run: Id,
  attempt: Id,
  job: v.pipe(v.string(), v.minLength(1)),
  environment: v.nullable(v.pipe(v.string(), v.minLength(1))),
});
export type JobWriter = v.InferOutput<typeof JobWriter>;

/** The gateway, by the name that the policy gives to the key that it signs with. */
const GatewayWriter = v.strictObject({ gateway: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,62}$/)) });

/** What wrote a record. */
export const Writer = v.lazy((writer) =>
  typeof writer === 'object' && writer !== null && 'gateway' in writer ? GatewayWriter : JobWriter,
);
export type Writer = v.InferOutput<typeof Writer>;

/** The job that wrote it; null: the gateway did. */
export function jobOf(writer: Writer): JobWriter | null {
  return 'gateway' in writer ? null : writer;
}

const OPTIONS = new Map<unknown, (typeof Event.options)[number]>(
  Event.options.map((option) => [option.entries.type.literal, option]),
);
/** The same as `Event`, without a try of each type that comes before the right one. */
const EventByType = v.lazy((event) => {
  const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : null;
  return OPTIONS.get(type) ?? Event;
});

const unsealed = {
  v: v.literal(1),
  /** 1 + the highest `seq` among `prev`. */
  seq: Id,
  issue: Id,
  request: RequestId,
  at: Instant,
  by: Actor,
  events: v.pipe(v.array(EventByType), v.minLength(1)),
  sentence: Sentence,
  writer: Writer,
  prev: Hashes,
};

/** All that the hash covers. */
export const Draft = v.strictObject(unsealed);
export type Draft = v.InferOutput<typeof Draft>;

/** A record as its comment holds it; `sig` is null until it is signed. What counts without one is told in src/log/unsigned.ts. */
export const Record = v.strictObject({
  ...unsealed,
  hash: Digest,
  sig: v.nullable(v.strictObject({ type: v.picklist(['oidc', 'gateway']), token: v.pipe(v.string(), v.minLength(1)) })),
});
export type Record = v.InferOutput<typeof Record>;

/** `sha256:` and the hex SHA-256 over the canonical JSON of all fields but `hash` and `sig`. */
export function recordHash(record: Draft): string {
  const { v, seq, issue, request, at, by, events, sentence, writer, prev } = record;
  return sha256OfCanonical({ v, seq, issue, request, at, by, events, sentence, writer, prev });
}

const HASH_NAME = ',"hash":';
/** `,"hash":"sha256:…"`, 64 hex digits. */
const HASH_MEMBER = HASH_NAME.length + 73;

/**
 * The same from the record's canonical JSON, with no second serialisation: its own `hash` and `sig` are cut out. Exact for
 * whatever the schema allows, and only for that: no string can hold `,"sig":` (its quotes would be escaped), and what
 * stands behind `hash` and `sig` has no names of people's choice.
 */
export function hashOfCanonical(record: string): string {
  const sig = record.lastIndexOf(',"sig":');
  const own = record.lastIndexOf(HASH_NAME, sig);
  const after = record.indexOf(',"v":', sig);
  return sha256(record.slice(0, own) + record.slice(own + HASH_MEMBER, sig) + record.slice(after));
}

/**
 * Seals a draft: the record with its hash, not yet signed. Throws a `TypeError` that names the field when the draft is
 * not what the schema allows or cannot be written without loss (such a record could never be read back).
 */
export function sealRecord(draft: Draft): Record {
  const parsed = v.safeParse(Draft, draft);
  if (!parsed.success) throw new TypeError(`This cannot become a record: ${issuesOf(parsed.issues)}.`);
  if (canonicalOf(parsed.output) !== canonicalOf(draft)) {
    throw new TypeError('This cannot become a record: a name in it (like "constructor") is lost when it is read back.');
  }
  return { ...parsed.output, hash: recordHash(parsed.output), sig: null };
}

function canonicalOf(draft: Draft): string {
  try {
    return canonicalJson(draft);
  } catch (cause) {
    throw new TypeError(`This cannot become a record: it has no canonical form (${String(cause)}).`, { cause });
  }
}

/** The record with its writer's token that signs it; the token's audience must be `signatureAudience(record.hash)`. */
export function signedRecord(record: Record, token: string): Record {
  return { ...record, sig: { type: 'gateway' in record.writer ? 'gateway' : 'oidc', token } };
}

/** The audience by which a token signs a record: `debug-approval:<hash>`. */
export function signatureAudience(hash: string): string {
  return `debug-approval:${hash}`;
}

/** Valibot's findings in one line: `events.0.type: Invalid type …; …`. They repeat what they found, hence in short. */
export function issuesOf(issues: readonly v.BaseIssue<unknown>[]): string {
  return inShort(issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`).join('; '));
}

/** The first thing that is wrong says enough of what somebody else wrote: to look for all would take many times its size. */
export const FIRST_ISSUE = { abortEarly: true } as const;
