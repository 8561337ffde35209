/** Whether the debug job's checkout is what was approved: that commit, and nothing else, byte for byte. */
import { Fault } from './fault.ts';
import type { JobIdentity, WorkingCopy } from './ports.ts';

const LINE_ENDS_REMEDY =
  'Give the debug job the `env` with GIT_CONFIG_COUNT that .github/workflows/debug.yml has, so that git checks out the bytes that were approved (core.autocrlf false, core.eol lf); or write `* -text` (or `* text=auto eol=lf`) into .gitattributes and commit it.';

/** Throws a Fault `refused` unless the working copy is empty or exactly the job's commit. */
export async function proveWorkingCopy(workingCopy: WorkingCopy, job: JobIdentity): Promise<void> {
  const state = await workingCopy.state();
  if (state === null) return;
  if (state.commit !== job.commit) {
    throw new Fault(
      'refused',
      `The checkout is at ${state.commit}, approved was ${job.commit}.`,
      'Check out `ref: ${{ github.sha }}` in the debug job.',
    );
  }
  const { changed, lineEnds = [] } = state;
  if (changed.length === 0) return;
  const other = changed.filter((path) => !lineEnds.includes(path));
  if (other.length > 0) {
    throw new Fault(
      'refused',
      `The checkout is not clean: ${other.slice(0, 10).join(', ')} differ from the approved commit.`,
      'Let no step change the working copy before this action.',
    );
  }
  throw new Fault(
    'refused',
    `The checkout has other line ends than the approved commit: ${lineEnds.slice(0, 10).join(', ')} (${lineEnds.length} files). Git for Windows converts them unless it is told not to.`,
    LINE_ENDS_REMEDY,
  );
}
