/** The webhook's secret in a job: masked whole and without its prefix, and looked at only where the policy has a webhook. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { maskedOf, receiverWith } from '../../src/entry/webhook.ts';

test('both the secret and the key in it are masked: either would sign', () => {
  expect(maskedOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toEqual([
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ]);
});

test('without a secret there is no receiver; with one that is none it is refused only where it is needed', async () => {
  expect(receiverWith('')).toBeNull();
  const at = receiverWith('not-a-secret');
  await expect(at?.('https://hooks.example.com')).rejects.toThrow(Fault);
});
