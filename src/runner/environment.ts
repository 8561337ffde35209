/** What of this job's environment the command may see, and which values of it must never be printed. */
import { Fault } from '../app/fault.ts';

type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** What programs need to work at all, and what tells them where they run; none of it is a credential. */
const GIVEN = new Set([
  ...['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'USER', 'SHELL'],
  ...['SYSTEMROOT', 'COMSPEC', 'PATHEXT', 'WINDIR'],
  ...['CI', 'GITHUB_ACTIONS', 'GITHUB_REPOSITORY', 'GITHUB_SHA', 'GITHUB_REF', 'GITHUB_RUN_ID', 'GITHUB_WORKSPACE'],
  ...['RUNNER_OS', 'RUNNER_ARCH', 'RUNNER_TEMP'],
  // By this the runner finds processes that outlive their step and ends them with the job.
  'RUNNER_TRACKING_ID',
]);

/** Files and addresses by which a step steers the job, hence what runs after the command. */
const STEERING = new Set(['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']);

/** This action's own inputs and state, and the runner's own services with their tokens. */
const CLOSED = /^(INPUT_|STATE_|ACTIONS_)/;

/**
 * The command's environment: a fixed list of harmless variables, and those that the runbook names in `allowed`, spelled
 * as there. On Windows the case of a name makes no difference; for what is withheld it makes none anywhere. A variable
 * that this job does not have is left out.
 * Throws a Fault `policy` if the runbook names a variable that no command may have.
 */
export function childEnvironment(processEnv: ProcessEnv, allowed: readonly string[]): Record<string, string> {
  for (const name of allowed) refuseClosed(name);
  const wanted = new Map(allowed.map((name) => [key(name), name]));
  const given = Object.entries(processEnv).flatMap(([name, value]): [string, string][] => {
    const asked = wanted.get(key(name));
    return value !== undefined && (asked !== undefined || isGiven(name)) ? [[asked ?? name, value]] : [];
  });
  return Object.fromEntries(given);
}

/**
 * The values to mask in whatever the command prints: tokens among the inputs, the runner's own tokens, the job's token,
 * and every value that the runbook hands to the command by name (in `allowed`).
 */
export function secretValues(processEnv: ProcessEnv, allowed: readonly string[]): string[] {
  const named = new Set(allowed.map((name) => key(name)));
  const values = Object.entries(processEnv).flatMap(([name, value]) =>
    value !== undefined && value !== '' && (isToken(name) || named.has(key(name))) ? [value] : [],
  );
  return [...new Set(values)];
}

function isToken(name: string): boolean {
  return /^(INPUT_.*TOKEN.*|ACTIONS_.*TOKEN|GITHUB_TOKEN)$/.test(name.toUpperCase());
}

function isGiven(name: string): boolean {
  return GIVEN.has(key(name)) || key(name).startsWith('LC_');
}

function isClosed(name: string): boolean {
  const upper = name.toUpperCase();
  return CLOSED.test(upper) || STEERING.has(upper);
}

function refuseClosed(name: string): void {
  if (!isClosed(name)) return;
  throw new Fault(
    'policy',
    `The runbook asks for the environment variable ${name}, which no command may have: with it the command could act as this job.`,
    `Remove ${name} from the runbook's list of variables; give the command a secret of its own instead.`,
  );
}

/** A variable's name as the platform compares it. */
function key(name: string): string {
  return process.platform === 'win32' ? name.toUpperCase() : name;
}
