/** The page of `audit report`, as it was built: what the report's data is put into. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '../app/fault.ts';
import { PRODUCT } from './product-files.ts';

const PAGE = new URL('action/dist/report.html', PRODUCT);

/** Reads it. Throws a Fault `environment` where this copy of the product lacks it. */
export async function readReportPage(): Promise<string> {
  try {
    return await readFile(PAGE, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new Fault(
      'environment',
      `This copy of Debug Approval is incomplete: ${fileURLToPath(PAGE)} is missing.`,
      'Install it again; in a clone, run `npm run build`.',
      { cause: error },
    );
  }
}
