/** Lines that hold several values of different kinds. */
import { ADDRESSES } from './addresses.ts';
import { CLOUD } from './cloud.ts';
import { PERSONAL } from './personal.ts';
import { SAAS } from './saas.ts';
import { BASE64, type Chance, type Format, isMarked, mark } from './sample.ts';

/** A value of the detector whose format brings no surroundings of its own. */
function bare(c: Chance, detector: string, formats: readonly Format[]): string {
  for (const format of formats) {
    const value = format.detector === detector ? format.make(c) : '';
    if (value !== '' && !isMarked(value)) return mark(value, detector, 'secret');
  }
  throw new RangeError(`No format of ${detector} gives a bare value.`);
}

const secret = (c: Chance, detector: string) => bare(c, detector, [...CLOUD, ...SAAS]);
const datum = (c: Chance, detector: string) => bare(c, detector, [...PERSONAL, ...ADDRESSES]);

export const SEVERAL: readonly ((c: Chance) => string)[] = [
  (c) =>
    `{"user":"${datum(c, 'email')}","ip":"${datum(c, 'ipv4')}","token":"${secret(c, 'github-token')}","pan":"${datum(c, 'card')}"}`,
  (c) =>
    `${datum(c, 'ipv4')} - ${datum(c, 'email')} [31/Jan/2026:12:00:00 +0000] "GET /?key=${secret(c, 'gcp-api-key')} HTTP/1.1" 200 5`,
  (c) =>
    `AWS_ACCESS_KEY_ID=${secret(c, 'aws-access-key')} AWS_SECRET_ACCESS_KEY=${mark(c.of(BASE64, 40), 'aws-secret-key', 'secret')} aws s3 ls`,
  (c) => `7,ana,${datum(c, 'email')},${datum(c, 'phone')},${datum(c, 'iban')},${datum(c, 'ssn')},2026-03-01`,
  (c) => `lease ${datum(c, 'ipv4')} ${datum(c, 'mac')} ${datum(c, 'ipv6')} host-7`,
  (c) => `STRIPE=${secret(c, 'stripe-key')};NPM=${secret(c, 'npm-token')};SENDGRID=${secret(c, 'sendgrid-key')}`,
  (c) => `["${secret(c, 'openai-key')}","${secret(c, 'anthropic-key')}","${secret(c, 'huggingface-token')}"]`,
  (c) =>
    `moved ${secret(c, 'slack-token')}|${secret(c, 'gitlab-token')}|${secret(c, 'digitalocean-token')} of ${datum(c, 'names')}`,
];
