/** The GraphQL mutations of issues: comments, locks, labels. Each is judged by itself, as GitHub does it. */
import { holderOf } from '../holder.ts';
import { allows, isWriter, mayComment } from '../permissions.ts';
import { nodeId } from '../render.ts';
import type { Issue, Writer } from '../store.ts';
import { refuse } from './connection.ts';
import { type Asker, comment, issue } from './sources.ts';

interface Inputs {
  subjectId?: string;
  lockableId?: string;
  labelableId?: string;
  body?: string;
  labelIds?: string[];
  lockReason?: string | null;
}
type Resolver = (args: { input: Inputs }) => Promise<Record<string, unknown>>;

/** Issues by their node ids; null and an error for each that there is not. */
export function nodes(asker: Asker, { ids }: { ids: string[] }): unknown[] {
  return ids.map((id) => {
    const found = asker.world.store.issues().find((one) => nodeId('I', one.id) === id);
    return found === undefined
      ? refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
      : issue(asker, found);
  });
}

/** All that there are here. */
export function mutations(asker: Asker): Record<string, Resolver> {
  const { world, who } = asker;
  const writer: Writer = { account: who.account, throughApp: who.kind === 'person' && who.throughApp };
  const issueOf = (id: string | undefined): Issue => {
    if (!allows(world, who, { permission: 'issues', level: 'write' }))
      throw refuse('FORBIDDEN', 'Resource not accessible by integration');
    const found = world.store.issues().find((one) => nodeId('I', one.id) === id);
    if (found === undefined) throw refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
    return found;
  };
  const changed = (id: string | undefined): Issue => {
    const found = issueOf(id);
    if (who.kind === 'person' && !isWriter(world, who))
      throw refuse('FORBIDDEN', 'Must have admin rights to Repository.');
    return found;
  };
  return {
    async addComment({ input: { subjectId, body = '' } }) {
      const found = issueOf(subjectId);
      if (!mayComment(world, who, found))
        throw refuse('UNPROCESSABLE', 'Unable to create comment because issue is locked.');
      if (body.trim() === '') throw refuse('UNPROCESSABLE', 'Body cannot be blank');
      if ([...body].length > 65_536) throw refuse('UNPROCESSABLE', 'Body is too long (maximum is 65536 characters)');
      const limit = { points: 0, creating: true };
      if (world.limits.check(holderOf(who), 'graphql', limit) !== null)
        throw refuse('RATE_LIMITED', 'was submitted too quickly');
      world.limits.count(holderOf(who), 'graphql', limit);
      asker.onCreated();
      const made = await world.store.createComment(writer, found.number, body);
      return { commentEdge: { node: comment(asker, made) }, clientMutationId: null };
    },
    async unlockLockable({ input: { lockableId } }) {
      await world.store.unlock(writer, changed(lockableId).number);
      return { clientMutationId: null };
    },
    async lockLockable({ input: { lockableId, lockReason } }) {
      const reason = lockReason?.toLowerCase().replace('_', '-') ?? null;
      await world.store.lock(writer, changed(lockableId).number, reason);
      return { clientMutationId: null };
    },
    async removeLabelsFromLabelable({ input: { labelableId, labelIds = [] } }) {
      const { number, labels } = changed(labelableId);
      const kept = labels.filter(({ id }) => !labelIds.includes(nodeId('LA', id))).map(({ name }) => name);
      await world.store.changeIssue(writer, number, { labels: kept });
      return { clientMutationId: null };
    },
  };
}
