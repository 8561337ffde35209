/** What is the same for every job of ours: its environment, its permissions, its end. */
import { APPROVAL_ENVIRONMENT, sameName } from '../../log/names.ts';
import type { Finding } from './finding.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './workflow-file.ts';

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

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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
export function permitted(of: OurStep, needed: Permissions): Finding[] {
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
  const missing = Object.entries(needed).filter(([name, level]) => !enough(has, name, level));
  if (missing.length > 0) {
    const names = missing.map(([name, level]) => `${name}: ${level}`);
    return [wrongJob(of, 'permissions', `lacks ${listed(names)}.`, remedy)];
  }
  return tooMuch(of, has, needed, remedy);
}

type Given = NonNullable<OurStep['job']['permissions']>;

function enough(has: Given, name: string, level: 'read' | 'write'): boolean {
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

/** The job must outlast so many seconds. `what` names them: "the policy's expiry of 2h". */
export function outlasts(of: OurStep, seconds: number, what: string): Finding[] {
  const given = of.job['timeout-minutes'];
  // GitHub's own limit where nothing is said.
  const minutes = given === undefined ? 360 : Number(given);
  if (Number.isNaN(minutes)) {
    const said = `${capital(placeOf(of))} takes its time limit from ${given}; it must outlast ${what}.`;
    return [note(`${idOf(of)}.timeout`, said, `See that it is above ${Math.ceil(seconds / 60)} minutes.`)];
  }
  if (minutes * 60 > seconds) return [];
  const limit = given === undefined ? "ends after GitHub's 360 minutes" : `ends after ${given} minutes`;
  return [
    wrongJob(
      of,
      'timeout',
      `${limit}, before ${what} is over: GitHub would kill it.`,
      `Write \`timeout-minutes: ${Math.ceil(seconds / 60) + 10}\` into ${placeOf(of)}${seconds >= 360 * 60 ? ' (beyond 360 only self-hosted runners go), or shorten it in the policy' : ''}.`,
    ),
  ];
}

/** Records count from a bot alone: what is signed and written with a person's token is ignored. */
function ownToken(of: OurStep): Finding[] {
  const token = of.step.with?.['github-token'];
  if (token === undefined || /^\s*\$\{\{\s*(github\.token|secrets\.GITHUB_TOKEN)\s*\}\}\s*$/.test(token)) return [];
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
    (part) => ![undefined, null, false].some((no) => part['continue-on-error'] === no),
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
    ...(of.job.strategy == null
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
