/** `--trust`: what exports vouch for that the verifier kept where nobody with rights in the repository could change them. */
import { Fault } from '../../app/fault.ts';
import type { Trusted } from '../../log/export-trust.ts';
import { type TrustedExport, trustedExport, trustIn, type VouchedKey } from '../../log/export-vouch.ts';
import { openFile } from './audit-input.ts';

/** The keys that these exports vouch for. Throws a Fault `input` for one that cannot be read, is cut, or was changed. */
export async function trustedKeys(paths: readonly string[]): Promise<VouchedKey[]> {
  return (await Promise.all(paths.map(readTrusted))).flatMap(({ keys }) => keys);
}

/**
 * What a file is verified with where nothing but these exports is trusted; null where there are none. Throws as `trustedKeys`,
 * and where they are of several repositories: each has workflows of its own.
 */
export async function trustedBy(paths: readonly string[]): Promise<Trusted | null> {
  const exports = await Promise.all(paths.map(readTrusted));
  const last = exports.pop();
  if (last === undefined) return null;
  const names = new Map([...exports, last].map(({ header: { repository } }) => [repository.id, repository.name]));
  if (names.size > 1) {
    throw new Fault(
      'input',
      `The exports to be trusted are of several repositories: ${[...names.values()].join(', ')}.`,
      'Name those of the repository that the file is of.',
    );
  }
  return trustIn(last, exports);
}

async function readTrusted(path: string): Promise<TrustedExport> {
  const read = await trustedExport(await openFile(path));
  if (read.ok) return read;
  throw new Fault('input', `${path} vouches for nothing, since ${read.why}.`, 'Name an export that is whole.');
}
