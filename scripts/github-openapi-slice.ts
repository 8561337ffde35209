/**
 * Cuts GitHub's published descriptions down to what the sandbox serves: `node scripts/github-openapi-slice.ts PATH_TO_api.github.com.json`
 * (from the npm package @octokit/openapi) writes openapi.generated.json and, from @octokit/graphql-schema, schema.generated.graphql.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { schema as published } from '@octokit/graphql-schema';
import {
  buildSchema,
  type DefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isScalarType,
  Kind,
  parse,
  print,
  type TypeNode,
} from 'graphql';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const TARGET = new URL('../src/sandbox/github/', import.meta.url);
const REPO = '/repos/{owner}/{repo}';
const ROUTES: Record<string, string[]> = {
  '/app': ['get'],
  '/app/installations': ['get'],
  '/app/installations/{installation_id}': ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/installation/repositories': ['get'],
  [REPO]: ['get'],
  [`${REPO}/installation`]: ['get'],
  [`${REPO}/branches/{branch}`]: ['get'],
  [`${REPO}/rules/branches/{branch}`]: ['get'],
  [`${REPO}/actions/permissions`]: ['get'],
  [`${REPO}/actions/secrets`]: ['get'],
  [`${REPO}/actions/organization-secrets`]: ['get'],
  [`${REPO}/actions/workflows`]: ['get'],
  [`${REPO}/actions/workflows/{workflow_id}/dispatches`]: ['post'],
  [`${REPO}/actions/runs`]: ['get'],
  [`${REPO}/actions/runs/{run_id}`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/attempts/{attempt_number}`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/jobs`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/artifacts`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/approvals`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/pending_deployments`]: ['get'],
  [`${REPO}/actions/runs/{run_id}/deployment_protection_rule`]: ['post'],
  [`${REPO}/actions/runs/{run_id}/logs`]: ['delete'],
  [`${REPO}/actions/runs/{run_id}/attempts/{attempt_number}/logs`]: ['get'],
  [`${REPO}/actions/artifacts`]: ['get'],
  [`${REPO}/actions/artifacts/{artifact_id}`]: ['delete'],
  [`${REPO}/environments/{environment_name}`]: ['get'],
  [`${REPO}/environments/{environment_name}/deployment-branch-policies`]: ['get'],
  [`${REPO}/environments/{environment_name}/deployment_protection_rules`]: ['get'],
  [`${REPO}/environments/{environment_name}/secrets`]: ['get'],
  [`${REPO}/issues`]: ['get', 'post'],
  [`${REPO}/issues/{issue_number}`]: ['get', 'patch'],
  [`${REPO}/issues/{issue_number}/labels`]: ['post'],
  [`${REPO}/issues/{issue_number}/labels/{name}`]: ['delete'],
  [`${REPO}/issues/{issue_number}/lock`]: ['put', 'delete'],
  [`${REPO}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${REPO}/issues/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${REPO}/git/blobs/{file_sha}`]: ['get'],
  [`${REPO}/contents/{path}`]: ['get'],
  [`${REPO}/collaborators/{username}/permission`]: ['get'],
  '/orgs/{org}/teams/{team_slug}/members': ['get'],
  '/orgs/{org}/teams/{team_slug}/memberships/{username}': ['get'],
  '/users/{username}': ['get'],
  '/user': ['get'],
  '/user/{account_id}': ['get'],
  '/rate_limit': ['get'],
  '/search/issues': ['get'],
};
/** Payloads of webhooks that are checked, too. */
const EVENTS = [
  'deployment-protection-rule-requested',
  'issue-comment-created',
  'issues-opened',
  'workflow-run-completed',
].map((name) => `webhook-${name}`);
/** What documentation needs and a validator does not. */
const PROSE = ['description', 'example', 'examples', 'externalDocs', 'summary', 'tags', 'x-github', 'headers', 'title'];

const TYPES = new Set([
  ...[
    'Query',
    'Repository',
    'RepositoryOwner',
    'Actor',
    'User',
    'Organization',
    'Bot',
    'Mannequin',
    'RateLimit',
    'Ref',
  ],
  ...[
    'GitObject',
    'Commit',
    'Tree',
    'Tag',
    'TreeEntry',
    'Blob',
    'Node',
    'Comment',
    'PageInfo',
    'Label',
    'LabelConnection',
  ],
  ...[
    'Issue',
    'IssueConnection',
    'IssueComment',
    'IssueCommentConnection',
    'IssueTimelineItems',
    'IssueTimelineItemsConnection',
  ],
  ...[
    'CommentDeletedEvent',
    'RenamedTitleEvent',
    'ClosedEvent',
    'UserContentEdit',
    'UserContentEditConnection',
    'Mutation',
    'AddCommentPayload',
    'LockLockablePayload',
    'UnlockLockablePayload',
    'RemoveLabelsFromLabelablePayload',
    'IssueEdge',
    'IssueCommentEdge',
  ],
]);

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(document: Json, pointer: string): Json {
  let value: Json = document;
  for (const part of pointer.replace(/^#\//, '').split('/')) {
    const next: Json | undefined = isObject(value) ? value[part.replace('~', '/')] : undefined;
    if (next === undefined) throw new Error(`The description has no ${pointer}; is it GitHub's api.github.com.json?`);
    value = next;
  }
  return value;
}

/** Drops prose; `nullable` without a type, which no validator understands, becomes `anyOf: [that, null]`. */
function clean(value: Json, named: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => clean(item, false));
  if (!isObject(value)) return value;
  const result: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    if (!named && PROSE.includes(key) && !(key === 'title' && isObject(item))) continue;
    result[key] = clean(item, !named && (key === 'properties' || key === 'schemas' || key === 'parameters'));
  }
  if (named || result['nullable'] !== true) return result;
  if (Array.isArray(result['enum']) && !result['enum'].includes(null)) result['enum'].push(null);
  if (result['type'] !== undefined) return result;
  const { nullable: _, ...rest } = result;
  return { anyOf: [rest, { type: 'object', nullable: true, enum: [null] }] };
}

function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref']] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function member(value: Json, key: string): Json {
  const found = isObject(value) ? value[key] : undefined;
  if (found === undefined) throw new Error(`The description has no ${key}; is it GitHub's api.github.com.json?`);
  return found;
}

function slicePaths(source: Json): { [key: string]: Json } {
  const paths: { [key: string]: Json } = {};
  for (const [path, methods] of Object.entries(ROUTES)) {
    const operations = member(member(source, 'paths'), path);
    paths[path] = Object.fromEntries(methods.map((method) => [method, clean(member(operations, method), false)]));
  }
  return corrected(paths);
}

/** Where the description contradicts itself: it wants an installation in this list to be of a user and an enterprise at once. */
function corrected(paths: { [key: string]: Json }): { [key: string]: Json } {
  const list = at(paths['/app/installations'] ?? null, 'get/responses/200/content/application~json/schema');
  if (isObject(list)) list['items'] = { $ref: '#/components/schemas/installation' };
  return paths;
}

/** Everything that the paths and the webhooks refer to, however deep, by its pointer. */
function sliceComponents(source: Json, paths: Json): Map<string, Json> {
  const found = new Map<string, Json>();
  const open = [...references(paths), ...EVENTS.map((name) => `#/components/schemas/${name}`)];
  for (let pointer = open.pop(); pointer !== undefined; pointer = open.pop()) {
    if (found.has(pointer)) continue;
    const component = clean(at(source, pointer), false);
    found.set(pointer, component);
    open.push(...references(component));
  }
  return found;
}

/** JSON with one line per path and per component, so that a change shows as what it is. */
function lines(entries: Iterable<[string, Json]>): string {
  return [...entries].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',\n');
}

function sliceOpenapi(source: Json): string {
  const paths = slicePaths(source);
  const groups = new Map<string, [string, Json][]>();
  for (const [pointer, component] of [...sliceComponents(source, paths)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [, , group = '', name = ''] = pointer.split('/');
    groups.set(group, [...(groups.get(group) ?? []), [name, component]]);
  }
  const components = [...groups]
    .map(([group, entries]) => `${JSON.stringify(group)}:{\n${lines(entries)}}`)
    .join(',\n');
  const info = JSON.stringify({ title: 'GitHub REST API, the part the sandbox serves', version: '1.1.4' });
  return `{"openapi":"3.0.3","info":${info},\n"paths":{\n${lines(Object.entries(paths))}},\n"components":{${components}}}\n`;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

/** GitHub's schema with the types of TYPES, the fields that lead to them, and every enum, input and scalar these need. */
function sliceGraphql(sdl: string): string {
  const bare = sdl
    .replace(/"""[\s\S]*?"""/g, '')
    .replace(/^directive .*$/gm, '')
    .replace(/@requiredCapabilities(\([^)]*\))?/g, '');
  const schema = buildSchema(bare, { assumeValid: true, assumeValidSDL: true, noLocation: true });
  const needed = new Set<string>();
  const document = parse(bare, { noLocation: true });
  const composite = document.definitions.flatMap((definition): DefinitionNode[] => {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION && TYPES.has(definition.name.value)) {
      return [{ ...definition, types: (definition.types ?? []).filter((t) => TYPES.has(t.name.value)) }];
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      return [];
    if (!TYPES.has(definition.name.value)) return [];
    const fields = definition.fields?.filter((f) => TYPES.has(nameOf(f.type)) || isLeaf(schema, nameOf(f.type))) ?? [];
    for (const field of fields) {
      for (const type of [field.type, ...(field.arguments ?? []).map((a) => a.type)])
        need(schema, needed, nameOf(type));
    }
    const interfaces = (definition.interfaces ?? []).filter((i) => TYPES.has(i.name.value));
    return [{ ...definition, interfaces, fields }];
  });
  const leaves = document.definitions.filter((d) => 'name' in d && d.name !== undefined && needed.has(d.name.value));
  return `${print({ kind: Kind.DOCUMENT, definitions: [...composite, ...leaves] })}\n`;
}

const isLeaf = (schema: GraphQLSchema, name: string): boolean => {
  const type = schema.getType(name);
  return isScalarType(type) || isEnumType(type);
};

function need(schema: GraphQLSchema, needed: Set<string>, name: string): void {
  const type = schema.getType(name);
  if (needed.has(name) || type === undefined) return;
  if (isScalarType(type) || isEnumType(type)) needed.add(name);
  if (!isInputObjectType(type)) return;
  needed.add(name);
  for (const field of Object.values(type.getFields())) need(schema, needed, getNamedType(field.type).name);
}

const source = process.argv[2];
if (source === undefined) {
  console.error('Usage: node scripts/github-openapi-slice.ts PATH_TO_api.github.com.json');
  process.exitCode = 2;
} else {
  const description: Json = JSON.parse(readFileSync(source, 'utf8'));
  writeFileSync(new URL('openapi.generated.json', TARGET), sliceOpenapi(description));
  writeFileSync(new URL('schema.generated.graphql', TARGET), sliceGraphql(published.idl));
}
