/** REST routes of the installed App: what it is, where it is installed, and the tokens of its installation. */
import * as v from 'valibot';
import type { Level } from './accounts.ts';
import { type App, suspended, TOKEN_MS } from './app.ts';
import { page } from './paging.ts';
import { account, integration, type Json, seconds } from './render.ts';
import { fullRepository } from './render-repository.ts';
import { notFound, problem, type Reply } from './reply.ts';
import type { Call, World } from './world.ts';

/** The App that calls; only its own JWT gets this far. */
function appOf({ world }: Call): App {
  if (world.app === null) throw notFound();
  return world.app;
}

export const getApp = async (call: Call): Promise<Reply> => ({
  status: 200,
  json: { ...integration(call.world, appOf(call)), installations_count: 1 },
});

export const listInstallations = async (call: Call): Promise<Reply> =>
  page(
    call,
    `${call.world.url}/app/installations`,
    [appOf(call)].filter(({ installed }) => installed),
    (app) => installation(call.world, app),
  );

export const getInstallation = async (call: Call): Promise<Reply> => ({
  status: 200,
  json: installation(call.world, installedBy(call)),
});

export async function getRepositoryInstallation(call: Call): Promise<Reply> {
  const app = appOf(call);
  if (!app.installed) throw notFound();
  return { status: 200, json: installation(call.world, app) };
}

function installedBy(call: Call): App {
  const app = appOf(call);
  const asked = Number(call.params['installation_id']);
  if (!app.installed || asked !== app.options.installationId) throw notFound();
  return app;
}

function installation(world: World, { options, suspendedAt }: App): Json {
  const { id, slug, installationId, permissions, events } = options;
  const { owner, ownerId, ownerType, createdAt } = world.repository;
  const url = `${world.url}/app/installations/${installationId}`;
  return {
    id: installationId,
    account: account(world, { id: ownerId, login: owner }, ownerType),
    repository_selection: 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${owner}/settings/installations/${installationId}`,
    app_id: id,
    app_slug: slug,
    target_id: ownerId,
    target_type: ownerType,
    permissions,
    events,
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    suspended_at: suspendedAt,
    suspended_by: suspendedAt === null ? null : account(world, { id: ownerId, login: owner }, ownerType),
  };
}

const Asked = v.nullish(
  v.object({
    repositories: v.optional(v.array(v.string())),
    repository_ids: v.optional(v.array(v.number())),
    permissions: v.optional(v.record(v.string(), v.string())),
  }),
);
const RANK: Record<string, number> = { read: 1, write: 2, admin: 3 };

/** A token for an hour, with all that the installation was granted or with less. Asking for more is refused. */
export async function createInstallationToken(call: Call): Promise<Reply> {
  const { world } = call;
  const app = installedBy(call);
  if (app.suspendedAt !== null) throw suspended();
  const { options, bot } = app;
  const { permissions: asked, repositories = [], repository_ids: ids = [] } = v.parse(Asked, call.body) ?? {};
  const strange = repositories.some((name) => name.toLowerCase() !== world.repository.name.toLowerCase());
  if (strange || ids.some((id) => id !== world.repository.id))
    throw problem(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  const permissions = granted(options.permissions, asked);
  const expires = world.now() + TOKEN_MS;
  const token = world.accounts.issue(
    { kind: 'installation', appId: options.id, permissions, account: bot },
    () => app.installed && world.now() < expires,
  );
  const selected = repositories.length + ids.length > 0 ? { repositories: [fullRepository(world)] } : {};
  return {
    status: 201,
    json: {
      token,
      expires_at: seconds(new Date(expires).toISOString()),
      permissions,
      repository_selection: 'selected',
      ...selected,
    },
  };
}

/** Every installation may read metadata. */
function granted(
  has: Readonly<Record<string, 'read' | 'write'>>,
  asked: Record<string, string> | undefined,
): Record<string, Level> {
  if (asked === undefined) return { ...has, metadata: 'read' };
  const beyond = Object.entries(asked).some(([name, level]) => (RANK[level] ?? 9) > (RANK[has[name] ?? ''] ?? 0));
  if (beyond) throw problem(422, 'The permissions requested are not granted to this installation.');
  const kept = Object.entries(asked).map(([name, level]): [string, Level] => [
    name,
    level === 'write' ? level : 'read',
  ]);
  return { ...Object.fromEntries(kept), metadata: 'read' };
}

/** The repositories that an installation token reaches; other tokens have none. */
export async function listInstallationRepositories(call: Call): Promise<Reply> {
  const { world, who } = call;
  if (who.kind !== 'installation')
    throw problem(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  const answer = page(call, `${world.url}/installation/repositories`, [world], fullRepository);
  return { ...answer, json: { total_count: 1, repository_selection: 'selected', repositories: answer.json } };
}
