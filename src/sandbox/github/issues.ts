/** REST routes of issues and their comments. */
import * as v from 'valibot';
import { page } from './paging.ts';
import { mayChange, mayComment } from './permissions.ts';
import { apiOf, comment, issue } from './render.ts';
import { invalid, notFound, problem, type Reply } from './reply.ts';
import type { Comment, Issue, Writer } from './store.ts';
import { type Call, isFresh } from './world.ts';

const BODY_LIMIT = 65_536;

const Label = v.pipe(
  v.union([v.string(), v.object({ name: v.string() })]),
  v.transform((label) => (typeof label === 'string' ? label : label.name)),
);
const NewIssue = v.object({
  title: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  body: v.optional(v.string()),
  labels: v.optional(v.array(Label), []),
});
const Change = v.object({
  title: v.optional(v.nullable(v.pipe(v.union([v.string(), v.number()]), v.transform(String)))),
  body: v.optional(v.nullable(v.string())),
  labels: v.optional(v.array(Label)),
  state: v.optional(v.picklist(['open', 'closed'])),
  state_reason: v.optional(v.nullable(v.picklist(['completed', 'not_planned', 'reopened']))),
});
const Labels = v.object({ labels: v.array(Label) });
const Body = v.object({ body: v.string() });
const Lock = v.nullish(
  v.object({ lock_reason: v.optional(v.nullable(v.picklist(['off-topic', 'too heated', 'resolved', 'spam']))) }),
);

/** The body in the shape that the route understands; 422 otherwise. */
function parsed<T extends v.GenericSchema>(schema: T, body: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const [first] = result.issues;
  throw problem(422, `Invalid request.\n\n${first.message} at ${v.getDotPath(first) ?? 'the body'}.`);
}

/** Characters as GitHub counts them: code points. */
const tooLong = (body: string | null | undefined): boolean => [...(body ?? '')].length > BODY_LIMIT;
const LONG = `is too long (maximum is ${BODY_LIMIT} characters)`;
const issueTooLong = (): Error => invalid('Issue', 'body', 'custom', `body ${LONG}`);
const commentTooLong = (): Error => invalid('IssueComment', 'data', 'unprocessable', `Body ${LONG}`);

const writer = ({ who }: Call): Writer => ({
  account: who.account,
  throughApp: who.kind === 'person' && who.throughApp,
});

function issueOf(call: Call): Issue {
  const found = call.world.store.issue(Number(call.params['issue_number']));
  if (found === null) throw notFound();
  return found;
}

function commentOf(call: Call): Comment {
  const found = call.world.store.comment(Number(call.params['comment_id']));
  if (found === null) throw notFound();
  return found;
}

/** Those who may not write choose title and body only; labels they name are dropped silently. */
export async function createIssue(call: Call): Promise<Reply> {
  const { title, body, labels } = parsed(NewIssue, call.body);
  if (title.trim() === '') throw invalid('Issue', 'title', 'missing_field');
  if (tooLong(body)) throw issueTooLong();
  const kept = mayChange(call.world, call.who, -1) ? labels : [];
  const made = await call.world.store.createIssue(writer(call), { title, body: body ?? null, labels: kept });
  return {
    status: 201,
    json: issue(call.world, made),
    headers: { location: `${apiOf(call.world)}/issues/${made.number}` },
  };
}

export const getIssue = async (call: Call): Promise<Reply> => ({ status: 200, json: issue(call.world, issueOf(call)) });

/** The author may change title, body and state; writers everything. */
export async function changeIssue(call: Call): Promise<Reply> {
  const before = issueOf(call);
  if (!mayChange(call.world, call.who, before.author.id)) throw problem(403, 'Must have admin rights to Repository.');
  const { title, ...change } = parsed(Change, call.body);
  if (tooLong(change.body)) throw issueTooLong();
  const kept = Object.fromEntries(
    Object.entries({ ...change, ...(title == null ? {} : { title }) }).filter(([, value]) => value !== undefined),
  );
  return {
    status: 200,
    json: issue(call.world, await call.world.store.changeIssue(writer(call), before.number, kept)),
  };
}

const namesOf = ({ labels }: Issue): string[] => labels.map(({ name }) => name);

/** Writers and triagers put labels on; those that stand there already stay. */
export async function addLabels(call: Call): Promise<Reply> {
  const { labels } = parsed(Labels, call.body);
  const before = issueOf(call);
  const all = [...new Set([...namesOf(before), ...labels])];
  const changed = await call.world.store.changeIssue(writer(call), before.number, { labels: all });
  return { status: 200, json: issue(call.world, changed)['labels'] };
}

/** 404 where the issue does not have the label. */
export async function removeLabel(call: Call): Promise<Reply> {
  const before = issueOf(call);
  const name = call.params['name'] ?? '';
  if (!namesOf(before).includes(name)) throw problem(404, 'Label does not exist');
  const labels = namesOf(before).filter((label) => label !== name);
  const changed = await call.world.store.changeIssue(writer(call), before.number, { labels });
  return { status: 200, json: issue(call.world, changed)['labels'] };
}

export async function lockIssue(call: Call): Promise<Reply> {
  const reason = parsed(Lock, call.body)?.lock_reason ?? null;
  await call.world.store.lock(writer(call), issueOf(call).number, reason);
  return { status: 204 };
}

export async function unlockIssue(call: Call): Promise<Reply> {
  await call.world.store.unlock(writer(call), issueOf(call).number);
  return { status: 204 };
}

/** Open issues, newest first, unless the query says otherwise. The list lags. */
export async function listIssues(call: Call): Promise<Reply> {
  const { query, world } = call;
  const state = choice(query, 'state', ['open', 'closed', 'all'], 'open');
  const sort = choice(query, 'sort', ['created', 'updated', 'comments'], 'created');
  const sign = choice(query, 'direction', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
  const labels = (query.get('labels') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const since = sinceOf(query);
  const rank = (found: Issue): number =>
    sort === 'comments' ? found.comments : Date.parse(sort === 'created' ? found.created_at : found.updated_at);
  const items = world.store
    .issues()
    .filter((found) => !isFresh(world, found.created_at))
    .filter((found) => state === 'all' || found.state === state)
    .filter((found) => labels.every((name) => found.labels.some((label) => label.name.toLowerCase() === name)))
    .filter((found) => Date.parse(found.updated_at) >= since)
    .sort((a, b) => sign * (rank(a) - rank(b) || a.number - b.number));
  return page(call, `${apiOf(world)}/issues`, items, (found) => issue(world, found));
}

function choice(query: URLSearchParams, name: string, allowed: string[], otherwise: string): string {
  const value = query.get(name) ?? otherwise;
  if (!allowed.includes(value)) throw invalid('Issue', name, 'invalid');
  return value;
}

/** `since` in ms, compared with times that have whole seconds. */
function sinceOf(query: URLSearchParams): number {
  const since = query.get('since');
  if (since === null) return Number.NEGATIVE_INFINITY;
  const time = Date.parse(since);
  if (Number.isNaN(time)) throw problem(422, `Invalid since: ${since}`);
  return time;
}

export async function createComment(call: Call): Promise<Reply> {
  const found = issueOf(call);
  const { body } = parsed(Body, call.body);
  if (body.trim() === '') throw invalid('IssueComment', 'data', 'unprocessable', 'Body cannot be blank');
  if (tooLong(body)) throw commentTooLong();
  if (!mayComment(call.world, call.who, found)) throw problem(403, 'Unable to create comment because issue is locked.');
  const made = await call.world.store.createComment(writer(call), found.number, body);
  const json = comment(call.world, made);
  return { status: 201, json, headers: { location: `${apiOf(call.world)}/issues/comments/${made.id}` } };
}

/** An issue's comments in the order of their ids. The list lags. */
export async function listComments(call: Call): Promise<Reply> {
  const { world, query } = call;
  const found = issueOf(call);
  const since = sinceOf(query);
  const items = world.store
    .comments(found.number)
    .filter((item) => !isFresh(world, item.created_at))
    .filter((item) => Date.parse(item.edits.at(-1)?.at ?? item.created_at) >= since);
  return page(call, `${apiOf(world)}/issues/${found.number}/comments`, items, (item) => comment(world, item));
}

export const getComment = async (call: Call): Promise<Reply> => ({
  status: 200,
  json: comment(call.world, commentOf(call)),
});

export async function changeComment(call: Call): Promise<Reply> {
  const before = commentOf(call);
  if (!mayChange(call.world, call.who, before.author.id)) throw problem(403, 'Must have admin rights to Repository.');
  const { body } = parsed(Body, call.body);
  if (body.trim() === '') throw invalid('IssueComment', 'data', 'unprocessable', 'Body cannot be blank');
  if (tooLong(body)) throw commentTooLong();
  return {
    status: 200,
    json: comment(call.world, await call.world.store.changeComment(writer(call), before.id, body)),
  };
}

export async function deleteComment(call: Call): Promise<Reply> {
  const before = commentOf(call);
  if (!mayChange(call.world, call.who, before.author.id)) throw problem(403, 'Must have admin rights to Repository.');
  await call.world.store.deleteComment(writer(call), before.id);
  return { status: 204 };
}
