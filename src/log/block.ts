/** The collapsed block at the end of a comment: one line of canonical JSON, which nothing in it can close or hide. */
import { canonicalJson } from './canonical.ts';

/** What a block holds: a record of a request's log, or one of the archive of keys. */
type Kind = 'Record' | 'Keys';

/** Line breaks other than `\n`, control characters, and characters that reorder or hide text where people read it. */
export const UNSEEN =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069';
const IN_BLOCK = new RegExp(`[<>\`${UNSEEN}]`, 'g');

/** The block of a value, with `seq` in its summary. Throws a `TypeError` for what is not JSON. */
export function renderBlock(kind: Kind, seq: number, value: unknown): string {
  const line = inBlock(canonicalJson(value));
  return `<details><summary>${kind} ${seq}</summary>\n\n\`\`\`json\n${line}\n\`\`\`\n\n</details>`;
}

/**
 * Canonical JSON as it stands in a block. RFC 8785 leaves `<`, `>` and backticks as they are, which could end the block or the
 * fence; so the block holds the canonical JSON with these (and unseen characters) as \u escapes.
 */
export function inBlock(canonical: string): string {
  return canonical.replace(IN_BLOCK, escaped);
}

/** A character as its \u escape. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export type FoundBlock =
  | { kind: 'block'; seq: string; line: string }
  | { kind: 'none' }
  | { kind: 'malformed'; why: string };

/** The line in the one block that a comment's text ends with. Never throws. */
export function findBlock(kind: Kind, text: string): FoundBlock {
  const { any, whole } = PATTERNS[kind];
  const blocks = text.match(any)?.length ?? 0;
  if (blocks === 0) return { kind: 'none' };
  if (blocks > 1) return { kind: 'malformed', why: `it has ${blocks} record blocks, one is allowed` };
  const [, seq, line] = whole.exec(text) ?? [];
  if (seq !== undefined && line !== undefined) return { kind: 'block', seq, line };
  return { kind: 'malformed', why: 'its record block is not whole or not at the end' };
}

const patterns = (kind: Kind) => ({
  any: new RegExp(`^<details><summary>${kind} \\d+</summary>$`, 'gm'),
  whole: new RegExp(
    `\\n\\n<details><summary>${kind} (\\d+)</summary>\\n\\n\`\`\`json\\n([^\\n]+)\\n\`\`\`\\n\\n</details>$`,
  ),
});
const PATTERNS = { Record: patterns('Record'), Keys: patterns('Keys') };
