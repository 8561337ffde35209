/** Executes GraphQL over (a slice of) GitHub's own schema; what is no valid query there is refused in GitHub's words. */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import * as v from 'valibot';
import { holderOf } from '../holder.ts';
import type { Limits } from '../limits.ts';
import { seconds } from '../render.ts';
import { problem, type Reply } from '../reply.ts';
import { mutations, nodes } from './mutations.ts';
import { actor } from './objects.ts';
import { type Asker, repository } from './sources.ts';

const Query = v.object({
  query: v.string(),
  variables: v.nullish(v.record(v.string(), v.unknown())),
  operationName: v.nullish(v.string()),
});

let loaded: GraphQLSchema | null = null;

/** Reads the schema, once in a process. */
export function loadSchema(): GraphQLSchema {
  loaded ??= buildSchema(readFileSync(new URL('../schema.generated.graphql', import.meta.url), 'utf8'));
  return loaded;
}

/** Answers a query; errors stand in the answer, which is 200, as GitHub does it. */
export async function answerQuery(schema: GraphQLSchema, asker: Asker, body: unknown): Promise<Reply> {
  const asked = v.safeParse(Query, body);
  if (!asked.success) throw problem(400, 'A query attribute must be specified and must be a string.');
  const { query, variables, operationName } = asked.output;
  const document = understood(schema, query);
  if (!('kind' in document)) return { status: 200, json: document };
  const result = await execute({
    schema,
    document,
    rootValue: rootOf(asker),
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    fieldResolver: resolveServed,
  });
  return { status: 200, json: render(result) };
}

/** Queries that were found to be right, by their texts: a client sends few, and each thousands of times. */
const RIGHT = new WeakMap<GraphQLSchema, Map<string, DocumentNode>>();
const MOST_RIGHT = 100;

/** The query, or what GitHub answers where it is none. */
function understood(schema: GraphQLSchema, query: string): DocumentNode | { errors: Record<string, unknown>[] } {
  const right = RIGHT.get(schema) ?? new Map<string, DocumentNode>();
  RIGHT.set(schema, right);
  const known = right.get(query);
  if (known !== undefined) return known;
  const document = parsed(query);
  if (document instanceof GraphQLError) return { errors: [errorOf(document)] };
  const mistakes = validate(schema, document);
  if (mistakes.length > 0) return { errors: mistakes.map(mistakeOf) };
  if (right.size < MOST_RIGHT) right.set(query, document);
  return document;
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function rootOf(asker: Asker): Record<string, unknown> {
  const { world, who } = asker;
  return {
    repository: (args: { owner: string; name: string }) => repository(asker, args),
    nodes: (args: { ids: string[] }) => nodes(asker, args),
    ...mutations(asker),
    rateLimit: () => rateLimit(world.limits.state(holderOf(who), 'graphql')),
    viewer: () => actor(world, who.account),
  };
}

function rateLimit({ limit, used, remaining, reset }: ReturnType<Limits['state']>): Record<string, unknown> {
  return { limit, used, remaining, cost: 1, nodeCount: 0, resetAt: seconds(new Date(reset * 1000).toISOString()) };
}

/** What a source lacks is not null but not served: nobody shall build on an invented null. */
const resolveServed: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  if (typeof source === 'object' && source !== null && !(info.fieldName in source)) {
    throw new Error(`The sandbox's GitHub does not serve ${info.parentType.name}.${info.fieldName}.`);
  }
  return defaultFieldResolver(source, args, context, info);
};

function render({ data, errors }: ExecutionResult): Record<string, unknown> {
  return { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors: errors.map(errorOf) }) };
}

/** GitHub puts an error's `type` beside its message. */
function errorOf(error: GraphQLError): Record<string, unknown> {
  const { type } = error.extensions;
  const { message, path, locations } = error;
  return { ...(typeof type === 'string' ? { type } : {}), path: path ?? [], locations: locations ?? [], message };
}

/** GitHub's words for fields that do not exist; graphql-js's for the rest. */
function mistakeOf(error: GraphQLError): Record<string, unknown> {
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message) ?? [];
  if (field === undefined) return errorOf(error);
  const extensions = { code: 'undefinedField', typeName: type, fieldName: field };
  return { ...errorOf(error), extensions, message: `Field '${field}' doesn't exist on type '${type}'` };
}
