/** The town that the page is played in: the usual one, with a secret in its environments and runbooks that are careless with it. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentOptions } from '../github/server.ts';
import type { TownOptions } from '../town.ts';
import { DEBUG_WORKFLOW } from './form.ts';

const SECRET = 'ORDERS_DATABASE_URL';
const CARELESS = `echo "Connecting to \${${SECRET}:-nowhere} (a careless tool prints what it should not)."\n`;
const RUNBOOKS = ['hello.sh', 'find-order.sh'];
const COMMENTED = [`        # env:\n`, `        #   ${SECRET}: \${{ secrets.${SECRET} }}\n`];

/** So short that whoever looks on need not wait. */
const RETENTION = { slack: '1s', transcript: '1s', 'run-logs': '1s' };

/** So that masking shows: without a secret in the output there is nothing to mask. */
export function pageTown(): TownOptions {
  const secret = `postgres://orders:${randomBytes(9).toString('hex')}@db.example.com/orders`;
  const withSecret = (environment: EnvironmentOptions): EnvironmentOptions =>
    environment.name === 'debug-approval'
      ? environment
      : { ...environment, secrets: { ...environment.secrets, [SECRET]: secret } };
  return {
    environments: (sound) => sound.map(withSecret),
    policy: [
      { path: ['runbooks', 'hello', 'env'], value: [SECRET] },
      { path: ['retention'], value: RETENTION },
    ],
    prepare: makeCareless,
  };
}

async function makeCareless(checkout: string): Promise<void> {
  const workflow = join(checkout, DEBUG_WORKFLOW);
  const text = await readFile(workflow, 'utf8');
  const uncommented = COMMENTED.reduce((all, line) => all.replace(line, line.replace('# ', '')), text);
  if (uncommented === text) throw new Error(`${DEBUG_WORKFLOW} no longer shows how a runbook gets its secret.`);
  await writeFile(workflow, uncommented);
  for (const name of RUNBOOKS) {
    const path = join(checkout, '.github/runbooks', name);
    await writeFile(path, `${await readFile(path, 'utf8')}${CARELESS}`);
  }
}
