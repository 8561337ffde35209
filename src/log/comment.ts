/** A record as a comment: a sentence for people, free text in fences, then the record itself in a collapsed block. */
import { hash } from 'node:crypto';
import * as v from 'valibot';
import type { Event, EventOf } from '../request/events.ts';
import { escaped, findBlock, inBlock, renderBlock, UNSEEN } from './block.ts';
import { canonicalJson, isSameInOrder, isSameJson } from './canonical.ts';
import { inShort } from './finding.ts';
import { FIRST_ISSUE, hashOfCanonical, issuesOf, Record } from './record.ts';

/** GitHub's limit of a comment, in characters. Counted here in UTF-16 units, which are never fewer. */
export const COMMENT_LIMIT = 65_536;

export type Rendered = { ok: true; body: string } | { ok: false; code: 'invalid'; message: string; remedy: string };
export type Parsed = { kind: 'record'; record: Record } | { kind: 'none' } | { kind: 'malformed'; why: string };

const IN_FENCE = new RegExp(`[${UNSEEN}]`, 'g');

/** The comment of a record. Refuses, with the numbers, what GitHub would not take. */
export function renderComment(record: Record): Rendered {
  const block = renderBlock('Record', record.seq, record);
  const parts = [record.sentence, ...record.events.flatMap(freeText).map(fenced), block];
  const body = parts.join('\n\n');
  if (body.length <= COMMENT_LIMIT) return { ok: true, body };
  return {
    ok: false,
    code: 'invalid',
    message: `Record ${record.seq} would be a comment of ${body.length} characters; GitHub takes ${COMMENT_LIMIT}.`,
    remedy: 'Shorten the longest text in it (a reason, a comment, inputs or arguments) and try again.',
  };
}

/**
 * The record that a comment holds. Every byte of the block counts: it must be exactly what `renderComment` writes for the
 * record it says, the hash must fit, and the comment must begin with the record's sentence. Never throws.
 */
export function parseComment(body: string): Parsed {
  const text = body.replaceAll('\r\n', '\n').trimEnd();
  const found = findBlock('Record', text);
  if (found.kind !== 'block') return found;
  const { seq, line } = found;
  const read = readRecord(line);
  if (read.kind !== 'record') return read;
  const { record, canonical } = read;
  if (seq !== String(record.seq) || line !== inBlock(canonical)) {
    return malformed('its record is not in the canonical form');
  }
  if (!text.startsWith(`${record.sentence}\n\n`)) return malformed("it does not begin with the record's sentence");
  return { kind: 'record', record };
}

/** What comments hold, by the hash of their text: whoever drops it only parses anew. */
export type ParsedComments = Map<string, Parsed>;

/** As {@link parseComment}; a text that was parsed before is not parsed again. */
export function parsedOnce(body: string, known: ParsedComments): Parsed {
  // A text of its own: comments are large, and GitHub's answer with all of them would be kept with each.
  const name = hash('sha256', body, 'base64');
  const before = known.get(name);
  if (before !== undefined) return before;
  const parsed = parseComment(body);
  known.set(name, parsed);
  return parsed;
}

/** One line of canonical JSON (RFC 8785), as an export holds it, as a record whose hash fits. Never throws. */
export function recordOfLine(line: string): Parsed {
  const read = readRecord(line);
  if (read.kind !== 'record') return read;
  return read.canonical === line
    ? { kind: 'record', record: read.record }
    : malformed('its record is not in the canonical form');
}

type Malformed = Parsed & { kind: 'malformed' };
type Whole = { kind: 'record'; record: Record; canonical: string };

/** A text of JSON as a record whose hash fits, with its canonical form. Never throws. */
function readRecord(text: string): Whole | Malformed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(`its record is not JSON (${String(error)})`);
  }
  const parsed = v.safeParse(Record, value, FIRST_ISSUE);
  if (!parsed.success) return malformed(`its record is not of version 1 (${issuesOf(parsed.issues)})`);
  // The value as it was read, not the parser's copy: its names stand in canonical order, which makes all later hashing quick.
  if (isSameInOrder(parsed.output, value)) return wholeRecord(value, JSON.stringify(value));
  // The parser leaves out names like "constructor" and takes a list for an object.
  if (!isSameJson(parsed.output, value)) {
    return malformed('its record holds a forbidden name, or a list in place of an object');
  }
  try {
    return wholeRecord(value, canonicalJson(value));
  } catch (error) {
    return malformed(`its record has no canonical form (${String(error)})`);
  }
}

function wholeRecord(record: Record, canonical: string): Whole | Malformed {
  if (hashOfCanonical(canonical) !== record.hash) return malformed('its hash is not that of its content');
  return { kind: 'record', record, canonical };
}

function malformed(why: string): Malformed {
  // An error of JSON repeats what it found.
  return { kind: 'malformed', why: inShort(why) };
}

/** How many characters an event takes in its record's comment: in the words for people, and in the block. */
export function spaceOf(event: Event): number {
  const words = freeText(event).reduce((sum, part) => sum + fenced(part).length + 2, 0);
  return words + inBlock(canonicalJson(event)).length;
}

/** A fence longer than any run of backticks in the text; each line is set in, so that none can pass for a record's block. */
function fenced([label, text]: [label: string, text: string]): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => ` ${line.replace(IN_FENCE, escaped)}`);
  return `${label}:\n\n${fence}text\n${lines.join('\n')}\n${fence}`;
}

/** What people wrote in free words and the command that they made, as far as the event is about it: what it is, and the text. */
function freeText(event: Event): [label: string, text: string][] {
  return textsOf(event).filter(([, text]) => text !== '');
}

/** One input a line, its value as JSON. */
function inputLines(inputs: EventOf<'requested'>['request']['inputs']): string {
  return Object.entries(inputs)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join('\n');
}

/** One thing a line, with the reason. */
function notGone({ items }: EventOf<'purged'>): string[] {
  return items.flatMap(({ kind, id, gone, why }) => (gone ? [] : [`${kind} ${id}: ${why}`]));
}

function textsOf(event: Event): [label: string, text: string][] {
  switch (event.type) {
    case 'requested':
      return [
        // Anybody who may write could put another command into the issue's text, but not here without breaking the log.
        [
          'Runs exactly this, one argument a line',
          event.request.argv.map((argument) => JSON.stringify(argument)).join('\n'),
        ],
        // Of a manual runbook the inputs are what is approved: its steps stand in the workflow.
        ['With these inputs', event.request.argv.length > 0 ? '' : inputLines(event.request.inputs)],
        ['Reason', event.request.reason],
        ['Ticket', event.request.ticket],
      ];
    case 'decided':
    case 'withdrawn':
      return [['Comment', event.comment]];
    case 'reviewed':
      return [['What was found', event.comment]];
    case 'discussed':
      return event.messages.map(({ name, text }) => ['Said in the thread', `${name}: ${text}`]);
    case 'cancelled':
      return [['Reason', event.reason]];
    case 'errored':
      return [['Message', event.message]];
    case 'purged':
      return [['Could not be deleted', notGone(event).join('\n')]];
    default:
      return [];
  }
}
