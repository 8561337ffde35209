/** Executes GraphQL over (a slice of) GitHub's own schema; what is no valid query there is refused in GitHub's words. */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
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
  const document = parsed(query);
  if (document instanceof GraphQLError) return { status: 200, json: { errors: [errorOf(document)] } };
  const mistakes = validate(schema, document);
  if (mistakes.length > 0) return { status: 200, json: { errors: mistakes.map(mistakeOf) } };
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

function parsed(query: string): ReturnType<typeof parse> | GraphQLError {
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
