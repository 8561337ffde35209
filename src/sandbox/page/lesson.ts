/** A lesson before it has its number, and the rules in words for somebody who sees them for the first time. */
import type { Lesson } from './scene.ts';

export type Telling = Omit<Lesson, 'id'>;

/** DESIGN §4's rules as a newcomer reads them. Two rules have more than one side to show. */
const WORDS = {
  exact: [1, 'What runs is exactly what was approved; on any difference nothing runs.'],
  rerun: [1, 'An approval is for one attempt of one run: whoever runs it again asks again.'],
  once: [2, 'An approval is used once.'],
  human: [3, 'One human counts once, whatever accounts and groups they have.'],
  own: [4, 'Nobody approves their own request, on either side.'],
  others: [4, 'Words that another may have written decide nothing: edited comments, bots and apps do not count.'],
  unclear: [6, 'Whoever is unknown decides nothing, and whatever is unclear runs nothing.'],
  private: [6, 'A refused attempt is answered privately; the first of each person is recorded, the rest are counted.'],
  recorded: [6, 'A press is acknowledged only once its record stands.'],
  deny: [7, 'A denial wins until the job has started.'],
  changed: [8, 'A lost or changed record stops the request.'],
  added: [8, 'What somebody merely adds counts for nothing, so that no stranger stops anything.'],
  inert: [9, 'What people write stays mere text: it pings nobody, links nowhere and runs nothing.'],
  secrets: [10, 'Secrets never leave: not in a log, not in an issue, not in Slack.'],
  ends: [12, 'Everything ends, and silence is never consent.'],
} as const satisfies Record<string, readonly [number, string]>;

/** The rule, with the tests that prove it: they are named by its number. */
export function rule(name: keyof typeof WORDS): NonNullable<Lesson['rule']> {
  const [number, words] = WORDS[name];
  return { number, words: `${words} (Proved by the tests named §4.${number}.)` };
}

export const step = (title: string, text: string, held: Lesson['rule'] = null): Telling => ({
  tone: 'step',
  title,
  text,
  rule: held,
});

export const held = (title: string, text: string, why: NonNullable<Lesson['rule']>): Telling => ({
  tone: 'held',
  title,
  text,
  rule: why,
});

export const tried = (title: string, text: string): Telling => ({ tone: 'attack', title, text, rule: null });

/** `Bo`, `Bo and Cy`, `Bo, Cy and Di`; `nobody` for none. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return 'nobody';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** The beginning of a digest, enough to compare by eye. */
export const short = (digest: string): string => `${digest.slice(0, 'sha256:'.length + 10)}…`;
