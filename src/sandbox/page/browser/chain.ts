/** How a record's comment hangs on the one before: the hashes that it names, as they stand in it. */

export interface Links {
  /** Its own hash, the first 8 characters. */
  hash: string;
  /** What it follows; empty for the first record. */
  follows: string[];
}

const RECORD = /^<details><summary>Record \d+<\/summary>\n\n```json\n([^\n]+)\n```/m;

/** The hashes of the record in this comment; null where it holds none. Whether they are right is for its mark to say. */
export function linksOf(body: string): Links | null {
  const json = RECORD.exec(body)?.[1];
  if (json === undefined) return null;
  const hash = /"hash":"sha256:([0-9a-f]{8})/.exec(json)?.[1];
  const list = /"prev":\[([^\]]*)\]/.exec(json)?.[1] ?? '';
  const follows = Array.from(list.matchAll(/sha256:([0-9a-f]{8})/g), ([, start = '']) => start);
  return hash === undefined ? null : { hash, follows };
}
