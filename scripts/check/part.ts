/** What a part of `npm run check` is and says. */

export interface Findings {
  /** One text for each thing that is wrong, with what to do about it; none: the part holds. */
  problems: string[];
  /** Figures for the part's line; may be empty. */
  note: string;
}

export interface Part {
  name: string;
  check: () => Promise<Findings>;
}
