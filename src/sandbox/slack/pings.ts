/** Who a new message notifies. */

import * as v from 'valibot';

const MENTION = /<(@[UW][A-Z0-9]+|!channel|!here|!everyone|!subteam\^[A-Z0-9]+)(?:\|[^>]*)?>/g;
const BARE = /(?<![\w<!])@(channel|here|everyone)\b/g;

const Typed = v.looseObject({ type: v.string() });

function mentions(text: string, parsesPlain: boolean): string[] {
  const marked = [...text.matchAll(MENTION)].map(([, name = '']) =>
    name.startsWith('@') ? name.slice(1) : `<${name}>`,
  );
  const plain = parsesPlain ? [...text.matchAll(BARE)].map(([, name]) => `<!${name}>`) : [];
  return [...marked, ...plain];
}

function ofObject(node: v.InferOutput<typeof Typed>): string[] {
  const text = typeof node['text'] === 'string' ? node['text'] : '';
  switch (node.type) {
    // Slack: without `verbatim`, "certain mentions will be automatically parsed" in plain words too.
    case 'mrkdwn':
      return mentions(text, node['verbatim'] !== true);
    case 'markdown':
      return mentions(text, true);
    case 'user':
      return [String(node['user_id'])];
    case 'usergroup':
      return [`<!subteam^${node['usergroup_id']}>`];
    case 'broadcast':
      return [`<!${node['range']}>`];
    default:
      return [];
  }
}

function walk(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(walk);
  if (typeof node !== 'object' || node === null) return [];
  const own = v.is(Typed, node) ? ofObject(node) : [];
  return [...own, ...Object.values(node).flatMap(walk)];
}

/** The user ids and `<!…>` mentions that a NEW message with this text and these blocks notifies, each once. */
export function pingsOf(message: {
  text?: unknown;
  blocks?: unknown;
  parse?: unknown;
  link_names?: unknown;
}): string[] {
  const text = typeof message.text === 'string' ? message.text : '';
  const linked = message.parse === 'full' || message.link_names === true;
  return [...new Set([...mentions(text, linked), ...walk(message.blocks)])];
}
