/** Which repository a command is about: as named, as a job's environment has it, or as the folder's remote `origin` says. */
import { Fault } from '../../app/fault.ts';
import { originOf, workTreeOf } from './git.ts';
import { serverFromShell } from './github.ts';

/** `owner/name`. Throws a Fault `input` where nothing names one. */
export async function repositoryOf(named: string | undefined): Promise<string> {
  const name = await findRepository(named);
  if (name !== null) return name;
  throw new Fault(
    'input',
    'No repository is named, and this folder has no remote `origin` on the GitHub that is asked.',
    'Give --repository owner/name.',
  );
}

/** As `repositoryOf`; null where nothing names one. */
export async function findRepository(named: string | undefined): Promise<string | null> {
  const given = named || process.env['GITHUB_REPOSITORY'] || '';
  if (given !== '') return given.replace(/\.git$/, '');
  try {
    return await originOf(await workTreeOf('.'), serverFromShell().hosts);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
