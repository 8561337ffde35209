/** Looks up an entry by a name that may come from anybody, so that `constructor` finds nothing. */
export function lookup<T>(record: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}
