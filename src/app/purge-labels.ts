/** The labels of an issue that tell the sweep what its request shared, and that somebody holds it. */
import { type Retention, SHARED_PARTS, type SharedPart } from '../policy/retention.ts';
import { mayHaveRun } from '../request/sharing.ts';
import type { Status } from '../request/state.ts';

/** The labels by which a sweep finds what is still to go; taken away with the part. */
export const PART_LABELS: { readonly [part in SharedPart]: string } = {
  slack: 'debug:shared',
  transcript: 'debug:transcript',
  'run-logs': 'debug:run-logs',
};
/** Whoever sets it keeps everything that the request shared. */
export const HOLD = 'debug:hold';

/** The labels that an issue has because of what its request shares, or may still share. The purge takes away what is wrong. */
export function sharingLabels(status: Status, retention: Retention): string[] {
  const parts = SHARED_PARTS.filter((part) => retention[part] !== null);
  return parts.filter((part) => part !== 'transcript' || mayHaveRun({ status })).map((part) => PART_LABELS[part]);
}
