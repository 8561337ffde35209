/** The product's own files, which `init` makes a repository's files of. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '../app/fault.ts';
import { PLACES, type ProductFiles } from '../app/init/plan.ts';

/** The product's top: two folders above this module, and above action/dist, where it is bundled. */
export const PRODUCT = new URL('../../', import.meta.url);

/** Reads them. Throws a Fault `environment` where this copy of the product lacks one. */
export async function readProduct(): Promise<ProductFiles> {
  const [debug, sweep, doctor, hello, manifest] = await Promise.all([
    needed(PLACES.debug),
    needed(PLACES.sweep),
    textOf(PLACES.doctor),
    needed(PLACES.hello),
    needed(PLACES.manifest),
  ]);
  return { debug, sweep, doctor, hello, manifest };
}

async function needed(path: string): Promise<string> {
  const text = await textOf(path);
  if (text !== null) return text;
  throw new Fault(
    'environment',
    `This copy of Debug Approval is incomplete: ${fileURLToPath(new URL(path, PRODUCT))} is missing.`,
    'Clone or install it again.',
  );
}

/** With the line ends of the repository, whatever git made of them here. */
async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(new URL(path, PRODUCT), 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
