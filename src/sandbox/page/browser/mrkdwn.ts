/** Slack's mrkdwn as far as the product writes it: mentions, dates, links, and bold, italic and code. */

export type Span =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em' | 'code'; text: string }
  | { kind: 'user'; id: string }
  | { kind: 'broadcast'; to: string }
  | { kind: 'date'; at: Date; fallback: string }
  | { kind: 'link'; url: string; text: string };

const SPAN =
  /<@(?<user>[UW][A-Z0-9]+)>|<!date\^(?<date>\d+)\^[^|>]*\|(?<fallback>[^>]*)>|<!(?<broadcast>channel|here|everyone)>|<(?<url>https?:[^|>]+)(?:\|(?<label>[^>]*))?>|(?<![\p{L}\p{N}])(?:\*(?<strong>[^*\n]+)\*|_(?<em>[^_\n]+)_|`(?<code>[^`\n]+)`)(?![\p{L}\p{N}])/gu;

/** The text's spans in order. Slack's three escapes (`&amp;`, `&lt;`, `&gt;`) are read; everything else is text. */
export function readMrkdwn(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) spans.push(words(text.slice(end, match.index)));
    spans.push(spanOf(match.groups ?? {}));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push(words(text.slice(end)));
  return spans;
}

function spanOf(found: Record<string, string | undefined>): Span {
  const { user, date, fallback = '', broadcast, url, label, strong, em, code } = found;
  if (user !== undefined) return { kind: 'user', id: user };
  if (date !== undefined) return { kind: 'date', at: new Date(Number(date) * 1000), fallback: unescaped(fallback) };
  if (broadcast !== undefined) return { kind: 'broadcast', to: broadcast };
  if (url !== undefined) return { kind: 'link', url: unescaped(url), text: unescaped(label ?? url) };
  if (strong !== undefined) return { kind: 'strong', text: unescaped(strong) };
  if (em !== undefined) return { kind: 'em', text: unescaped(em) };
  return { kind: 'code', text: unescaped(code ?? '') };
}

function words(text: string): Span {
  return { kind: 'text', text: unescaped(text) };
}

/** Slack escapes these three and no others (docs.slack.dev, "Formatting message text"). */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
