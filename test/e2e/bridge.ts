/**
 * Stands between act and the sandbox's GitHub. act knows one token and one environment for a whole run; GitHub gives each job
 * its own token, its own right to OIDC and its environment's gate. The bridge has one token for act, and behind it the
 * token of the job that runs, or none.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { Host, JobStart } from '../../src/sandbox/host.ts';
import type { Workflow } from '../../src/sandbox/workflow/schema.ts';

export type JobConclusion = 'success' | 'failure';

/** A job that the sandbox's GitHub let in. */
export interface JobOfRun {
  key: string;
  environment: string | null;
  /** Names of the secrets that its environment gave to it. */
  secrets: string[];
  /** null while it runs. */
  conclusion: JobConclusion | null;
}

export interface Bridge {
  /** What the jobs take for GitHub's API. */
  apiUrl: string;
  /** Where a job's first step asks for the job. */
  jobsUrl: string;
  /** What act takes for GITHUB_TOKEN. */
  token: string;
  oidc: { requestUrl: string; requestToken: string };
  /** In the order in which they began. */
  jobs: JobOfRun[];
  /** act says that a job has ended: its tokens are worth nothing from now on. */
  ended(key: string, conclusion: JobConclusion): void;
  /** A job that still runs has failed. */
  close(): Promise<void>;
}

interface Running {
  job: JobOfRun;
  start: Extract<JobStart, { kind: 'ready' }>;
  over: PromiseWithResolvers<void>;
}

/** How long act may take to tell of a job's end once the next one has begun, ms. */
const TELLS_WITHIN = 15_000;

const Asked = v.object({ job: v.string(), environment: v.string() });
type Answer = { status: number; text: string };

export interface BridgedRun {
  id: number;
  workflow: Workflow;
  /** Names of what act gives to every job. */
  secretNames: string[];
}

/** Opens it on loopback for one run's first attempt. */
export async function openBridge(host: Host, { id: runId, workflow, secretNames }: BridgedRun): Promise<Bridge> {
  const [token, requestToken] = [secret(), secret()];
  const jobs: JobOfRun[] = [];
  let running: Running | null = null;

  const start = async (asked: unknown): Promise<Answer> => {
    const { job: key, environment: name } = v.parse(Asked, asked);
    if (running !== null) await within(TELLS_WITHIN, running.over.promise, running.job.key);
    const source = workflow.jobs[key];
    if (source === undefined) return { status: 404, text: `The workflow has no job ${key}.` };
    const environment = name === '' ? null : name;
    const permissions = source.permissions ?? workflow.permissions ?? {};
    const started = host.startJob({ runId, attempt: 1, key, environment, permissions });
    if (started.kind === 'refused') return { status: 403, text: started.reason };
    const job: JobOfRun = { key, environment, secrets: Object.keys(started.secrets).sort(), conclusion: null };
    jobs.push(job);
    running = { job, start: started, over: Promise.withResolvers<void>() };
    return secretsProblem(JSON.stringify(source), job, secretNames) ?? { status: 200, text: '' };
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const authorization = /^(?:bearer|token) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const given = running?.start ?? null;
    if (pathname === JOBS && authorization === requestToken) {
      const { status, text: body } = await start(JSON.parse(await text(request)));
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    } else if (pathname === OIDC && authorization === requestToken) {
      if (given === null || given.oidc === null) return void response.writeHead(403).end('This job has no OIDC.');
      const target = new URL(given.oidc.requestUrl);
      for (const [name, value] of searchParams) target.searchParams.set(name, value);
      forward({ url: target, token: given.oidc.requestToken, as: url }, request, response);
    } else {
      const own = authorization === token ? (given?.token ?? '') : authorization;
      forward({ url: new URL(`${host.apiUrl}${request.url}`), token: own, as: url }, request, response);
    }
  };
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const url = await listen(server);

  const end = (key: string, conclusion: JobConclusion): void => {
    // A job that the gate refused had begun nothing.
    if (running === null || running.job.key !== key) return;
    running.job.conclusion = conclusion;
    host.endJob(running.start.jobId, conclusion);
    running.over.resolve();
    running = null;
  };

  return {
    apiUrl: url,
    jobsUrl: `${url}${JOBS}`,
    token,
    oidc: { requestUrl: `${url}${OIDC}?api-version=2.0`, requestToken },
    jobs,
    ended: end,
    async close() {
      // Nobody told of its end: its machine is gone.
      if (running !== null) end(running.job.key, 'failure');
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

const JOBS = '/_bridge/jobs';
const OIDC = '/_bridge/oidc';
const secret = (): string => randomBytes(24).toString('base64url');

/**
 * act gives every secret to every job. A job that used one which is not its environment's would prove nothing. One that
 * nobody has set is empty under act as it is on GitHub.
 */
function secretsProblem(source: string, { key, secrets }: JobOfRun, given: string[]): Answer | null {
  const used = [...source.matchAll(/\bsecrets\.(\w+)/g)].map(([, name = '']) => name);
  const foreign = used.filter((name) => given.includes(name) && !secrets.includes(name));
  if (foreign.length === 0) return null;
  return { status: 403, text: `On GitHub, the job ${key} would not have the secrets ${foreign.join(', ')}.` };
}

async function within(ms: number, promise: Promise<void>, key: string): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`act did not tell within ${ms} ms how the job ${key} ended.`)), ms);
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

interface Target {
  url: URL;
  /** Empty: the request goes on without one. */
  token: string;
  /** The bridge's own address: the next page of a list is asked for here, too. */
  as: string;
}

function forward({ url, token, as }: Target, request: IncomingMessage, response: ServerResponse): void {
  const { authorization: _, ...kept } = request.headers;
  const headers = { ...kept, host: url.host, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
  const sent = send(url, { method: request.method, headers }, (answer) => {
    const { link } = answer.headers;
    const pages = typeof link === 'string' ? { link: link.replaceAll(url.origin, as) } : {};
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...pages });
    answer.pipe(response);
  });
  sent.on('error', () => response.destroy());
  request.pipe(sent);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The bridge listens on no port.'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
