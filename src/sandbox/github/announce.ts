/** Tells the App's webhook what happens: to issues and comments as they are written, to runs, and at gates. */
import { renderRun } from './actions.ts';
import { type Contract, mistake, type Violation } from './contract.ts';
import { deployment } from './deployment.ts';
import { account, anyUser, apiOf, comment, issue, type Json, nodeId, user } from './render.ts';
import { fullRepository } from './render-repository.ts';
import type { Job, Run, Told } from './runs.ts';
import type { Issue, Store, Writer } from './store.ts';
import type { Sender } from './webhooks.ts';
import type { World } from './world.ts';

interface Post {
  world: () => World;
  webhooks: Sender;
  contract: Contract;
  violations: Violation[];
}

/** Sends an event, and holds what is sent against GitHub's description. */
function send(
  { world, webhooks, contract, violations }: Post,
  event: string,
  action: string,
  payload: () => Json,
): void {
  const { installed = false, suspendedAt = null } = world().app ?? {};
  if (!installed || suspendedAt !== null) return;
  const sent = webhooks.send(event, action, payload);
  const wrong = sent === null ? [] : contract.event(event, action, sent);
  for (const message of wrong) violations.push({ side: 'response', route: `webhook ${event}`, status: null, message });
}

/** What every payload of an App says besides what it is about. */
function common(world: World, sender: Json): Json {
  const { owner, ownerId, ownerType } = world.repository;
  const installation = world.app?.options.installationId ?? 0;
  return {
    repository: fullRepository(world),
    ...(ownerType === 'Organization' ? { organization: organization(world, owner, ownerId) } : {}),
    installation: { id: installation, node_id: nodeId('MDIz', installation) },
    sender,
  };
}

function organization(world: World, login: string, id: number): Json {
  const url = `${world.url}/orgs/${login}`;
  const { node_id, avatar_url } = account(world, { id, login }, 'Organization');
  const links = ['repos', 'events', 'hooks', 'issues'].map((name) => [`${name}_url`, `${url}/${name}`]);
  const templates = ['members', 'public_members'].map((name) => [`${name}_url`, `${url}/${name}{/member}`]);
  return { login, id, node_id, url, ...Object.fromEntries([...links, ...templates]), avatar_url, description: null };
}

/** The same store, which also tells of what is written. */
export function announced(store: Store, post: Post): Store {
  const { world } = post;
  const tell = (event: string, action: string, writer: Writer, payload: () => Json): void =>
    send(post, event, action, () => ({ ...payload(), ...common(world(), user(world(), writer.account)) }));
  const ofIssue = (writer: Writer, action: string, found: Issue, more: Json = {}): void =>
    tell('issues', action, writer, () => ({ issue: issue(world(), found), ...more }));
  const ofComment = (writer: Writer, action: string, id: number, more: Json = {}): void => {
    const found = store.comment(id);
    const under = found === null ? null : store.issue(found.issue);
    if (found === null || under === null) return;
    const payload = (): Json => ({ issue: issue(world(), under), comment: comment(world(), found), ...more });
    tell('issue_comment', action, writer, payload);
  };
  return {
    ...store,
    async createIssue(writer, content) {
      const made = await store.createIssue(writer, content);
      ofIssue(writer, 'opened', made);
      for (const label of made.labels) ofIssue(writer, 'labeled', made, { label: labelOf(world(), made, label.name) });
      return made;
    },
    async changeIssue(writer, number, change) {
      const before = store.issue(number);
      const after = await store.changeIssue(writer, number, change);
      if (before !== null)
        for (const [action, more] of differences(world(), before, after)) ofIssue(writer, action, after, more);
      return after;
    },
    async lock(writer, number, reason) {
      await store.lock(writer, number, reason);
      const found = store.issue(number);
      if (found !== null) ofIssue(writer, 'locked', found);
    },
    async unlock(writer, number) {
      await store.unlock(writer, number);
      const found = store.issue(number);
      if (found !== null) ofIssue(writer, 'unlocked', found);
    },
    async createComment(writer, number, body) {
      const made = await store.createComment(writer, number, body);
      ofComment(writer, 'created', made.id);
      return made;
    },
    async changeComment(writer, id, body) {
      const from = store.comment(id)?.body ?? '';
      const changed = await store.changeComment(writer, id, body);
      ofComment(writer, 'edited', id, { changes: { body: { from } } });
      return changed;
    },
    async deleteComment(writer, id) {
      const gone = store.comment(id);
      const under = gone === null ? null : store.issue(gone.issue);
      await store.deleteComment(writer, id);
      if (gone === null || under === null) return;
      const payload = (): Json => ({ issue: issue(world(), under), comment: comment(world(), gone) });
      tell('issue_comment', 'deleted', writer, payload);
    },
    async deleteIssue(number) {
      const gone = store.issue(number);
      await store.deleteIssue(number);
      // The sandbox's issues are deleted by nobody in particular.
      if (gone !== null) ofIssue({ account: gone.author, throughApp: false }, 'deleted', gone);
    },
  };
}

function labelOf(world: World, found: Issue, name: string): Json {
  const label = found.labels.find((one) => one.name === name);
  const url = `${apiOf(world)}/labels/${encodeURIComponent(name)}`;
  return { ...label, node_id: nodeId('LA', label?.id ?? 0), url };
}

/** One event for each thing that changed, as GitHub sends them. */
function differences(world: World, before: Issue, after: Issue): [string, Json][] {
  const names = (one: Issue): string[] => one.labels.map(({ name }) => name);
  const title = before.title === after.title ? {} : { title: { from: before.title } };
  const body = before.body === after.body ? {} : { body: { from: before.body ?? '' } };
  const edited: [string, Json][] =
    'title' in title || 'body' in body ? [['edited', { changes: { ...title, ...body } }]] : [];
  const state: [string, Json][] =
    before.state === after.state ? [] : [[after.state === 'closed' ? 'closed' : 'reopened', {}]];
  const put = names(after).filter((name) => !names(before).includes(name));
  const taken = names(before).filter((name) => !names(after).includes(name));
  return [
    ...edited,
    ...state,
    ...put.map((name): [string, Json] => ['labeled', { label: labelOf(world, after, name) }]),
    ...taken.map((name): [string, Json] => ['unlabeled', { label: labelOf(world, before, name) }]),
  ];
}

/** Tells of runs and of jobs at gates. */
export function toldOf(post: Post): Told {
  const { world } = post;
  const later = (work: () => Promise<void>): void =>
    void work().catch((error: unknown) => post.violations.push(mistake('webhook', error)));
  return {
    run(run, action) {
      const attempt = run.attempts.at(-1);
      if (attempt === undefined) return;
      // As it is now: what it becomes is another event's.
      const now = { ...attempt };
      later(async () => {
        const workflow_run = await renderRun(world(), run, now);
        const sender = anyUser(world(), now.triggeringActor);
        send(post, 'workflow_run', action, () => ({ workflow_run, workflow: null, ...common(world(), sender) }));
      });
    },
    held(job, environment) {
      send(post, 'deployment_protection_rule', 'requested', () => requested(world(), job, environment));
    },
  };
}

/** It names the run in the callback's address alone, and no attempt at all (PLATFORM §1). */
function requested(world: World, { run, environment: _, ...job }: Job, environment: string): Json {
  const { start } = run;
  const url = `${apiOf(world)}/actions/runs/${run.id}/deployment_protection_rule`;
  return {
    environment,
    event: start.event,
    sha: start.sha,
    ref: start.ref,
    deployment_callback_url: url,
    deployment: deployment(world, run, { id: job.id, environment, at: job.startedAt }),
    pull_requests: [],
    ...common(world, anyUser(world, senderOf(run))),
  };
}

const senderOf = ({ attempts, start }: Run): { id: number; login: string } =>
  attempts.at(-1)?.triggeringActor ?? start.triggeringActor;
