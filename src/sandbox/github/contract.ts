/** Holds every REST request and answer against GitHub's own OpenAPI description, the slice in openapi.generated.json. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import * as v from 'valibot';

export interface Violation {
  side: 'request' | 'response';
  /** `METHOD /template`. */
  route: string;
  /** The answer's status; null for requests. */
  status: number | null;
  message: string;
}

const Content = v.optional(v.record(v.string(), v.looseObject({})), {});
const Parameter = v.object({
  name: v.string(),
  in: v.picklist(['path', 'query', 'header']),
  required: v.optional(v.boolean(), false),
  schema: v.record(v.string(), v.unknown()),
});
const Reference = v.object({ $ref: v.string() });
const Operation = v.object({
  parameters: v.optional(v.array(v.union([Parameter, Reference])), []),
  requestBody: v.optional(v.object({ required: v.optional(v.boolean(), false), content: Content })),
  responses: v.record(v.string(), v.union([Reference, v.object({ content: Content })])),
});
const Description = v.object({
  paths: v.record(v.string(), v.record(v.string(), Operation)),
  components: v.object({
    parameters: v.record(v.string(), Parameter),
    responses: v.record(v.string(), v.object({ content: Content })),
    schemas: v.record(v.string(), v.unknown()),
  }),
});
type Operation = v.InferOutput<typeof Operation>;

export interface Contract {
  /** What is wrong with a request's parameters and body, in sentences. */
  request(
    method: string,
    template: string,
    sent: { params: Record<string, string>; query: URLSearchParams; body: unknown },
  ): { parameters: string[]; body: string[] };
  /** What is wrong with an answer. Errors that the description does not list (401, 403, 404, 422, 429) pass. */
  response(method: string, template: string, status: number, json: unknown): string[];
  /** What is wrong with a webhook's payload, where the slice describes this event. */
  event(event: string, action: string, payload: unknown): string[];
}

/** A mistake of the sandbox itself: tests hold violations to be empty, so it cannot go unseen. */
export function mistake(route: string, error: unknown): Violation {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { side: 'response', route, status: 500, message };
}

const ID = 'github';
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

let loaded: Contract | null = null;

/** Reads the slice, once in a process; validators are compiled when first needed, which every server then shares. */
export function loadContract(): Contract {
  loaded ??= readContract();
  return loaded;
}

function readContract(): Contract {
  const raw: unknown = JSON.parse(readFileSync(new URL('openapi.generated.json', import.meta.url), 'utf8'));
  const description = v.parse(Description, raw);
  const ajv = createAjv();
  ajv.addSchema({ $id: ID, components: { schemas: description.components.schemas } });
  const compiled = new Map<string, ValidateFunction>();

  const check = (key: string, schema: unknown, value: unknown, what: string): string[] => {
    const validate = compiled.get(key) ?? ajv.compile(absolute(schema));
    compiled.set(key, validate);
    return validate(value) ? [] : [`${what}: ${ajv.errorsText(validate.errors, { dataVar: '' })}`];
  };
  const operationOf = (method: string, template: string): Operation => {
    const found = description.paths[template]?.[method.toLowerCase()];
    if (found === undefined)
      throw new Error(
        `${method} ${template} is not in openapi.generated.json; add it to scripts/github-openapi-slice.ts.`,
      );
    return found;
  };
  const parametersOf = (operation: Operation): v.InferOutput<typeof Parameter>[] =>
    operation.parameters.map((entry) =>
      '$ref' in entry ? named(description.components.parameters, entry.$ref) : entry,
    );

  return {
    request(method, template, { params, query, body }) {
      const operation = operationOf(method, template);
      const key = `${method} ${template}`;
      const parameters = parametersOf(operation);
      const known = parameters.filter((entry) => entry.in === 'query').map(({ name }) => name);
      const strangers = [...query.keys()].filter((name) => !known.includes(name));
      const wrong = parameters.flatMap(({ name, in: place, required, schema }) => {
        const text = place === 'path' ? params[name] : place === 'query' ? query.get(name) : null;
        if (text == null) return required ? [`${name}: missing`] : [];
        // The description calls it a time; GitHub's documentation takes a range of them too, as its search does.
        const texts = name === 'created' ? text.split('..') : [text];
        return texts.flatMap((one) => check(`${key} ${name}`, schema, coerced(one, schema), name));
      });
      const schema = operation.requestBody?.content['application/json']?.['schema'];
      const missing = body === undefined && operation.requestBody?.required === true;
      const wrongBody = schema === undefined || body === undefined ? [] : check(`${key} body`, schema, body, 'body');
      return {
        parameters: [...strangers.map((name) => `${name}: GitHub knows no such parameter`), ...wrong],
        body: missing ? ['body: missing'] : wrongBody,
      };
    },
    response(method, template, status, json) {
      const listed = operationOf(method, template).responses[String(status)];
      if (listed === undefined) return status >= 400 || status === 304 ? [] : [`status ${status} is not documented`];
      const { content } = '$ref' in listed ? named(description.components.responses, listed.$ref) : listed;
      const schema = (content['application/json'] ?? content['application/scim+json'])?.['schema'];
      if (schema === undefined) return json === undefined || status >= 400 ? [] : ['a body where GitHub sends none'];
      return check(`${method} ${template} ${status}`, schema, json, 'body');
    },
    event(event, action, payload) {
      const name = `webhook-${event}-${action}`.replaceAll('_', '-');
      const schema = description.components.schemas[name];
      return schema === undefined ? [] : check(name, schema, payload, 'payload');
    },
  };
}

function createAjv(): Ajv {
  // Each validator is used a few times: that it is compiled soon matters more than how fast it then is.
  const quick = { inlineRefs: false, code: { optimize: false } };
  const ajv = new Ajv({ strict: false, allErrors: false, validateSchema: false, ...quick });
  ajv.addFormat('date-time', { type: 'string', validate: (text: string) => DATE_TIME.test(text) });
  ajv.addFormat('uri', { type: 'string', validate: (text: string) => URL.canParse(text) });
  ajv.addFormat('email', { type: 'string', validate: (text: string) => text.includes('@') });
  for (const format of ['int64', 'int32', 'timestamp', 'date', 'uri-template', 'repo.nwo']) ajv.addFormat(format, true);
  return ajv;
}

/** References made absolute, so that every validator shares the components. */
function absolute(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${ID}#/components/`));
}

function named<T>(group: Record<string, T>, pointer: string): T {
  const found = group[pointer.split('/').at(-1) ?? ''];
  if (found === undefined) throw new Error(`openapi.generated.json lacks ${pointer}.`);
  return found;
}

/** Path and query carry text; the description speaks of numbers and truth values. */
function coerced(text: string, schema: Record<string, unknown>): unknown {
  if (schema['type'] === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (schema['type'] === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
