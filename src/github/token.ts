/** A token as it may be sent: what cannot stand in a header is refused here, since fetch quotes it in its error. */
import { Fault } from '../app/fault.ts';

/** The token itself. Throws a Fault `input` that names where it came from and never its value. */
export function sendable(token: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new Fault(
    'input',
    `${from} is no token: it holds a space, a line break or another character that no token has.`,
    'Store the secret again, as one line without anything around it.',
  );
}
