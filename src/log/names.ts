/** Names that GitHub tells apart by more than their case alone, and the one environment whose name is fixed. */

/** The environment of the ask, close and sweep jobs: only what is signed there opens, decides and closes. */
export const APPROVAL_ENVIRONMENT = 'debug-approval';

/** GitHub tells no difference between environments, owners and repositories whose names differ in (ASCII) case only. */
export function sameName(a: string, b: string): boolean {
  return a === b || lower(a) === lower(b);
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
