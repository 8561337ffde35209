/** Whether a closed request's shared things are to go now, and if not, why. Pure. */
import type { Retention, SharedPart } from '../policy/retention.ts';
import { partsLeft } from '../request/sharing.ts';
import { openReview } from './after-review.ts';
import { endedAt, hasEnded } from './ends-here.ts';
import { HOLD } from './purge-labels.ts';
import type { Reading } from './reading.ts';

/** `parts`: what is to go now; empty: nothing, and `kept` says why, or is null where it is only not time yet. */
export interface Due {
  parts: SharedPart[];
  kept: string | null;
}

/** `now` in ms since 1970. Of the run somebody else must tell whether it is over. */
export function dueOf(reading: Reading, retention: Retention, now: number): Due {
  const { state, snapshot } = reading;
  const kept = (why: string): Due => ({ parts: [], kept: why });
  if (snapshot.open) return kept('it was opened again');
  if (snapshot.labels.includes(HOLD)) return kept(`somebody holds it with the label ${HOLD}`);
  if (!hasEnded(state)) return kept(`it is ${state.status}`);
  if (openReview(reading) !== null) return kept('its after-review is not signed yet');
  const age = now - endedAt(reading);
  const parts = partsLeft(state, retention).filter(
    (part) => age >= (retention[part] ?? Number.POSITIVE_INFINITY) * 1000,
  );
  return { parts, kept: null };
}
