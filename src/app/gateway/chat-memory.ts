/** What messages' buttons carry, remembered for a while: many people write below one message. */
import { newMemory } from '../memory.ts';
import type { Chat, Clock } from '../ports.ts';

const MINUTE_MS = 60_000;

/** A card gets its buttons a moment after it is posted: what has none is looked at again so soon, in ms. */
const NO_BUTTONS_MS = 5_000;

/** Whoever chats in a thread costs one call of Slack a minute, or a dozen where it is no card's. */
export function withMemory(chat: Chat, clock: Clock): Chat {
  const values = newMemory<Promise<string | null>>(() => clock.now(), MINUTE_MS);
  const without = newMemory<Promise<string | null>>(() => clock.now(), NO_BUTTONS_MS);
  return {
    ...chat,
    valueOf(card) {
      const place = JSON.stringify([card.team, card.channel, card.ts]);
      const known = values.get(place) ?? without.get(place);
      if (known !== undefined) return known;
      const value = chat.valueOf(card);
      values.set(place, value);
      value.then(
        (found) => {
          if (found !== null) return;
          values.delete(place);
          without.set(place, value);
        },
        () => values.delete(place),
      );
      return value;
    },
  };
}
