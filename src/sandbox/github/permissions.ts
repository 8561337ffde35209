/** Who may do what: job tokens by their permissions, people by theirs on the repository. */
import type { Principal } from './accounts.ts';
import { notFound, problem, type Refusal } from './reply.ts';
import type { Issue } from './store.ts';
import type { World } from './world.ts';

/** What a route asks of a token of an App (a job's is one, too), and of a person. */
export interface Need {
  permission:
    | 'issues'
    | 'contents'
    | 'actions'
    | 'deployments'
    | 'metadata'
    | 'secrets'
    | 'environments'
    | 'administration';
  level: 'read' | 'write';
  /** What a person needs; an App's token is judged by its permission. */
  person: 'read' | 'write' | 'admin';
}

const RANK = { none: 0, read: 1, write: 2, admin: 3 } as const;

const rank = (world: World, who: Principal): number => {
  const own = RANK[who.account.permission];
  return world.repository.public ? Math.max(own, RANK.read) : own;
};

/** A person with write permission or more. */
export function isWriter(world: World, who: Principal): boolean {
  return rank(world, who) >= RANK.write;
}

/** null: allowed. A private repository does not exist for those without access. */
export function refusalFor(world: World, who: Principal, need: Need): Refusal | null {
  if (who.kind === 'person') {
    if (rank(world, who) < RANK.read) return notFound();
    return rank(world, who) >= RANK[need.person] ? null : problem(403, 'Must have admin rights to Repository.');
  }
  return allows(world, who, need) ? null : lacking(need);
}

/** What a public repository does not show either. No job token can have these. */
const NEVER_PUBLIC: Need['permission'][] = ['secrets', 'environments', 'administration'];

/** Whether an App's token has the permission; what is public anybody may read. */
export function allows(world: World, who: Principal, need: Pick<Need, 'permission' | 'level'>): boolean {
  if (who.kind === 'person') return true;
  if (need.level === 'read' && world.repository.public && !NEVER_PUBLIC.includes(need.permission)) return true;
  const has = who.permissions[need.permission];
  return has === 'write' || (has === 'read' && need.level === 'read');
}

function lacking(need: Need): Refusal {
  return problem(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': `${need.permission}=${need.level}` },
  });
}

/**
 * In a locked conversation only people with write permission comment. An App's token does not, whatever its permissions:
 * seen of jobs' in hashicorp/terraform-github-actions#100 and actions/stale#51.
 */
export function mayComment(world: World, who: Principal, issue: Issue): boolean {
  return !issue.locked || (who.kind === 'person' && isWriter(world, who));
}

/** Writers edit or delete anybody's words; others their own. */
export function mayChange(world: World, who: Principal, authorId: number): boolean {
  return who.kind !== 'person' || isWriter(world, who) || who.account.id === authorId;
}
