/** The matrix: what somebody could do to the first request, and what the rule says becomes of it. */
import { ADDITIONS, COPIES } from './additions.ts';
import { CHANGES, DELETIONS } from './losses.ts';
import type { Row } from './row.ts';
import { TEXTS } from './texts.ts';

export const MATRIX: readonly Row[] = [...CHANGES, ...DELETIONS, ...COPIES, ...TEXTS, ...ADDITIONS];
