/** The policy's webhook for a job, loaded only where the policy has one. */
import type { ReceiverAt } from '../app/ports.ts';
import { clock } from './clock.ts';
import { VERSION } from './version.ts';

/** What must not be shown of the secret: itself, and the key without the prefix that says what it is. */
export function maskedOf(secret: string): string[] {
  return [secret, secret.replace(/^whsec_/, '')];
}

/** Null without a secret: then nothing is sent, and what the policy's webhook lacks is said. */
export function receiverWith(secret: string): ReceiverAt {
  if (secret === '') return null;
  return async (url) => {
    const { webhookReceiver } = await import('../webhook/receiver.ts');
    return webhookReceiver({ url, secret, version: VERSION, clock });
  };
}
