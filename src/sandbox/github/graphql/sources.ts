/** The repository, its issues, their comments and timelines as GraphQL sources. */
import type { Principal } from '../accounts.ts';
import { allows, refusalFor } from '../permissions.ts';
import { htmlOf, nodeId, seconds } from '../render.ts';
import type { Comment, Deletion, Edit, Issue, Rename } from '../store.ts';
import { isFresh, type World } from '../world.ts';
import { connection, type PageArgs, refuse } from './connection.ts';
import { actor, branch, databaseId, gitObject } from './objects.ts';

type Source = Record<string, unknown>;

export interface Asker {
  world: World;
  who: Principal;
  /** Told of each comment that a mutation created. */
  onCreated(): void;
}

function allow({ world, who }: Asker, permission: 'issues' | 'contents'): void {
  if (!allows(world, who, { permission, level: 'read' }))
    throw refuse('FORBIDDEN', 'Resource not accessible by integration');
}

/** The repository, where the asker may see it; otherwise GitHub's NOT_FOUND. */
export function repository(asker: Asker, args: { owner: string; name: string }): Source {
  const { world, who } = asker;
  const { id, owner, ownerId, ownerType, name, createdAt, defaultBranch } = world.repository;
  const same = `${owner}/${name}`.toLowerCase() === `${args.owner}/${args.name}`.toLowerCase();
  if (!same || refusalFor(world, who, { permission: 'metadata', level: 'read', person: 'read' }) !== null) {
    throw refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${args.owner}/${args.name}'.`);
  }
  const ref = async (branchName: string): Promise<Source | null> => {
    allow(asker, 'contents');
    const head = await world.git.resolve(`refs/heads/${branchName}`);
    return head === null ? null : branch(world, branchName, head);
  };
  return {
    id: nodeId('R', id),
    databaseId: databaseId(id),
    name,
    nameWithOwner: `${owner}/${name}`,
    owner: { __typename: ownerType, id: nodeId('O', ownerId), databaseId: databaseId(ownerId), login: owner },
    isPrivate: !world.repository.public,
    visibility: world.repository.public ? 'PUBLIC' : 'PRIVATE',
    isArchived: false,
    isInOrganization: ownerType === 'Organization',
    hasIssuesEnabled: true,
    createdAt,
    url: htmlOf(world),
    resourcePath: `/${owner}/${name}`,
    viewerPermission: who.kind === 'person' ? who.account.permission.toUpperCase() : null,
    defaultBranchRef: () => ref(defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName.replace(/^refs\/heads\//, '')),
    object: (wanted: { oid?: string | null; expression?: string | null }) => object(asker, wanted),
    issue: ({ number }: { number: number }) => {
      allow(asker, 'issues');
      const found = world.store.issue(number);
      if (found === null) throw refuse('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
      return issue(asker, found);
    },
    issues: (wanted: IssuesArgs) => {
      allow(asker, 'issues');
      return issues(asker, wanted);
    },
  };
}

async function object(
  asker: Asker,
  wanted: { oid?: string | null; expression?: string | null },
): Promise<Source | null> {
  allow(asker, 'contents');
  const found = await asker.world.git.resolve(wanted.oid ?? wanted.expression ?? '');
  return found === null ? null : gitObject(asker.world, found);
}

interface IssuesArgs extends PageArgs {
  labels?: string[] | null;
  states?: string[] | null;
  orderBy?: { field: string; direction: string } | null;
  filterBy?: Record<string, unknown> | null;
}

const FILTERS = ['labels', 'states', 'since', 'createdBy'];

function issues(asker: Asker, args: IssuesArgs): Source {
  const { world } = asker;
  const filter = args.filterBy ?? {};
  // The schema fills this one in; false asks for nothing.
  const unset = (name: string) => name === 'viewerSubscribed' && filter[name] === false;
  const strange = Object.keys(filter).filter((name) => !FILTERS.includes(name) && !unset(name));
  if (strange.length > 0) throw new Error(`The sandbox's GitHub does not serve the filter ${strange.join(', ')}.`);
  const labels = [...(args.labels ?? []), ...list(filter['labels'])].map((name) => name.toLowerCase());
  const states = [...(args.states ?? []), ...list(filter['states'])];
  const since = typeof filter['since'] === 'string' ? Date.parse(filter['since']) : Number.NEGATIVE_INFINITY;
  const creator = filter['createdBy'];
  const { field, direction } = args.orderBy ?? { field: 'CREATED_AT', direction: 'ASC' };
  const rank = (found: Issue): number => {
    if (field === 'COMMENTS') return found.comments;
    return Date.parse(field === 'UPDATED_AT' ? found.updated_at : found.created_at);
  };
  const sign = direction === 'DESC' ? -1 : 1;
  const found = world.store
    .issues()
    .filter(({ state }) => states.length === 0 || states.includes(state.toUpperCase()))
    // GitHub's `labels` asks for any of them, unlike REST, which asks for all.
    .filter((one) => labels.length === 0 || one.labels.some(({ name }) => labels.includes(name.toLowerCase())))
    .filter((one) => Date.parse(one.updated_at) >= since)
    .filter((one) => typeof creator !== 'string' || one.author.login === creator)
    .sort((a, b) => sign * (rank(a) - rank(b) || a.number - b.number));
  const hidden = (one: Issue): boolean => isFresh(world, one.created_at);
  // GitHub's cursor holds what the list is sorted by: an issue that changes between two pages moves, and no other is passed over.
  const key = (one: Issue): string => `${rank(one)}:${one.number}`;
  const compare = (a: string, b: string): number => sign * compareKeys(a, b);
  const page = connection('issues', found, args, { key, hidden, compare });
  return {
    ...page,
    nodes: page.nodes.map((one) => issue(asker, one)),
    edges: edgesOf(page, (one) => issue(asker, one)),
  };
}

function compareKeys(a: string, b: string): number {
  const [rankA = 0, numberA = 0] = a.split(':').map(Number);
  const [rankB = 0, numberB = 0] = b.split(':').map(Number);
  return rankA - rankB || numberA - numberB;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function edgesOf<T>(page: { edges: { cursor: string; node: T }[] }, render: (node: T) => Source): Source[] {
  return page.edges.map(({ cursor, node }) => ({ cursor, node: render(node) }));
}

/** An issue with all that stands on it. */
export function issue(asker: Asker, found: Issue): Source {
  const { world } = asker;
  return {
    __typename: 'Issue',
    id: nodeId('I', found.id),
    databaseId: databaseId(found.id),
    fullDatabaseId: String(found.id),
    number: found.number,
    url: `${htmlOf(world)}/issues/${found.number}`,
    resourcePath: `/${world.repository.owner}/${world.repository.name}/issues/${found.number}`,
    title: found.title,
    body: found.body ?? '',
    state: found.state.toUpperCase(),
    stateReason: found.state_reason?.toUpperCase() ?? null,
    closed: found.state === 'closed',
    closedAt: found.closed_at === null ? null : seconds(found.closed_at),
    locked: found.locked,
    activeLockReason: found.active_lock_reason?.toUpperCase().replaceAll(/[ -]/g, '_') ?? null,
    createdAt: seconds(found.created_at),
    updatedAt: seconds(found.updated_at),
    author: actor(world, found.author),
    ...edited(asker, found),
    labels: (args: PageArgs) => {
      const labels = found.labels.map(({ id, name, color }) => ({ id: nodeId('LA', id), key: id, name, color }));
      return connection('labels', labels, args, { key: ({ key }) => key });
    },
    comments: (args: PageArgs) => comments(asker, found.number, args),
    timelineItems: (args: PageArgs & { itemTypes?: string[] | null }) => timeline(asker, found.number, args),
  };
}

/** Who edited, when, and each edit; the first entry of an edit history is the original. */
function edited({ world }: Asker, found: Issue | Comment): Source {
  const { edits } = found;
  const last = edits.at(-1);
  const original: Edit = { at: found.created_at, editor: found.author, body: found.firstBody };
  return {
    lastEditedAt: last === undefined ? null : seconds(last.at),
    editor: last === undefined ? null : actor(world, last.editor),
    includesCreatedEdit: last !== undefined,
    userContentEdits: (args: PageArgs) => {
      const all = last === undefined ? [] : [original, ...edits];
      const sources = all.toReversed().map((edit, n) => ({
        key: n,
        id: nodeId('UCE', `${found.id}-${n}`),
        createdAt: seconds(edit.at),
        updatedAt: seconds(edit.at),
        editedAt: seconds(edit.at),
        editor: actor(world, edit.editor),
        deletedAt: null,
        deletedBy: null,
        // As GitHub does, whatever the field's name says: the whole text as the edit left it.
        diff: edit.body,
      }));
      return connection('userContentEdits', sources, args, { key: ({ key }) => key });
    },
  };
}

function comments(asker: Asker, number: number, args: PageArgs): Source {
  const { world } = asker;
  const hidden = (found: Comment): boolean => isFresh(world, found.created_at);
  const page = connection('comments', world.store.comments(number), args, { key: ({ id }) => id, hidden });
  return {
    ...page,
    nodes: page.nodes.map((one) => comment(asker, one)),
    edges: edgesOf(page, (one) => comment(asker, one)),
  };
}

export function comment(asker: Asker, found: Comment): Source {
  const { world } = asker;
  return {
    __typename: 'IssueComment',
    id: nodeId('IC', found.id),
    databaseId: databaseId(found.id),
    fullDatabaseId: String(found.id),
    body: found.body,
    createdAt: seconds(found.created_at),
    updatedAt: seconds(found.edits.at(-1)?.at ?? found.created_at),
    publishedAt: seconds(found.created_at),
    isMinimized: false,
    minimizedReason: null,
    url: `${htmlOf(world)}/issues/${found.issue}#issuecomment-${found.id}`,
    author: actor(world, found.author),
    ...edited(asker, found),
  };
}

const SERVED = ['COMMENT_DELETED_EVENT', 'RENAMED_TITLE_EVENT', 'ISSUE_COMMENT'];

/** Comments, deletions of comments and changed titles, in the order of time. Who deleted is told to writers only. */
function timeline(asker: Asker, number: number, args: PageArgs & { itemTypes?: string[] | null }): Source {
  const { world, who } = asker;
  const types = args.itemTypes ?? SERVED;
  const strange = types.filter((type) => !SERVED.includes(type));
  if (strange.length > 0) throw new Error(`The sandbox's GitHub does not serve the timeline's ${strange.join(', ')}.`);
  const writer = who.kind !== 'person' || who.account.permission === 'write' || who.account.permission === 'admin';
  const deletions = types.includes('COMMENT_DELETED_EVENT') ? world.store.deletions(number) : [];
  const written = types.includes('ISSUE_COMMENT') ? world.store.comments(number) : [];
  const renames = types.includes('RENAMED_TITLE_EVENT') ? world.store.renames(number) : [];
  const items = [
    ...deletions.map((found) => ({ at: found.at, key: -found.id, source: deletion(world, found, writer) })),
    ...renames.map((found) => ({ at: found.at, key: found.id, source: rename(world, found) })),
    ...written.map((found) => ({ at: found.created_at, key: found.id, source: comment(asker, found) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const page = connection('timelineItems', items, args, { key: ({ key }) => key });
  return {
    ...page,
    filteredCount: items.length,
    pageCount: page.nodes.length,
    nodes: page.nodes.map(({ source }) => source),
  };
}

function deletion(world: World, found: Deletion, toldWho: boolean): Source {
  return {
    __typename: 'CommentDeletedEvent',
    id: nodeId('CDE', found.id),
    databaseId: databaseId(found.id),
    createdAt: seconds(found.at),
    actor: toldWho ? actor(world, found.actor) : null,
    deletedCommentAuthor: actor(world, found.author),
  };
}

function rename(world: World, { id, at, actor: who, from, to }: Rename): Source {
  return {
    __typename: 'RenamedTitleEvent',
    id: nodeId('RTE', id),
    createdAt: seconds(at),
    actor: actor(world, who),
    previousTitle: from,
    currentTitle: to,
  };
}
