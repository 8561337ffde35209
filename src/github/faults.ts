/** GitHub's refusals and failures as {@link Fault}: what happened, why, and what to do next. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';

/** Who calls GitHub: a workflow's job by its key, a GitHub App by its id, or (null) a person's own token. */
export type Caller = string | null | { app: number };

/** What was being done ("read issue #7"), and by whom. */
export interface Attempt {
  doing: string;
  job: Caller;
}

const Headers = v.record(v.string(), v.optional(v.union([v.string(), v.number()])));
const GraphqlError = v.looseObject({
  type: v.optional(v.string()),
  message: v.string(),
  path: v.optional(v.array(v.union([v.string(), v.number()]))),
});
/** An answer that GitHub gave with an error status. */
const Answered = v.looseObject({
  status: v.number(),
  response: v.looseObject({ headers: Headers, data: v.unknown() }),
});
/** A GraphQL answer with `errors`, as Octokit or its throttling plugin throws it. */
const GraphqlAnswer = v.looseObject({
  errors: v.pipe(v.array(GraphqlError), v.minLength(1)),
  data: v.optional(v.unknown()),
  headers: v.optional(Headers),
});
/** What the throttling plugin throws for a GraphQL answer about a limit: it has no status. */
const Limited = v.looseObject({
  response: v.looseObject({ headers: Headers, data: v.looseObject({ errors: v.array(GraphqlError) }) }),
});
type Answer = { status: number; headers: v.InferOutput<typeof Headers>; message: string };

/** The answer within an error that Octokit threw; null when GitHub did not answer at all. */
export function answerOf(error: unknown): Answer | null {
  const parsed = v.safeParse(Answered, error);
  if (!parsed.success) return null;
  const { status, response } = parsed.output;
  return { status, headers: response.headers, message: messageOf(response.data) };
}

/** The `errors` of a GraphQL answer with the data that came along; null when the error is of another kind. */
export function graphqlErrorsOf(error: unknown): v.InferOutput<typeof GraphqlAnswer> | null {
  const direct = v.safeParse(GraphqlAnswer, error);
  if (direct.success) return direct.output;
  const limited = v.safeParse(Limited, error);
  if (!limited.success || answerOf(error) !== null) return null;
  return { errors: limited.output.response.data.errors, headers: limited.output.response.headers };
}

/** The Fault for an error of a GitHub call. A Fault passes unchanged. `now` is in ms since 1970. */
export function faultOf(error: unknown, attempt: Attempt, now: number = Date.now()): Fault {
  if (error instanceof Fault) return error;
  const graphql = graphqlErrorsOf(error);
  if (graphql !== null) return graphqlFault(graphql, attempt, now, error);
  const answer = answerOf(error);
  if (answer !== null) return answeredFault(answer, attempt, now, error);
  return unreachable(error, attempt);
}

/** The Fault for an answer that does not have the shape that GitHub documents. */
export function misshapen(attempt: Attempt, what: string): Fault {
  return new Fault(
    'unavailable',
    `Could not ${attempt.doing}: GitHub's answer was cut short or is not what its API documents (${what}).`,
    'Try again; if it stays, look at https://www.githubstatus.com, or tell whoever keeps this action.',
  );
}

/** One line that says why nothing came back: the innermost cause's own words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  return error.message === '' ? error.name : error.message;
}

function answeredFault(answer: Answer, attempt: Attempt, now: number, cause: unknown): Fault {
  const said = `Could not ${attempt.doing}: GitHub answered ${answer.status} (${answer.message}).`;
  const wait = limitOf(answer, now);
  if (wait !== null) return new Fault('rate-limited', said, wait, { cause });
  const [code, remedy] = byStatus(answer, attempt);
  return new Fault(code, said, remedy, { cause });
}

function byStatus({ status, headers }: Answer, attempt: Attempt): [Fault['code'], string] {
  if (status === 401) return ['permission', tokenRemedy(attempt.job)];
  if (status === 403) return ['permission', permissionRemedy(headers['x-accepted-github-permissions'], attempt.job)];
  if (status === 404 || status === 410) return ['not-found', notFoundRemedy(headers, attempt.job)];
  if (status === 422 || status === 400)
    return ['invalid', 'GitHub did not accept these values; its words above say which.'];
  if (status >= 500) return ['unavailable', 'GitHub has trouble; look at https://www.githubstatus.com and try again.'];
  return ['unavailable', 'Try again; if it stays, look at https://www.githubstatus.com.'];
}

function tokenRemedy(job: Caller): string {
  if (isApp(job)) {
    return `GitHub does not believe the GitHub App ${job.app}: check its id and private key, this machine's clock, and that the app is still installed there.`;
  }
  const where = job === null ? 'GITHUB_TOKEN' : 'the input github-token';
  return `The token is expired, revoked or mistyped: check ${where}.`;
}

/** When to try again, if the answer is one of GitHub's limits; else null. */
function limitOf({ status, headers, message }: Answer, now: number): string | null {
  const after = Number(headers['retry-after']);
  const used = String(headers['x-ratelimit-remaining']) === '0';
  const secondary = /secondary rate|abuse detection/i.test(message);
  if (status !== 429 && !(status === 403 && (after > 0 || used || secondary))) return null;
  return tryAgain(headers, now);
}

function tryAgain(headers: v.InferOutput<typeof Headers>, now: number): string {
  const after = Number(headers['retry-after']);
  const reset = Number(headers['x-ratelimit-reset']);
  const at = after > 0 ? now + after * 1000 : reset > 0 ? reset * 1000 : now + 60_000;
  const when = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  return `A limit of GitHub's API is used up. Try again after ${when}.`;
}

/** Names the permission from `x-accepted-github-permissions`: `,` joins what is needed together, `;` separates alternatives. */
function permissionRemedy(accepted: string | number | undefined, job: Caller): string {
  if (accepted === undefined || accepted === '') return unnamedRemedy(job);
  const alternatives = String(accepted)
    .split(';')
    .map((set) =>
      set
        .split(',')
        .map((one) => one.trim().replace('=', ': ').replaceAll('_', '-'))
        .join(' and '),
    );
  const named = alternatives.join(', or ');
  if (isApp(job)) return `Grant the GitHub App ${job.app} ${named} under ${APPS}.`;
  return job === null
    ? `Grant the token ${named} under ${TOKENS}.`
    : `Grant the job ${JSON.stringify(job)} under "permissions": ${named}.`;
}

/** Where people make and change tokens of their own. */
const TOKENS = 'Settings → Developer settings → Personal access tokens of your GitHub account';

/** Where a GitHub App gets its permissions; each installation must accept what is new. */
const APPS = '"Permissions & events" of its settings, and accept that in the installation';

function isApp(job: Caller): job is { app: number } {
  return typeof job === 'object' && job !== null;
}

/** All that is needed anywhere, since GitHub does not say what is missing, if anything is. */
function unnamedRemedy(job: Caller): string {
  if (isApp(job)) {
    return `GitHub names no permission here: see that the GitHub App ${job.app} is installed there, not suspended, and has issues: write, actions: read, deployments: write and contents: read under ${APPS}.`;
  }
  return job === null
    ? `GitHub names no permission here: see that the token has access to this repository, to read its contents, issues and actions (a classic token: the scope repo), under ${TOKENS}.`
    : `GitHub names no permission here: compare "permissions" of the job ${JSON.stringify(job)} in the workflow file with all that jobs of Debug Approval need: contents: read, issues: write, actions: read and id-token: write.`;
}

function notFoundRemedy(headers: v.InferOutput<typeof Headers>, job: Caller): string {
  const accepted = headers['x-accepted-github-permissions'];
  const hidden = 'GitHub also says "not found" of what a token may not see.';
  return `Check that it exists. ${hidden} ${permissionRemedy(accepted, job)}`;
}

function graphqlFault(
  answer: v.InferOutput<typeof GraphqlAnswer>,
  attempt: Attempt,
  now: number,
  cause: unknown,
): Fault {
  const types = new Set(answer.errors.map((e) => e.type));
  const words = [...new Set(answer.errors.map((e) => e.message))].join(' ');
  const said = `Could not ${attempt.doing}: GitHub answered: ${words}`;
  const fault = (code: Fault['code'], remedy: string) => new Fault(code, said, remedy, { cause });
  if (types.has('RATE_LIMITED') || types.has('RATE_LIMIT'))
    return fault('rate-limited', tryAgain(answer.headers ?? {}, now));
  if (types.has('FORBIDDEN'))
    return fault('permission', permissionRemedy(neededFor(answer.errors, attempt.job), attempt.job));
  if (types.has('INSUFFICIENT_SCOPES')) {
    return fault('permission', 'The token is a personal one with too few scopes: GitHub names the missing ones above.');
  }
  if (types.has('NOT_FOUND')) return fault('not-found', notFoundRemedy({}, attempt.job));
  return fault('unavailable', 'Try again; if it stays, look at https://www.githubstatus.com.');
}

/** What the fields of our queries need of a job's token; GraphQL names the field, but no permission as REST does. */
const NEEDED: Record<string, string | undefined> = {
  defaultBranchRef: 'contents=read',
  policy: 'contents=read',
  issue: 'issues=write',
  earlier: 'issues=write',
};

function neededFor(errors: v.InferOutput<typeof GraphqlError>[], job: Caller): string | undefined {
  const fields = errors.flatMap(({ path = [] }) => NEEDED[String(path[1])] ?? []);
  if (fields.length === 0) return undefined;
  const needed = [...new Set(fields)].join(',');
  // What people look at from their shell they only read.
  return job === null ? needed.replaceAll('write', 'read') : needed;
}

function unreachable(error: unknown, attempt: Attempt): Fault {
  return new Fault(
    'unavailable',
    `Could not ${attempt.doing}: GitHub could not be reached (${reasonOf(error)}).`,
    `Check the network between ${typeof attempt.job === 'string' ? 'runner' : 'this machine'} and GitHub, a proxy included, and try again.`,
    { cause: error },
  );
}

/** GitHub's own words of an error body: its message and, for 422, what each field lacks. */
function messageOf(data: unknown): string {
  const Body = v.looseObject({ message: v.string(), errors: v.optional(v.array(v.unknown())) });
  const parsed = v.safeParse(Body, data);
  if (!parsed.success) return 'no explanation';
  const details = (parsed.output.errors ?? []).map(detailOf).filter((text) => text !== '');
  return [parsed.output.message, ...details].join('; ');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const Detail = v.looseObject({
    message: v.optional(v.string()),
    field: v.optional(v.string()),
    code: v.optional(v.string()),
  });
  const parsed = v.safeParse(Detail, error);
  if (!parsed.success) return '';
  const { message, field, code } = parsed.output;
  return message ?? [field, code].filter(Boolean).join(' ');
}
