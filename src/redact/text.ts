/** Redacts texts that people write or tools tell, before they go into a record, to Slack or to GitHub. */
import { createRedactor, type RedactionChoice, type Redactions } from './redactor.ts';
import type { RefusedValue } from './values/values.ts';

export interface RedactedText {
  text: string;
  counts: Redactions;
  /** The values that are not masked: the caller warns about them. */
  refused: readonly RefusedValue[];
}

/** The text without registered values and without what the detectors find; see redactedStream, of which it is the same. */
export function redactText(
  text: string,
  setting: { secrets: readonly string[]; choice?: RedactionChoice },
): RedactedText {
  const bytes = Buffer.from(text, 'utf8');
  const redactor = createRedactor({ ...setting, commands: false, size: bytes.length });
  const redacted = Buffer.concat([redactor.push(bytes), redactor.end()]);
  return { text: redacted.toString('utf8'), counts: redactor.counts(), refused: redactor.refused };
}
