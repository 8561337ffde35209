/** The free texts of an ask as its request holds them: without what is masked, and with word of that for whoever asks. */
import { PERSONAL_DATA } from '../redact/detectors.ts';
import { DEFAULT_CHOICE, type RedactionChoice, type Redactions } from '../redact/redactor.ts';
import { redactText } from '../redact/text.ts';
import type { Redaction } from './desk.ts';

/**
 * An input is what the command gets, and what approvers approve: an address or an order's number in it is what was asked for, so
 * only what is a key to something is taken out of it, unless the policy lets it stay.
 */
function credentialsOf({ off, allow }: RedactionChoice): RedactionChoice {
  return { ...DEFAULT_CHOICE, off: [...PERSONAL_DATA, ...off], allow };
}

export interface AskTexts {
  reason: string;
  ticket: string;
  /** Parsed JSON, not yet checked against the runbook. */
  inputs: unknown;
}

/** `masked` says what was masked where, by detector and count; null: nothing was. */
export function maskedTexts(given: AskTexts, redaction: Redaction): AskTexts & { masked: string | null } {
  const places: string[] = [];
  const mask = (place: string, value: string, by = redaction): string => {
    // A lone surrogate is no text that JSON or GitHub could hand back unchanged.
    const { text, counts } = redactText(value.toWellFormed(), by);
    if (Object.keys(counts).length > 0) places.push(`${place} (${countsText(counts)})`);
    return text;
  };
  const reason = mask('reason', given.reason.trim());
  const ticket = mask('ticket', given.ticket.trim());
  const credentials = { ...redaction, choice: credentialsOf(redaction.choice) };
  const inputs = maskedInputs(given.inputs, (place, value) => mask(place, value, credentials));
  return { reason, ticket, inputs, masked: places.length === 0 ? null : sentence(places) };
}

/** `email 3, ipv4 1`; `registered` are the values of secrets. */
function countsText(counts: Redactions): string {
  return Object.entries(counts)
    .map(([detector, count]) => `${detector} ${count}`)
    .join(', ');
}

function sentence(places: readonly string[]): string {
  return `Masked before anybody sees it: ${places.join('; ')}. The command gets its inputs so, too. What must stay, \`redaction\` in the policy can allow.`;
}

/** A secret in an input becomes its mark before the runbook's patterns judge it. */
function maskedInputs(inputs: unknown, mask: (place: string, text: string) => string): unknown {
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      typeof value === 'string' ? mask(`input ${/^[\w-]{1,63}$/.test(name) ? name : '?'}`, value) : value,
    ]),
  );
}
