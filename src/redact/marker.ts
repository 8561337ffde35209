/** The marker that stands where a value stood, chosen so that no registered value can ever appear in or across a marker. */
import type { Pattern } from './values/lookup.ts';

const BRACKETS: readonly (readonly [string, string])[] = [
  ['‹', '›'],
  ['«', '»'],
  ['⟨', '⟩'],
];
/** The private use area: nobody prints it, so the first free one does for both sides. */
const FIRST_PRIVATE = 0xe000;
const LAST_PRIVATE = 0xf8ff;

export interface Markers {
  /** Tells of a form that is found from now on. */
  avoid(pattern: Pattern): void;
  /**
   * The marker's text for a place of the stream, `‹email#3›` unless a registered value forbids it. Number 0: without one.
   * Throws a RangeError if the values use up every character there is.
   */
  at(place: number, word: string, number: number): string;
  /** Whether no value forbids anything, so that every marker is the usual one. */
  usual(): boolean;
}

interface Avoided {
  text: string;
  since: number;
}

/**
 * The output can hold a value only inside a marker or across its edge. So the brackets are such that no form contains
 * one, and what stands between them is left out if a form is part of it.
 */
export function createMarkers(): Markers {
  /** The forms that could clash with a bracket, and with a word; there seldom are any. */
  const odd: Avoided[] = [];
  const plain: Avoided[] = [];
  return {
    avoid({ bytes, since }) {
      const text = bytes.toString('utf8');
      if (/[‹›«»⟨⟩\ue000-\uf8ff]/.test(text)) odd.push({ text, since });
      else if (/^[a-z0-9#-]{1,60}$/.test(text)) plain.push({ text, since });
    },
    usual: () => odd.length + plain.length === 0,
    at(place, word, number) {
      const known = (list: Avoided[]) => list.filter(({ since }) => since <= place);
      const label = number === 0 ? word : `${word}#${number}`;
      const spelt = plain.length > 0 && known(plain).some(({ text }) => label.includes(text));
      const [open, close] = odd.length === 0 ? ['‹', '›'] : freeBrackets(known(odd));
      // A form has at least four characters: the two brackets alone contain none.
      return spelt ? open + close : open + label + close;
    },
  };
}

function freeBrackets(forms: readonly Avoided[]): readonly [string, string] {
  const free = (mark: string) => !forms.some(({ text }) => text.includes(mark));
  const usual = BRACKETS.find(([open, close]) => free(open) && free(close));
  if (usual !== undefined) return usual;
  for (let code = FIRST_PRIVATE; code <= LAST_PRIVATE; code++) {
    const mark = String.fromCharCode(code);
    if (free(mark)) return [mark, mark];
  }
  throw new RangeError('The values to mask use every character that could mark their place; register fewer values.');
}
