/** All detectors, in the order in which they count where several find a value at the same place: the most certain first. */
import { CLOUD } from './detectors/cloud.ts';
import { CREDENTIALS } from './detectors/credentials.ts';
import { DELIVERY } from './detectors/delivery.ts';
import type { Detector } from './detectors/detector.ts';
import { DEVELOPMENT } from './detectors/development.ts';
import { KEYS } from './detectors/keys.ts';
import { NAMED_VALUES } from './detectors/named.ts';
import { NETWORK } from './detectors/network.ts';
import { PERSONAL } from './detectors/personal.ts';
import { SAAS } from './detectors/saas.ts';
import { SERVICES } from './detectors/services.ts';

export const DETECTORS: readonly Detector[] = [
  ...KEYS,
  ...CLOUD,
  ...DEVELOPMENT,
  ...DELIVERY,
  ...SAAS,
  ...SERVICES,
  ...CREDENTIALS,
  ...NAMED_VALUES,
  ...PERSONAL,
  ...NETWORK,
];

/** What they find is of people and machines, and no key to anything. */
export const PERSONAL_DATA: readonly string[] = [...PERSONAL, ...NETWORK].map(({ id }) => id);
