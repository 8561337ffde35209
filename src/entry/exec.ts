/** The starter that stands between the run action and the approved command; see src/runner/exec.ts. */
import '../runner/exec.ts';
