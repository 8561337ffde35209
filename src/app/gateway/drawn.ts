/** What a form carries from when it is drawn to when it is sent off: for which repository and runbook its fields are. */
import * as v from 'valibot';

export interface Drawn {
  repository: number | null;
  runbook: string | null;
  /** Whether the form lets one choose the repository. */
  several: boolean;
}

const Metadata = v.strictObject({
  form: v.literal('request'),
  repository: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  runbook: v.nullable(v.string()),
  several: v.boolean(),
});

/** What `decodeDrawn` takes back. Whoever holds the bot token may write it: everything is judged anew. */
export function encodeDrawn({ repository, runbook, several }: Drawn): string {
  return JSON.stringify({ form: 'request', repository, runbook, several });
}

/** null: no form of ours was given this. */
export function decodeDrawn(metadata: string): Drawn | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Metadata), metadata);
  return parsed.success ? parsed.output : null;
}
