/** `--trust`: exports that the verifier kept where nobody with rights in the repository could change them. */
import { Fault } from '../../app/fault.ts';
import type { VerifyOptions } from '../../log/export-run.ts';
import { type TrustedExport, trustedExport, trustedFor, type VouchedKey } from '../../log/export-vouch.ts';
import { openFile } from './audit-input.ts';

/** The keys that these exports vouch for. Throws a Fault `input` for one that cannot be read, is cut, or was changed. */
export async function trustedKeys(paths: readonly string[]): Promise<VouchedKey[]> {
  return (await Promise.all(paths.map(readTrusted))).flatMap(({ keys }) => keys);
}

/**
 * What a file is verified with where nothing but these exports is trusted: its header says which of them are of its
 * repository. undefined where there are none, and all is the file's own word. Throws as `trustedKeys`.
 */
export async function trustedBy(paths: readonly string[]): Promise<VerifyOptions['trusted']> {
  const exports = await Promise.all(paths.map(readTrusted));
  return exports.length === 0 ? undefined : (header) => trustedFor(exports, header);
}

async function readTrusted(path: string): Promise<TrustedExport> {
  const read = await trustedExport(await openFile(path));
  if (read.ok) return read.trusted;
  throw new Fault('input', `${path} vouches for nothing, since ${read.why}.`, 'Name an export that is whole.');
}
