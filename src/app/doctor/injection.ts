/** What people type must stay text: in a shell of a workflow that signs it would be a command. */
import { expressionsIn, namesIn } from './expressions.ts';
import type { Finding } from './finding.ts';
import { capital, idOf, placeOf } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Step, WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

/** Findings about every step and the title of a workflow that signs. */
export function injections(file: WorkflowFile): Finding[] {
  const found = Object.entries(file.jobs).flatMap(([key, { steps }]) => {
    const typed = steps.flatMap(codeOf).flatMap((code) => typedIn(code, file));
    if (typed.length === 0) return [];
    const what = `The job ${key} of ${file.path} puts ${listed([...new Set(typed)])} into a script as text: whoever asks can write commands there.`;
    const remedy = `Hand it to the step by \`env\`, and write "$NAME" in the script.`;
    return [wrong(`workflow.${file.base}.${key}.script`, what, remedy)];
  });
  // A called workflow's own is not shown.
  const title = file.events.includes('workflow_dispatch') ? typedIn(file.runName, file) : [];
  if (title.length === 0) return found;
  const what = `The \`run-name\` of ${file.path} shows ${listed(title)}, which anybody who asks can word: it stands on every page of Actions.`;
  return [...found, note(`workflow.${file.base}.run-name`, what, 'Name only inputs of `type: choice` there.')];
}

/** What of a step is read as code: a shell's, or that of an action such as github-script. */
function codeOf({ run, with: given }: Step): string[] {
  const scripts = Object.entries(given ?? {}).filter(([name]) => /script|command|^(?:run|cmd)$/i.test(name));
  return [...(run === undefined ? [] : [run]), ...scripts.map(([, text]) => text)];
}

/** Findings about where a job of ours runs: nobody who asks may choose the machine or image that signs, or that runs what was approved. */
export function examineMachine(of: OurStep): Finding[] {
  const { file, job } = of;
  const parts = Object.entries({
    'runs-on': job['runs-on'],
    container: withoutEnv(job.container),
    services: Object.values(job.services ?? {}).map(withoutEnv),
  });
  const found = parts.map(([name, given]) => ({ name, typed: typedIn(JSON.stringify(given ?? null), file) }));
  const named = found.filter(({ typed }) => typed.length > 0);
  if (named.length === 0) return [];
  const [keys, typed] = [named.map(({ name }) => `\`${name}\``), [...new Set(named.flatMap((one) => one.typed))]];
  // What a caller hands over may be written out there.
  const called = !file.events.includes('workflow_dispatch') && file.events.includes('workflow_call');
  const whose = called ? 'its caller chooses' : 'whoever asks chooses';
  const what = `${capital(placeOf(of))} takes ${listed(keys)} from ${listed(typed)}: ${whose} the machine or image that has this job's signature and secrets.`;
  const remedy = `Write ${listed(keys)} out, or take ${keys.length === 1 ? 'it' : 'them'} from an input of \`type: choice\`.`;
  return [(called ? note : wrong)(`${idOf(of)}.machine`, what, remedy)];
}

/** Variables of a container are data. */
function withoutEnv(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return { ...given, env: null };
}

/** Words of an event that nobody but GitHub and the repository writes. */
const SAFE = [
  'inputs',
  'repository',
  'organization',
  'enterprise',
  'sender',
  'action',
  'number',
  'schedule',
  'workflow',
];

/** The expressions of a text that are what somebody typed. */
function typedIn(text: string, file: WorkflowFile): string[] {
  return expressionsIn(text).filter((whole) => {
    const expression = namesIn(whole).replaceAll(JUDGED, '');
    // What is compared comes out as true or false.
    if (/[=!<>]=?/.test(expression) && !/\|\||&&/.test(expression)) return false;
    const named = [...expression.matchAll(/(?<![\w.-])(?:github\.event\.)?inputs\.([\w-]+)/g)].map(
      ([, name]) => name ?? '',
    );
    const events = [...expression.matchAll(/(?<![\w.-])github\.event\.(\w+)/g)].map(([, name]) => name ?? '');
    return (
      named.some((name) => isFree(file, name)) ||
      events.some((name) => !SAFE.includes(name)) ||
      /(?<![\w.-])(?:github\.head_ref|github\.event(?!\.)|(?:github\.event\.)?inputs(?![\w.-])|tojson\(github\))/.test(
        expression,
      )
    );
  });
}

/** What only decides: a name that is compared or stands before `&&`, and what is looked for in a text. */
const JUDGED =
  /(?<![\w.-])(?:contains|startswith|endswith)\([^()]*\)|(?<![\w.-])[\w.-]+(?===|!=|[<>]|&&)|(?<===|!=|[<>]=?)[\w.-]+/g;

/** A called workflow is handed what its caller likes. */
const isFree = ({ inputs, events }: WorkflowFile, name: string): boolean =>
  inputs.get(name)?.free ?? events.includes('workflow_call');

/** Actions that only prepare a job. */
const PREPARES = /^(?:[\w.-]+\/(?:checkout|setup-[\w.-]+|create-github-app-token|cache|harden-runner))(?:\/[\w./-]+)?@/;

/** What else runs in a job that can sign decisions. Called for ask, close and sweep. */
export function strangeSteps(of: OurStep, ours: readonly OurStep[]): Finding[] {
  const names = foreign(of, ours);
  if (names.length === 0) return [];
  const what = `${capital(placeOf(of))} does ${listed(names)} too: each step of this job can sign decisions and read what stands in its environment.`;
  return [note(`${idOf(of)}.steps`, what, 'Move it into a job without an environment.')];
}

/** The names of a job's steps that are neither ours nor merely prepare it. */
export function foreign(of: OurStep, ours: readonly OurStep[]): string[] {
  const own = ours.map(({ step }) => step);
  return of.job.steps.filter((step) => !own.includes(step) && !isPreparing(step)).map(nameOf);
}

/** Whether a step uses an action that only prepares a job. */
export const isPreparing = ({ uses }: Step): boolean => PREPARES.test(uses ?? '');

/** How people recognize a step. */
export function nameOf({ uses, name, run }: Step): string {
  return uses ?? name ?? `\`${(run ?? '').split('\n', 1)[0]?.slice(0, 40)}\``;
}
