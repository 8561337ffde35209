/** The strict front: one API call from its token to its answer. Authentication, faults, limits, ETags, contract, ledger. */
import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { Principal } from './accounts.ts';
import { appBy, suspended } from './app.ts';
import type { Contract, Violation } from './contract.ts';
import type { FaultRule, Faults } from './faults.ts';
import { answerQuery } from './graphql/execute.ts';
import { holderOf } from './holder.ts';
import type { Ledger } from './ledger.ts';
import type { Resource } from './limits.ts';
import { refusalFor } from './permissions.ts';
import { badCredentials, notFound, problem, Refusal, type Reply } from './reply.ts';
import { findRoute, type Route } from './routes.ts';
import { key, type World } from './world.ts';

/** A request as it arrived. */
export interface Received {
  method: string;
  url: URL;
  headers: Record<string, string | undefined>;
  /** undefined: no body; null is JSON's null. */
  body: unknown;
  /** True for a body that is no JSON. */
  garbled: boolean;
}

/** An answer, a connection to cut, perhaps within an answer, or nothing at all. */
export type Outcome = { kind: 'reply' | 'cut'; reply: Reply } | { kind: 'drop' } | { kind: 'silent' };

export interface FrontParts {
  world: World;
  contract: Contract;
  schema: GraphQLSchema;
  ledger: Ledger;
  faults: Faults;
  violations: Violation[];
  delayMs(): number;
}

interface Task {
  key: string;
  route: Route | null;
  params: Record<string, string>;
  resource: Resource;
  points: number;
  creating: boolean;
  counted: boolean;
}

/** Answers one API call; never throws for what GitHub would answer. */
export async function serve(parts: FrontParts, received: Received): Promise<Outcome> {
  const { method, url } = received;
  const task = taskOf(received);
  const caller = await callerOf(parts.world, received, task.route);
  const who = caller instanceof Refusal ? null : caller;
  const fault = parts.faults.take(method, url.pathname, received);
  await wait(parts.delayMs() + (fault?.delayMs ?? 0));
  const answer = await answerOf(parts, received, { task, caller, fault });
  const status = answer?.status ?? 0;
  const query = Object.fromEntries(url.searchParams);
  const by = who === null ? null : who.kind === 'job' ? 'job' : who.account.login;
  const counted = task.counted && who !== null && answer !== null && status !== 304;
  const seen = { method, path: url.pathname, query, body: received.body ?? null, status, by };
  parts.ledger.note(task.key, seen, { counted, creating: task.creating });
  if (fault?.silent !== undefined) return { kind: 'silent' };
  if (answer === null || fault?.drop === 'after') return { kind: 'drop' };
  return { kind: fault?.drop === 'within' ? 'cut' : 'reply', reply: answer };
}

/** GitHub's own slowness. */
export const wait = (ms: number): Promise<void> =>
  ms > 0 ? new Promise((done) => setTimeout(done, ms)) : Promise.resolve();

function taskOf({ method, url }: Received): Task {
  if (url.pathname === '/graphql' && method === 'POST') {
    const common = { params: {}, creating: false, counted: true };
    return { key: 'POST /graphql', route: null, resource: 'graphql', points: 1, ...common };
  }
  const resource = url.pathname.startsWith('/search/') ? ('search' as const) : ('core' as const);
  const found = findRoute(method, url.pathname);
  const points = method === 'GET' ? 1 : 5;
  const { route = null, params = {} } = found ?? {};
  return {
    key: route === null ? `${method} ${url.pathname}` : `${method} ${route.template}`,
    route,
    params,
    resource,
    points,
    creating: route?.creating ?? false,
    counted: route?.counted ?? true,
  };
}

function tokenOf({ headers }: Received): string | null {
  return /^(?:bearer|token) (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? null;
}

/** Who calls, or why GitHub knows nobody by this token. */
async function callerOf(world: World, received: Received, route: Route | null): Promise<Principal | Refusal> {
  const token = tokenOf(received) ?? '';
  if (route?.app) return appBy(world, token);
  const who = world.accounts.who(token) ?? badCredentials();
  const stopped = !(who instanceof Refusal) && who.kind === 'installation' && world.app?.suspendedAt != null;
  return stopped ? suspended() : who;
}

interface Context {
  task: Task;
  caller: Principal | Refusal;
  fault: FaultRule | null;
}

/** The answer that a fault names, if it names one. */
function orderedBy({ status, body: json, page, headers = {} }: FaultRule): Reply | null {
  return status === undefined ? null : { status, json, headers, ...(page === undefined ? {} : { page }) };
}

/** null: nothing was done, and nothing is answered. */
async function answerOf(parts: FrontParts, received: Received, context: Context): Promise<Reply | null> {
  const { fault, task, caller } = context;
  if (fault?.drop === 'before' || fault?.silent === 'before') return null;
  const instead = fault === null ? null : orderedBy(fault);
  if (instead !== null && fault?.done !== true) return instead;
  const { limits } = parts.world;
  try {
    if (caller instanceof Refusal) throw caller;
    const holder = holderOf(caller);
    const done = await work(parts, received, { task, who: caller });
    if (done.status !== 304 && task.counted) limits.count(holder, task.resource, task);
    return instead ?? { ...done, headers: { ...limits.headers(holder, task.resource), ...done.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (caller instanceof Refusal) return error.reply;
    const holder = holderOf(caller);
    if (task.counted && error.counts) limits.count(holder, task.resource, { points: task.points, creating: false });
    return { ...error.reply, headers: { ...limits.headers(holder, task.resource), ...error.reply.headers } };
  }
}

async function work(
  parts: FrontParts,
  received: Received,
  { task, who }: { task: Task; who: Principal },
): Promise<Reply> {
  const { world } = parts;
  const { route, params } = task;
  // A read may turn out to be unchanged, which is free: it is checked once that is known.
  const full = (): Refusal | null => (task.counted ? world.limits.check(holderOf(who), task.resource, task) : null);
  const early = received.method === 'GET' ? null : full();
  if (early !== null) throw early;
  if (received.garbled) throw problem(400, 'Problems parsing JSON');
  if (task.resource === 'graphql')
    return answerQuery(parts.schema, { world, who, onCreated: parts.ledger.created }, received.body);
  if (route === null) {
    note(parts, task.key, 'request', null, ['the sandbox serves no such route; add it if GitHub has it']);
    throw notFound();
  }
  guard(parts, received, { route, params, who });
  const reply = await route.handle({ world, who, params, query: received.url.searchParams, body: received.body });
  const wrong = parts.contract.response(route.method, route.template, reply.status, reply.json);
  note(parts, task.key, 'response', reply.status, wrong);
  if (received.method !== 'GET') return reply;
  const tagged = withTag(received, reply);
  const late = tagged.status === 304 ? null : full();
  if (late !== null) throw late;
  return tagged;
}

interface Guarded {
  route: Route;
  params: Record<string, string>;
  who: Principal;
}

/** Repository, permission, then form: in GitHub's order. */
function guard(parts: FrontParts, received: Received, { route, params, who }: Guarded): void {
  const { owner, name } = parts.world.repository;
  if (params['owner'] !== undefined) {
    const asked = key(params['owner'], params['repo'] ?? '');
    const elsewhere = asked !== key(owner, name);
    // Of other repositories only files are served, and those are public.
    if (elsewhere && !(route.elsewhere && parts.world.others.has(asked))) throw notFound();
    if (elsewhere) return;
  }
  const { issues = true } = parts.world.options.repository;
  const refusal = route.need === null ? null : refusalFor(parts.world, who, route.need);
  if (refusal !== null) throw refusal;
  if (route.need?.permission === 'issues' && !issues) throw problem(410, 'Issues are disabled for this repo');
  const sent = { params, query: received.url.searchParams, body: received.body };
  const { parameters, body } = parts.contract.request(route.method, route.template, sent);
  note(parts, `${route.method} ${route.template}`, 'request', null, [...parameters, ...body]);
  if (body.length > 0) throw problem(422, `Invalid request.\n\n${body.join('\n')}`);
}

function note(
  parts: FrontParts,
  route: string,
  side: Violation['side'],
  status: number | null,
  messages: string[],
): void {
  for (const message of messages) parts.violations.push({ side, route, status, message });
}

/** GitHub's ETag belongs to the token too, so that a new token never gets a 304. */
function withTag(received: Received, reply: Reply): Reply {
  const content = JSON.stringify([tokenOf(received), received.url.search, reply.json]);
  const etag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
  const headers = {
    ...reply.headers,
    etag,
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization',
  };
  const asked = (received.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  const bare = etag.slice(2);
  const same = asked.some((tag) => tag === etag || tag === bare);
  return same ? { status: 304, headers } : { ...reply, headers };
}
