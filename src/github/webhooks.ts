/** GitHub's webhooks: believed by their signature over the raw bytes, and read as far as they matter. */
import { Webhooks } from '@octokit/webhooks';
import * as v from 'valibot';
import type { GitHubEvent } from '../app/gateway/ports.ts';
import { parseDecision } from '../request/comment-decision.ts';

/** A delivery as it came. Header names are in small letters. */
export interface Delivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array;
}

/**
 * What becomes of a delivery, and how GitHub is answered: `taken` leads to `event`; `ignored` is none of ours and no mistake;
 * `unsigned` was not signed with our secret; `malformed` is nothing that GitHub sends.
 */
export type Received =
  | { kind: 'taken'; status: 202; name: string; event: GitHubEvent }
  | { kind: 'ignored'; status: 202; name: string; why: string }
  | { kind: 'unsigned'; status: 401; why: string }
  | { kind: 'malformed'; status: 400; why: string };

export interface WebhookOptions {
  /** The App's webhook secret; while it is being changed, the one before, too. */
  secrets: readonly string[];
  /** The App that receives: its id, and its slug once that is known. What it did itself is no news. */
  app: { id: number; slug(): string | null };
}

const Named = v.looseObject({ name: v.string() });
const Repository = v.looseObject({ id: v.pipe(v.number(), v.safeInteger()), full_name: v.string() });
const Sender = v.optional(v.looseObject({ login: v.string(), type: v.string() }));
const Issue = v.looseObject({
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  labels: v.optional(v.array(Named), []),
});
const Commented = v.looseObject({
  action: v.string(),
  repository: Repository,
  issue: Issue,
  comment: v.looseObject({
    id: v.pipe(v.number(), v.safeInteger()),
    performed_via_github_app: v.optional(v.nullable(v.looseObject({ id: v.number() })), null),
    user: v.optional(v.nullable(v.looseObject({ type: v.string() })), null),
    body: v.optional(v.nullable(v.string()), null),
  }),
  /** Of `edited`: what it said before. */
  changes: v.optional(v.looseObject({ body: v.optional(v.looseObject({ from: v.string() })) })),
});
const Changed = v.looseObject({
  ...{ action: v.string(), repository: Repository, issue: Issue, sender: Sender },
  /** Of `labeled` and `unlabeled`: the issue's own list holds it no more. */
  label: v.optional(Named),
});
const Asked = v.looseObject({
  ...{ action: v.string(), repository: Repository },
  environment: v.pipe(v.string(), v.minLength(1)),
  deployment_callback_url: v.pipe(v.string(), v.url()),
});

const REQUEST_LABEL = 'debug-request';
const ISSUE_ACTIONS = ['edited', 'closed', 'reopened', 'unlabeled'];
const COMMENT_ACTIONS = ['created', 'edited', 'deleted'];

/** Judges deliveries. The result never rejects. */
export function webhookReader({ secrets, app }: WebhookOptions): (delivery: Delivery) => Promise<Received> {
  const believers = secrets.map((secret) => new Webhooks({ secret }));
  const signed = async (text: string, signature: string): Promise<boolean> => {
    for (const believer of believers) if (await believer.verify(text, signature)) return true;
    return false;
  };
  return async ({ headers, body }) => {
    const signature = headers['x-hub-signature-256'];
    if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature)) {
      return unsigned('there is no signature (x-hub-signature-256); the webhook needs a secret');
    }
    const text = textOf(body);
    // What is no UTF-8 nobody signed: the bytes would not be those that the text gives back.
    if (text === null || text === '' || !(await signed(text, signature))) {
      return unsigned('the signature is not one of our secret over this body');
    }
    const name = headers['x-github-event'];
    if (typeof name !== 'string' || !/^[a-z_]{1,60}$/.test(name)) return malformed('there is no x-github-event');
    const payload = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
    if (!payload.success) return malformed('the body is no JSON; choose the content type application/json');
    return read(name, payload.output, app);
  };
}

function read(name: string, payload: unknown, app: WebhookOptions['app']): Received {
  switch (name) {
    case 'deployment_protection_rule':
      return parsed(name, Asked, payload, asked);
    case 'issue_comment':
      return parsed(name, Commented, payload, (body) => commented(body, app.id));
    case 'issues':
      return parsed(name, Changed, payload, (body) => changed(body, app.slug()));
    default:
      return { kind: 'ignored', status: 202, name, why: 'an event that nothing follows from' };
  }
}

function parsed<S extends v.GenericSchema>(
  name: string,
  schema: S,
  payload: unknown,
  reading: (body: v.InferOutput<S>) => GitHubEvent | string,
): Received {
  const body = v.safeParse(schema, payload);
  if (!body.success) {
    const [issue] = body.issues;
    return malformed(`${v.getDotPath(issue) ?? 'the whole'} of ${name}: ${issue.message}`);
  }
  const event = reading(body.output);
  if (typeof event === 'string') return { kind: 'ignored', status: 202, name, why: event };
  return { kind: 'taken', status: 202, name, event };
}

/** The webhook names the run only in the address at which GitHub wants the answer. */
function asked({ action, repository, environment, deployment_callback_url }: v.InferOutput<typeof Asked>) {
  if (action !== 'requested') return `the action ${action}`;
  const { pathname } = new URL(deployment_callback_url);
  // A GitHub Enterprise Server has its API below /api/v3.
  const [, name, run] =
    /^(?:\/api\/v3)?\/repos\/([\w.-]+\/[\w.-]+)\/actions\/runs\/([1-9]\d{0,14})\/deployment_protection_rule$/.exec(
      pathname,
    ) ?? [];
  if (name?.toLowerCase() !== repository.full_name.toLowerCase()) return 'an address that is no run of this repository';
  return { kind: 'held' as const, repository: repository.id, held: { run: Number(run), environment } };
}

function commented({ action, repository, issue, comment, changes }: v.InferOutput<typeof Commented>, app: number) {
  if (!COMMENT_ACTIONS.includes(action)) return `the action ${action}`;
  if (!isRequest(issue)) return 'an issue that is no debug request';
  // Whoever changes or deletes what the app wrote is somebody else.
  if (action === 'created' && comment.performed_via_github_app?.id === app) return 'written by this app itself';
  // Records are an app's: what people only say costs no look, however often they say it.
  const said =
    comment.user?.type === 'User' && comment.body !== null ? [comment.body, changes?.body?.from ?? ''] : null;
  if (said?.every((text) => parseDecision(text) === null)) return 'talk';
  return { kind: 'issue' as const, repository: repository.id, issue: issue.number, comment: comment.id };
}

function changed({ action, repository, issue, label, sender }: v.InferOutput<typeof Changed>, slug: string | null) {
  if (!ISSUE_ACTIONS.includes(action)) return `the action ${action}`;
  if (!isRequest(issue) && label?.name !== REQUEST_LABEL) return 'an issue that is no debug request';
  if (slug !== null && sender?.type === 'Bot' && sender.login === `${slug}[bot]`) return 'done by this app itself';
  return { kind: 'issue' as const, repository: repository.id, issue: issue.number };
}

function isRequest({ labels }: v.InferOutput<typeof Issue>): boolean {
  return labels.some(({ name }) => name === REQUEST_LABEL);
}

/** null: it is no UTF-8. */
function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const unsigned = (why: string): Received => ({ kind: 'unsigned', status: 401, why });
const malformed = (why: string): Received => ({ kind: 'malformed', status: 400, why });
