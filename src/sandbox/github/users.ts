/** REST routes of accounts: what anybody with a token may know of a person, a bot or an organization. */
import type { AccountOptions } from './options.ts';
import { account, type Json } from './render.ts';
import { notFound, problem, type Reply } from './reply.ts';
import type { Call, World } from './world.ts';

/** `GET /users/{username}`: also of organizations, and of bots by their login with `[bot]`. */
export async function getUser({ world, params }: Call): Promise<Reply> {
  const login = params['username'] ?? '';
  const found = world.accounts.find(login);
  if (found !== null) return { status: 200, json: profile(world, found, found.type) };
  const { owner, ownerId, ownerType } = world.repository;
  if (ownerType === 'User' || owner.toLowerCase() !== login.toLowerCase()) throw notFound();
  return { status: 200, json: profile(world, { id: ownerId, login: owner }, 'Organization') };
}

/** `GET /user`: whose token it is. A job's is nobody's, nor is an app's. */
export async function getSelf({ world, who }: Call): Promise<Reply> {
  if (who.kind !== 'person' || who.account.type === 'Bot') throw problem(403, 'Resource not accessible by integration');
  return { status: 200, json: profile(world, who.account, who.account.type) };
}

/** `GET /user/{account_id}`: by the number, which stays when the login changes. */
export async function getUserById({ world, params }: Call): Promise<Reply> {
  const found = world.accounts.all.find(({ id }) => id === Number(params['account_id']));
  if (found === undefined) throw notFound();
  return { status: 200, json: profile(world, found, found.type) };
}

type Known = Pick<AccountOptions, 'id' | 'login' | 'name'>;

function profile(world: World, found: Known, type: string): Json {
  return {
    ...account(world, found, type),
    name: found.name ?? null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: world.repository.createdAt,
    updated_at: world.repository.createdAt,
  };
}
