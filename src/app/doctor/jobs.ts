/** What is the same for every job of ours: its environment, its permissions, its end. */
import { APPROVAL_ENVIRONMENT, sameName } from '../../log/names.ts';
import type { Policy } from '../../policy/schema.ts';
import { conditionOf, expressionOf, passes } from './expressions.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Job, WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** What the job that asks, closes or sweeps needs, and why. */
export const APPROVAL_PERMISSIONS: Permissions = {
  contents: 'read',
  issues: 'write',
  actions: 'read',
  'id-token': 'write',
};
export const DEBUG_PERMISSIONS: Permissions = { contents: 'read', issues: 'write', 'id-token': 'write' };

/** `workflow.debug.ask`: the beginning of a job's ids. */
export const idOf = ({ file, jobKey }: OurStep): string => `workflow.${file.base}.${jobKey}`;
/** `the job ask of .github/workflows/debug.yml` */
export const placeOf = ({ file, jobKey }: OurStep): string => `the job ${jobKey} of ${file.path}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A wrong finding of a job: `what` completes "The job ask of …", `line` is what to write there. */
export function wrongJob(of: OurStep, part: string, what: string, remedy: string): Finding {
  return wrong(`${idOf(of)}.${part}`, `${capital(placeOf(of))} ${what}`, remedy);
}

/** The job must be in debug-approval. */
export function inApproval(of: OurStep): Finding[] {
  const name = of.job.environment ?? null;
  if (name !== null && sameName(name, APPROVAL_ENVIRONMENT)) return [];
  const where = name === null ? 'is in no environment' : `is in the environment ${JSON.stringify(name)}`;
  return [
    wrongJob(
      of,
      'environment',
      `${where}, but only records signed in ${APPROVAL_ENVIRONMENT} count, and only it holds the Slack tokens.`,
      `Write \`environment: ${APPROVAL_ENVIRONMENT}\` into ${placeOf(of)}.`,
    ),
  ];
}

/** The job has what it needs; what it has beyond that is told. */
export function permitted(of: OurStep, needed: Permissions, policy: Policy): Finding[] {
  const has = of.job.permissions ?? of.file.permissions ?? null;
  const all = `\`permissions: { ${Object.entries(needed)
    .map(([name, level]) => `${name}: ${level}`)
    .join(', ')} }\``;
  const remedy = `Write ${all} into ${placeOf(of)}.`;
  if (has === null) {
    return [
      wrongJob(of, 'permissions', 'names no permissions, so it has what the repository gives to every job.', remedy),
    ];
  }
  const missing = lacking(has, needed, policy);
  if (missing.length > 0) return [wrongJob(of, 'permissions', `lacks ${listed(missing)}.`, remedy)];
  return tooMuch(of, has, needed, remedy);
}

/** What of it is not given, as `issues: write`. No token to sign with is lacked where the policy accepts unsigned records. */
export function lacking(has: Given, needed: Permissions, { signers }: Policy): string[] {
  return Object.entries(needed)
    .filter(([name, level]) => !enough(has, name, level) && !(name === 'id-token' && signers.unsigned === 'accept'))
    .map(([name, level]) => `${name}: ${level}`);
}

/** Whether a job gets ID tokens: by name alone, whatever the repository gives to every job. */
export function maySign(file: WorkflowFile, job: Job): boolean {
  const has = job.permissions ?? file.permissions ?? null;
  return has !== null && enough(has, 'id-token', 'write');
}

type Given = NonNullable<OurStep['job']['permissions']>;

/** Whether what is given includes that. */
export function enough(has: Given, name: string, level: 'read' | 'write'): boolean {
  if (has === 'write-all') return true;
  // `id-token` has no `read`, hence read-all does not give it.
  if (has === 'read-all') return level === 'read';
  return has[name] === 'write' || has[name] === level;
}

/** With these the approved command itself could change the policy, or cancel and start runs. */
const DANGEROUS = ['contents', 'actions'];

function tooMuch(of: OurStep, has: Given, needed: Permissions, remedy: string): Finding[] {
  const whole = typeof has === 'string';
  const more = whole ? [has] : Object.keys(has).filter((name) => has[name] === 'write' && needed[name] !== 'write');
  const read = whole ? [] : Object.keys(has).filter((name) => has[name] === 'read' && needed[name] === undefined);
  const danger = of.action === 'run' && (has === 'write-all' || more.some((name) => DANGEROUS.includes(name)));
  if (danger) {
    const what = `has ${listed(more.map((name) => (whole ? name : `${name}: write`)))}: the approved command could change the repository or its runs with it.`;
    return [wrongJob(of, 'permissions', what, remedy)];
  }
  if (more.length + read.length === 0) return [];
  const names = [...more.map((name) => (whole ? name : `${name}: write`)), ...read.map((name) => `${name}: read`)];
  return [
    note(`${idOf(of)}.permissions`, `${capital(placeOf(of))} has ${listed(names)}, which it does not need.`, remedy),
  ];
}

/** What a job must outlast: `what` names it ("the policy's expiry of 2h"), `minutes` leave room for the job's own work. */
export interface Span {
  seconds: number;
  what: string;
  minutes: number;
}

/** GitHub's own limit where nothing is said, and on its own runners whatever is said. */
const LIMIT = 360;
/** GitHub's own labels; what else is there may be a runner of one's own. */
const HOSTED =
  /^(?:ubuntu-(?:latest|\d\d\.\d\d)|windows-(?:latest|\d{4})|macos-(?:latest|\d+))(?:-arm|-large|-xlarge|-intel)?$/i;

/** The limit that ends it: the job's or its step's. What is an expression can be any. */
function shorter(job: string | undefined, step: string | undefined): string | undefined {
  if (step === undefined) return job;
  const limit = job ?? String(LIMIT);
  return Number(step) < Number(limit) || Number.isNaN(Number(step)) ? step : limit;
}

/** The job must outlast that. */
export function outlasts(of: OurStep, { seconds, what, minutes: advised }: Span): Finding[] {
  const given = shorter(of.job['timeout-minutes'], of.step['timeout-minutes']);
  const labels = [of.job['runs-on']].flat().map(String);
  const hosted = labels.some((label) => HOSTED.test(label)) && !labels.includes('self-hosted');
  const minutes = given === undefined ? LIMIT : Number(given);
  const place = placeOf(of);
  if (hosted && seconds >= LIMIT * 60) {
    const end = `ends after 6 hours on a runner of GitHub's, before ${what} is over: GitHub would kill it.`;
    const remedy = `Shorten it to less than 6h in the policy, or write \`runs-on: self-hosted\` and \`timeout-minutes: ${advised}\` into ${place}.`;
    return [wrongJob(of, 'timeout', end, remedy)];
  }
  if (Number.isNaN(minutes)) {
    const said = `${capital(place)} takes its time limit from ${given}; it must outlast ${what}.`;
    return [note(`${idOf(of)}.timeout`, said, `See that it is ${advised} minutes or more.`)];
  }
  const alone = of.step['timeout-minutes'] === undefined ? '' : ', and none at its step';
  const remedy = `Write \`timeout-minutes: ${advised}\` into ${place}${alone}.`;
  if (minutes * 60 <= seconds) {
    const limit = given === undefined ? `ends after GitHub's ${LIMIT} minutes` : `ends after ${given} minutes`;
    return [wrongJob(of, 'timeout', `${limit}, before ${what} is over: GitHub would kill it.`, remedy)];
  }
  if (given === undefined || minutes >= advised || (hosted && advised > LIMIT)) return [];
  const room = Math.round(minutes - seconds / 60);
  const tight = `${capital(place)} ends ${room} minutes after ${what}, which is little for its own work before and after.`;
  return [note(`${idOf(of)}.timeout`, tight, remedy)];
}

/** The job starts and its step runs whatever the request: only a guard on the branch or the event may stand there. */
export function unconditional(of: OurStep, parts: readonly ('job' | 'step')[]): Finding[] {
  return parts.flatMap((part) => {
    const condition = of[part].if;
    if (passes(condition) || guards(condition ?? '', of.file)) return [];
    const whose = part === 'job' ? 'has a condition of its own' : 'has a condition at the step of Debug Approval';
    return [
      wrongJob(
        of,
        part === 'job' ? 'if' : 'step-if',
        `${whose} (\`if: ${condition}\`): where it does not hold, nothing is done and nobody is told.`,
        `Remove \`if\` from ${part === 'job' ? placeOf(of) : `that step of ${placeOf(of)}`}.`,
      ),
    ];
  });
}

/** Only a guard on where the workflow is or how it was started, which holds for every request. */
function guards(condition: string, { events }: WorkflowFile): boolean {
  return conditionOf(condition)
    .split('&&')
    .every((part) => {
      const [, name = '', value = ''] = GUARD.exec(part) ?? [];
      if (name === 'event_name') return events.includes(value) || events.includes('workflow_call');
      return name !== '' || part === '!github.event.repository.fork';
    });
}

const GUARD = /^github\.(ref|ref_name|event_name|repository|repository_owner)=='([^']*)'$/;

/** Records count from a bot alone: what is signed and written with a person's token is ignored. */
function ownToken(of: OurStep): Finding[] {
  const token = of.step.with?.['github-token'];
  if (token === undefined || ['github.token', 'secrets.github_token'].includes(expressionOf(token) ?? '')) return [];
  const what = `${capital(placeOf(of))} writes with a token of its own: if that is a person's (ghp_…, github_pat_…), none of its records counts.`;
  return [
    note(
      `${idOf(of)}.token`,
      what,
      "Leave `github-token` out, so that the job's own token is used, or give it the token of a GitHub App.",
    ),
  ];
}

/** Nothing forgives a failure of the job or its step, no matrix multiplies it, and it writes with its own token. */
export function plain(of: OurStep): Finding[] {
  const forgiving = [of.job, of.step].some(
    ({ 'continue-on-error': given }) => given != null && conditionOf(String(given)) !== 'false',
  );
  return [
    ...ownToken(of),
    ...(forgiving
      ? [
          wrongJob(
            of,
            'continue-on-error',
            'has `continue-on-error`, so that its failure counts as success for the jobs after it.',
            `Remove \`continue-on-error\` from ${placeOf(of)}.`,
          ),
        ]
      : []),
    ...(of.job.strategy?.matrix == null
      ? []
      : [
          wrongJob(
            of,
            'strategy',
            'has a matrix: it would run more than once for one request.',
            `Remove \`strategy\` from ${placeOf(of)}.`,
          ),
        ]),
  ];
}
