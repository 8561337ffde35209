/** Slack's documented lengths (docs.slack.dev, Block Kit reference), checked on any message: what is broken, with its place. */

const TEXT_MAX: Record<string, number> = { header: 150, section: 3000, context: 3000, button: 75 };

/** Every breach of a documented length, as `path: what`. */
export function breaches(message: { text: string; blocks: readonly unknown[] }): string[] {
  const found: string[] = [];
  if (message.text.length > 4000 || message.text === '') found.push(`text: ${message.text.length}`);
  if (message.blocks.length > 50 || message.blocks.length === 0) found.push(`blocks: ${message.blocks.length}`);
  // Slack refuses messages whose blocks are too long together (msg_blocks_too_long, observed near 13,000 characters).
  if (visibleText(message.blocks).length > 12_000) found.push('blocks: too long together');
  message.blocks.forEach((block, index) => {
    walk(block, `blocks/${index}`, '', found);
  });
  return found;
}

/** All text that the blocks show, joined. */
export function visibleText(value: unknown): string {
  if (Array.isArray(value)) return value.map(visibleText).join('');
  if (!isObject(value)) return '';
  return Object.entries(value)
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : visibleText(inner)))
    .join('');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function walk(value: unknown, path: string, holder: string, found: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((inner, index) => {
      walk(inner, `${path}/${index}`, holder, found);
    });
    return;
  }
  if (!isObject(value)) return;
  const type = typeof value['type'] === 'string' ? value['type'] : '';
  checkObject(value, type, holder, (what) => found.push(`${path} (${type}): ${what}`));
  const next = type in TEXT_MAX ? type : holder;
  for (const [name, inner] of Object.entries(value)) walk(inner, `${path}/${name}`, next, found);
}

function checkObject(
  value: Record<string, unknown>,
  type: string,
  holder: string,
  report: (what: string) => void,
): void {
  const limit = (name: string, max: number): void => {
    const text = value[name];
    if (typeof text === 'string' && text.length > max) report(`${name} has ${text.length} of at most ${max}`);
  };
  limit('action_id', 255);
  limit('block_id', 255);
  limit('value', 2000);
  limit('url', 3000);
  limit('accessibility_label', 75);
  if (type === 'plain_text' || type === 'mrkdwn') limit('text', TEXT_MAX[holder] ?? 3000);
  if (['plain_text', 'mrkdwn', 'text', 'link'].includes(type) && value['text'] === '') report('text is empty');
  const elements = value['elements'];
  if (Array.isArray(elements) && elements.length === 0) report('no elements');
  if (type === 'context' && Array.isArray(elements) && elements.length > 10) report('more than 10 elements');
  if (type === 'actions' && Array.isArray(elements) && elements.length > 25) report('more than 25 elements');
}
