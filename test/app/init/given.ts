/** What the tests of `init` begin with: flags, what GitHub knows, and the product's own files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Known } from '../../../src/app/init/look-up.ts';
import { keysFor } from '../../../src/app/init/look-up.ts';
import { PLACES, type Plan, type PlanInput, type ProductFiles, planFiles } from '../../../src/app/init/plan.ts';
import { type Flags, readWishes } from '../../../src/app/init/wishes.ts';
import { ROOT } from '../../source.ts';

export const SHA = '0123456789abcdef0123456789abcdef01234567';
export const ACTION = { name: 'acme/debug-approval', sha: SHA, version: '1.2.3' };

/** The flags of a set-up with Slack, two targets and three people. */
export const FLAGS: Flags = {
  person: ['ana-dev:ana', 'bo-dev:T1/UBO', 'Cy-Dev'],
  approver: ['bo-dev', 'cy-dev'],
  target: ['eu', 'production=live'],
  slackChannel: 'C123',
  expiry: '1h',
  window: '45m',
};

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** As they stand in this repository. */
export const PRODUCT: ProductFiles = {
  debug: read(PLACES.debug),
  sweep: read(PLACES.sweep),
  doctor: read(PLACES.doctor),
  hello: read(PLACES.hello),
  manifest: read(PLACES.manifest),
};

/** What looking these flags up gives where everybody is to be had, without an environment yet. */
export function knownOf(flags: Flags): Known {
  const { wishes } = readWishes(flags);
  const keys = keysFor(wishes.people.map(({ login }) => login));
  const people = wishes.people.map(({ login, slack }, index) => {
    const ids = slack?.kind === 'ids' ? slack : { team: 'T1', user: `U${100 + index}` };
    const inSlack = slack === null ? {} : { slack: { team: ids.team, user: ids.user } };
    return { name: `Account ${101 + index}`, github: { id: 101 + index, login }, ...inSlack };
  });
  const { channel } = wishes;
  return {
    people: Object.fromEntries(people.map((person, index) => [keys[index] ?? '', person])),
    keys: new Map(wishes.people.map(({ login }, index) => [login.toLowerCase(), keys[index] ?? ''])),
    channel: channel?.kind === 'id' ? channel.id : null,
    repository: { public: false, defaultBranch: 'main' },
    environments: {},
  };
}

/** The plan of these flags. */
export function planOf(flags: Flags, change: Partial<PlanInput> = {}): Plan {
  const { wishes, mistakes } = readWishes(flags);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return planFiles({
    ...{ wishes, known: knownOf(flags), product: PRODUCT, repository: 'acme/shop', branch: 'main' },
    ...{ action: ACTION, kept: null, apiIsLoopback: false },
    ...change,
  });
}

/** The text of a planned file. */
export function textOf({ files }: Plan, path: string): string {
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${path} is not planned`);
  return found.text;
}
