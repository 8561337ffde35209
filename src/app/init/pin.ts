/** Whether the version of the product that the workflows will name can be had there: seen before anything is written. */
import * as v from 'valibot';
import { Fault } from '../fault.ts';
import type { ActionPin } from './workflow.ts';

/** The text of a file of any repository at a commit or at `HEAD`; null where GitHub shows none. */
export type ReadElsewhere = (repository: string, ref: string, path: string) => Promise<string | null>;

const MANIFEST = 'package.json';
const Manifest = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ name: v.literal('debug-approval'), version: v.pipe(v.string(), v.regex(/^[0-9A-Za-z.+-]{1,40}$/)) }),
);

/**
 * The pin with the version that stands at its commit, and what could not be seen. Throws a Fault `refused` where GitHub
 * shows the repository without that commit, or something else than the product at it.
 */
export async function checkPin(read: ReadElsewhere, pin: ActionPin): Promise<{ action: ActionPin; notes: string[] }> {
  const { name, sha } = pin;
  const text = await orFault(read(name, sha, MANIFEST));
  if (text instanceof Fault) return unseen(pin, text.message);
  if (text === null) {
    const head = await orFault(read(name, 'HEAD', MANIFEST));
    if (typeof head === 'string') throw absent(pin);
    return unseen(pin, `GitHub shows no ${MANIFEST} there to this token.`);
  }
  const manifest = v.safeParse(Manifest, text);
  if (!manifest.success) {
    throw new Fault(
      'refused',
      `${name}@${sha} is not Debug Approval: its ${MANIFEST} is another's.`,
      "Name the right one: --action OWNER/NAME@SHA, with the commit from the release's page.",
    );
  }
  const { version } = manifest.output;
  const action = { ...pin, version };
  if (version === pin.version) return { action, notes: [] };
  return {
    action,
    notes: [
      `${name}@${sha.slice(0, 7)} is version ${version}, and this program is ${pin.version}: the workflows are those of ${pin.version}. Rather run the init of the version that is pinned.`,
    ],
  };
}

function absent({ name, sha }: ActionPin): Fault {
  return new Fault(
    'refused',
    `GitHub has no commit ${sha} in ${name}: every job would fail before its first step.`,
    `Push it (is this clone ahead of ${name}?), check a release out and run its init, or name another version: --action OWNER/NAME@SHA.`,
  );
}

function unseen(pin: ActionPin, why: string): { action: ActionPin; notes: string[] } {
  const { name, sha } = pin;
  const what = `Whether ${name} has the commit ${sha} could not be seen: ${why}`;
  return {
    action: pin,
    notes: [
      `${what} Where it is private, its settings (Actions, General, Access) must let this repository use its actions.`,
    ],
  };
}

async function orFault<T>(asked: Promise<T>): Promise<T | Fault> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}
