/** What a row of the bench is: something measured for real, its unit and the bar that it must meet. */

/** One figure, as `--json` prints it. `value` is met when it is not above `bar`. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  bar: number;
}

export interface Row {
  /** What `--only` calls it; its figures' names begin with it. */
  name: string;
  /** What is measured, and how. */
  about: string;
  measure(say: Say): Promise<Figure[]>;
}

/** Tells how far a measurement is, and what explains its figures. */
export type Say = (text: string) => void;

/** The value below which `share` (0 to 1) of the values are, by nearest rank. Throws for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

/** One decimal is as much as a machine that does other things can tell. */
export function rounded(value: number, decimals = 1): number {
  return Number(value.toFixed(decimals));
}

/** Waits until `look` gives something else than null; throws what `what` says is missing after `seconds`. */
export async function until<T>(what: string, seconds: number, look: () => T | null): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s.`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
