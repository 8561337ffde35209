/** A record as a comment: a sentence for people, free text in fences, then the record itself in a collapsed block. */
import * as v from 'valibot';
import type { Event, EventOf } from '../request/events.ts';
import { canonicalJson } from './canonical.ts';
import { issuesOf, Record, recordHash } from './record.ts';

/** GitHub's limit of a comment, in characters. Counted here in UTF-16 units, which are never fewer. */
export const COMMENT_LIMIT = 65_536;

export type Rendered = { ok: true; body: string } | { ok: false; code: 'invalid'; message: string; remedy: string };
export type Parsed = { kind: 'record'; record: Record } | { kind: 'none' } | { kind: 'malformed'; why: string };

/** Line breaks other than `\n`, control characters, and characters that reorder or hide text where people read it. */
const UNSEEN = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';
const IN_FENCE = new RegExp(`[${UNSEEN}]`, 'g');
const IN_BLOCK = new RegExp(`[<>\`${UNSEEN}]`, 'g');

const BLOCK = /^<details><summary>Record \d+<\/summary>$/gm;
const WHOLE_BLOCK = /\n\n<details><summary>Record (\d+)<\/summary>\n\n```json\n([^\n]+)\n```\n\n<\/details>$/;

/** The comment of a record. Refuses, with the numbers, what GitHub would not take. */
export function renderComment(record: Record): Rendered {
  const parts = [record.sentence, ...record.events.flatMap(freeText).map(fenced), block(record)];
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
  const blocks = text.match(BLOCK)?.length ?? 0;
  if (blocks === 0) return { kind: 'none' };
  if (blocks > 1) return malformed(`it has ${blocks} record blocks, one is allowed`);
  const [, seq, line] = WHOLE_BLOCK.exec(text) ?? [];
  if (seq === undefined || line === undefined) return malformed('its record block is not whole or not at the end');
  const parsed = parseRecord(line);
  if (parsed.kind !== 'record') return parsed;
  const { record } = parsed;
  if (block(record) !== `<details><summary>Record ${seq}</summary>\n\n\`\`\`json\n${line}\n\`\`\`\n\n</details>`) {
    return malformed('its record is not in the canonical form');
  }
  if (!text.startsWith(`${record.sentence}\n\n`)) return malformed("it does not begin with the record's sentence");
  return parsed;
}

/** One line of JSON as a record whose hash fits. Never throws. */
function parseRecord(line: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return malformed(`its record is not JSON (${String(error)})`);
  }
  return checkRecord(value);
}

/** A JSON value as a record of version 1 whose hash fits. Never throws. */
export function checkRecord(value: unknown): Parsed {
  const parsed = v.safeParse(Record, value);
  if (!parsed.success) return malformed(`its record is not of version 1 (${issuesOf(parsed.issues)})`);
  try {
    if (canonicalJson(parsed.output) !== canonicalJson(value)) return malformed('its record holds a forbidden name');
    if (recordHash(parsed.output) !== parsed.output.hash) return malformed('its hash is not that of its content');
  } catch (error) {
    return malformed(`its record has no canonical form (${String(error)})`);
  }
  return { kind: 'record', record: parsed.output };
}

function malformed(why: string): Parsed {
  return { kind: 'malformed', why };
}

/**
 * The collapsed block. RFC 8785 leaves `<`, `>` and backticks as they are, which could end the block or the fence; so the
 * block holds the canonical JSON with these (and unseen characters) as \u escapes. The hash is over the canonical form itself.
 */
function block(record: Record): string {
  const json = canonicalJson(record).replace(IN_BLOCK, escaped);
  return `<details><summary>Record ${record.seq}</summary>\n\n\`\`\`json\n${json}\n\`\`\`\n\n</details>`;
}

/** How many characters an event takes in its record's comment: in the words for people, and in the block. */
export function spaceOf(event: Event): number {
  const words = freeText(event).reduce((sum, part) => sum + fenced(part).length + 2, 0);
  return words + canonicalJson(event).replace(IN_BLOCK, escaped).length;
}

/** A fence longer than any run of backticks in the text; each line is set in, so that none can pass for a record's block. */
function fenced([label, text]: [label: string, text: string]): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => ` ${line.replace(IN_FENCE, escaped)}`);
  return `${label}:\n\n${fence}text\n${lines.join('\n')}\n${fence}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
    default:
      return [];
  }
}
