/** Keeps the memory of a process small that makes many short-lived things, such as one that redacts an output for hours. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation as small as it begins. By itself it grows while much passes through, to three times 16 MB, which
 * what dies at once has no use for; it is asked each time before it grows, so this may be said at any time.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets it grow again, as V8 does by itself: where hundreds of things are under way at once, each outlives many small young
 * generations and would be copied again and again.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
