/** Which steps of the workflows use our actions. */
import type { Job, Step, WorkflowFile } from './workflow-file.ts';

export type ActionName = 'ask' | 'run' | 'sweep' | 'doctor';

/** A step that uses one of our actions. */
export interface OurStep {
  file: WorkflowFile;
  jobKey: string;
  job: Job;
  step: Step;
  action: ActionName;
  /** `owner/name`; null for an action of the repository itself. */
  source: string | null;
  /** What stands after `@`; null without. */
  ref: string | null;
}

const LOCAL = /^\.\/(?:action\/(run|sweep|doctor))?\/?$/;
const REMOTE = /^([\w.-]+\/[\w.-]+)(?:\/action\/(run|sweep|doctor))?@(.+)$/;

/** The steps of these workflows that use our actions: a repository is ours by its folder `action/…`, or by what its action is given. */
export function ourSteps(files: readonly WorkflowFile[]): OurStep[] {
  const all = files.flatMap((file) =>
    Object.entries(file.jobs).flatMap(([jobKey, job]) =>
      job.steps.flatMap((step) => (step.uses === undefined ? [] : [{ file, jobKey, job, step, uses: step.uses }])),
    ),
  );
  const sources = new Set(all.flatMap(({ uses, step }) => sourceOf(uses, step)));
  return all.flatMap(({ uses, ...where }): OurStep[] => {
    const local = LOCAL.exec(uses);
    if (local !== null) {
      // Many repositories have an action of their own: `./` is ours if it is given what ours takes.
      const isOurs = local[1] !== undefined || asks(where.step);
      return isOurs ? [{ ...where, action: nameOf(local[1]), source: null, ref: null }] : [];
    }
    const [, source = '', action, ref = ''] = REMOTE.exec(uses) ?? [];
    return sources.has(source.toLowerCase()) ? [{ ...where, action: nameOf(action), source, ref }] : [];
  });
}

function sourceOf(uses: string, step: Step): string[] {
  const [, source, action] = REMOTE.exec(uses) ?? [];
  return source !== undefined && (action !== undefined || asks(step)) ? [source.toLowerCase()] : [];
}

/** Two of them, since the one that is missing is a finding. */
function asks(step: Step): boolean {
  const told = ['runbook', 'target', 'reason', 'slack-app-token'];
  return told.filter((name) => step.with?.[name] !== undefined).length > 1;
}

function nameOf(folder: string | undefined): ActionName {
  return folder === 'run' || folder === 'sweep' || folder === 'doctor' ? folder : 'ask';
}
