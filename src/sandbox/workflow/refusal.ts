/** The error that says why a workflow is not run at all. */

/** Nothing has run yet. `problems` are sentences, each naming the key, action or input that is at fault. */
export class WorkflowRefused extends Error {
  readonly problems: readonly string[];
  constructor(path: string, problems: readonly string[]) {
    super(`${path} cannot run in the sandbox:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'WorkflowRefused';
    this.problems = problems;
  }
}
