/** A view as Slack gives it back when it is sent off: with its ids and defaults, escaped here, cut in pieces there. */
import type { ModalView } from '@slack/types';
import { givenBack, normalView } from '../../src/sandbox/slack/normal.ts';

/** The `view` of a view_submission payload. `values` is what the person filled in, by block and action. */
export function asSlackGivesBack(view: ModalView, values: object = {}): Record<string, unknown> {
  const ids = { id: 'V0DIALOG', team_id: 'T0TEAM', app_id: 'A0APP', bot_id: 'B0BOT', hash: '1.abc' };
  return { ...ids, ...Object(inPieces(givenBack(normalView({ ...view })))), state: { values } };
}

/** Slack makes elements of their own of emoji in rich text, in the style of the text around them. */
function inPieces(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap((one) => (isWords(one) ? pieces(one) : [inPieces(one)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inPieces(inner)]));
}

interface Words {
  type: 'text';
  text: string;
}

const isWords = (value: unknown): value is Words => Object(value).type === 'text';

const hex = (emoji: string): string => [...emoji].map((one) => one.codePointAt(0)?.toString(16)).join('-');

const pieces = ({ text, ...rest }: Words): object[] =>
  text
    .split(/(\p{RGI_Emoji})/v)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const emoji = /^\p{RGI_Emoji}$/v.test(piece);
      return emoji ? { ...rest, type: 'emoji', name: 'something', unicode: hex(piece) } : { ...rest, text: piece };
    });
