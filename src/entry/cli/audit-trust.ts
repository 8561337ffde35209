/** `--trust`: what exports vouch for that the verifier kept where nobody with rights in the repository could change them. */
import { calculateJwkThumbprint } from 'jose';
import type { VouchedKey } from '../../app/audit.ts';
import { Fault } from '../../app/fault.ts';
import type { ExportHeader } from '../../log/export-format.ts';
import { scanExport } from '../../log/export-scan.ts';
import { type Trusted, trustOf } from '../../log/export-trust.ts';
import { verifyExport } from '../../log/export-verify.ts';
import { openFile } from './audit-input.ts';

/** An export that is trusted, and the keys with which its whole requests were verified. */
interface TrustedExport {
  header: ExportHeader;
  keys: VouchedKey[];
}

/** The keys that these exports vouch for. Throws a Fault `input` for one that cannot be read, is cut, or was changed. */
export async function trustedKeys(paths: readonly string[]): Promise<VouchedKey[]> {
  return (await Promise.all(paths.map(readTrusted))).flatMap(({ keys }) => keys);
}

/**
 * What a file is verified with where nothing but these exports is trusted: their keys and workflows. null where there are none.
 * Throws as `trustedKeys`, and where they are of several repositories: each has workflows of its own.
 */
export async function trustedBy(paths: readonly string[]): Promise<Trusted | null> {
  const exports = await Promise.all(paths.map(readTrusted));
  const last = exports.at(-1);
  if (last === undefined) return null;
  refuseSeveral(exports.map(({ header }) => header.repository));
  const keys = exports.flatMap((one) => one.keys);
  // Also those of an export without requests, which vouches for no key: the file's own keys are then unproven, not a stranger's.
  const issuers = [...new Set(exports.flatMap(({ header }) => header.issuers.map(({ issuer }) => issuer)))];
  return {
    trust: {
      ...trustOf(last.header),
      workflows: [...new Set(exports.flatMap(({ header }) => header.workflows))],
      issuers: issuers.map((issuer) => ({
        issuer,
        keys: keys.filter((one) => one.issuer === issuer).map(({ key }) => key),
      })),
    },
    known: { live: new Set(), vouched: new Set(keys.map(({ thumbprint }) => thumbprint)) },
  };
}

function refuseSeveral(repositories: readonly ExportHeader['repository'][]): void {
  const names = new Map(repositories.map(({ id, name }) => [id, name]));
  if (names.size < 2) return;
  throw new Fault(
    'input',
    `The exports to be trusted are of several repositories: ${[...names.values()].join(', ')}.`,
    'Name those of the repository that the file is of.',
  );
}

async function readTrusted(path: string): Promise<TrustedExport> {
  // Its frame first: a request that was broken already when it was exported makes no export untrustworthy, a changed byte does.
  const scan = await scanExport(await openFile(path));
  if (scan.kind !== 'complete') {
    const why = scan.kind === 'cut' ? 'it was cut: its end line is missing' : scan.why;
    throw new Fault('input', `${path} vouches for nothing, since ${why}.`, 'Name an export that is whole.');
  }
  const used = new Set<string>();
  await verifyExport(await openFile(path), {
    onRequest({ status, grading }) {
      if (status === 'whole') for (const { thumbprint } of grading?.keys ?? []) used.add(thumbprint);
    },
  });
  const keys = await Promise.all(
    scan.header.issuers.flatMap(({ issuer, keys: own }) =>
      own.map(async ({ live: _, ...key }) => ({ issuer, key, thumbprint: await calculateJwkThumbprint(key) })),
    ),
  );
  return { header: scan.header, keys: keys.filter(({ thumbprint }) => used.has(thumbprint)) };
}
