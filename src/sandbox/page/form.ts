/** "Run workflow" as the repository's debug.yml declares it, read by the sandbox's own workflow parser. */
import { parseWorkflow } from '../workflow/parse.ts';
import type { DispatchInput, Workflow } from '../workflow/schema.ts';
import type { SceneField } from './scene.ts';

export const DEBUG_WORKFLOW = '.github/workflows/debug.yml';

/** The workflow of requests. Throws `WorkflowRefused` for what the sandbox cannot run. */
export function readDebugWorkflow(text: string): Workflow {
  return parseWorkflow(text, DEBUG_WORKFLOW);
}

/** The fields of the form, in the file's order. */
export function formOf(workflow: Workflow): SceneField[] {
  const inputs = workflow.on.workflow_dispatch?.inputs ?? {};
  return Object.entries(inputs).map(([name, input]) => fieldOf(name, input));
}

function fieldOf(name: string, input: DispatchInput): SceneField {
  const { description = name, required, type } = input;
  const options = input.options ?? [];
  // GitHub offers a choice's first option where no default is named.
  const first = type === 'choice' ? (options[0] ?? '') : '';
  const shown = type === 'environment' ? 'string' : type;
  return { name, description, type: shown, required, default: input.default ?? first, options };
}
