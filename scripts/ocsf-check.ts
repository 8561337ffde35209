/**
 * Holds the golden OCSF events against the published schema: `node scripts/ocsf-check.ts CHECKOUT`, where CHECKOUT is
 * github.com/ocsf/ocsf-schema at the tag of the version that the events name. Says what is wrong and exits 1 if anything is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { CLASS, OCSF_VERSION } from '../src/audit/ocsf-words.ts';

const GOLDEN = new URL('../test/audit/golden/', import.meta.url);
const PROFILES = ['security_control'];

const Words = v.record(v.string(), v.object({ caption: v.string() }));
const Attribute = v.object({
  type: v.exactOptional(v.string()),
  is_array: v.exactOptional(v.boolean()),
  requirement: v.exactOptional(v.string()),
  enum: v.exactOptional(Words),
  sibling: v.exactOptional(v.string()),
});
type Attributes = Record<string, v.InferOutput<typeof Attribute>>;
/** An event class, an object or a profile, as its file has it: what it inherits and includes is not in it. */
const Part = v.object({
  name: v.string(),
  caption: v.exactOptional(v.string(), ''),
  uid: v.exactOptional(v.number()),
  extends: v.exactOptional(v.string()),
  category: v.exactOptional(v.string()),
  constraints: v.exactOptional(v.record(v.string(), v.array(v.string()))),
  attributes: v.record(v.string(), v.unknown()),
});
type Part = v.InferOutput<typeof Part>;
const Includes = v.pipe(
  v.optional(v.union([v.string(), v.array(v.string())]), []),
  v.transform((one) => (typeof one === 'string' ? [one] : one)),
);
const DataType = v.object({
  caption: v.string(),
  type: v.exactOptional(v.string()),
  regex: v.exactOptional(v.string()),
  max_len: v.exactOptional(v.number()),
  range: v.exactOptional(v.tuple([v.number(), v.number()])),
  /** Its number among the types of observables. */
  observable: v.exactOptional(v.number()),
});
const Dictionary = v.object({
  attributes: v.record(v.string(), Attribute),
  types: v.object({ attributes: v.record(v.string(), DataType) }),
});
const Categories = v.object({ attributes: v.record(v.string(), v.object({ uid: v.number(), caption: v.string() })) });

type Parts = ReadonlyMap<string, Part>;
interface Published {
  dictionary: v.InferOutput<typeof Dictionary>;
  categories: v.InferOutput<typeof Categories>['attributes'];
  events: Parts;
  objects: Parts;
  profiles: Parts;
}
type Schema = Record<string, unknown>;

const BASE: Readonly<Record<string, Schema>> = {
  string_t: { type: 'string' },
  integer_t: { type: 'integer', minimum: -2147483648, maximum: 2147483647 },
  long_t: { type: 'integer' },
  float_t: { type: 'number' },
  boolean_t: { type: 'boolean' },
  json_t: {},
};

/** The JSON Schema of our class with our profiles, made of the published files. Throws where they are not as expected. */
export function publishedSchema(checkout: string): Schema {
  const published = readPublished(checkout);
  const ours = [...published.events.values()].find(({ caption }) => caption === CLASS.name);
  if (ours === undefined) throw new Error(`OCSF ${OCSF_VERSION} has no class ${CLASS.name}.`);
  const definitions: Record<string, Schema> = {};
  const root = closed(published, ours, classified(published, ours), definitions);
  return { ...root, definitions };
}

function readPublished(checkout: string): Published {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(checkout, path), 'utf8'));
  const partsIn = (folder: string): Parts => {
    const files = readdirSync(join(checkout, folder), { recursive: true, encoding: 'utf8' });
    const parts = files.filter((file) => file.endsWith('.json')).map((file) => v.parse(Part, read(join(folder, file))));
    return new Map(parts.map((part) => [part.name, part]));
  };
  const { version } = v.parse(v.object({ version: v.string() }), read('version.json'));
  if (version !== OCSF_VERSION) throw new Error(`The checkout is of ${version}, the events are of ${OCSF_VERSION}.`);
  return {
    dictionary: v.parse(Dictionary, read('dictionary.json')),
    categories: v.parse(Categories, read('categories.json')).attributes,
    events: partsIn('events'),
    objects: partsIn('objects'),
    profiles: partsIn('profiles'),
  };
}

/** The part's own attributes over those that our profiles bring, over those that it inherits, over the dictionary's. */
function attributesOf(published: Published, part: Part, among: Parts): Attributes {
  const parent = among.get(part.extends ?? '');
  const merged = parent === undefined ? {} : attributesOf(published, parent, among);
  const { $include, ...own } = part.attributes;
  const included = v.parse(Includes, $include).flatMap((path) => {
    const profile = PROFILES.find((name) => path === `profiles/${name}.json`);
    return Object.entries(published.profiles.get(profile ?? '')?.attributes ?? {});
  });
  for (const [name, value] of [...included, ...Object.entries(own)]) {
    const known = merged[name] ?? published.dictionary.attributes[name];
    if (known === undefined) throw new Error(`The dictionary has no ${name}, which ${part.name} uses.`);
    const said = v.parse(Attribute, value);
    const words = { ...known.enum, ...said.enum };
    merged[name] = { ...known, ...said, ...(Object.keys(words).length === 0 ? {} : { enum: words }) };
  }
  return merged;
}

/** The attributes of a class, with the numbers that are its own: its category's, its class's and its types'. */
function classified(published: Published, part: Part): Attributes {
  const attributes = attributesOf(published, part, published.events);
  const category = published.categories[published.events.get(part.extends ?? '')?.category ?? ''];
  if (category === undefined || part.uid === undefined) throw new Error(`${part.name} is no class of a category.`);
  const uid = category.uid * 1000 + part.uid;
  const types = Object.entries(attributes['activity_id']?.enum ?? {}).map(
    ([activity, { caption }]) => [uid * 100 + Number(activity), { caption: `${part.caption}: ${caption}` }] as const,
  );
  return {
    ...attributes,
    category_uid: { ...attributes['category_uid'], enum: { [category.uid]: category } },
    class_uid: { ...attributes['class_uid'], enum: { [uid]: part } },
    type_uid: { ...attributes['type_uid'], enum: Object.fromEntries(types) },
  };
}

function closed(published: Published, part: Part, attributes: Attributes, definitions: Record<string, Schema>): Schema {
  const named = Object.entries(attributes);
  const { at_least_one, just_one } = constraintsOf(part, part.uid === undefined ? published.objects : published.events);
  const properties = named.map(([name, attribute]) => [name, schemaOf(published, attribute, definitions)]);
  const pairs = named.flatMap(([name, { sibling, enum: words }]) =>
    sibling === undefined || words === undefined ? [] : [pair(name, sibling, words)],
  );
  const present = (names: string[]) => names.map((name) => ({ required: [name] }));
  return {
    type: 'object',
    required: named.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name),
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    ...(at_least_one === undefined ? {} : { anyOf: present(at_least_one) }),
    ...(just_one === undefined ? {} : { oneOf: present(just_one) }),
    ...(pairs.length === 0 ? {} : { allOf: pairs }),
  };
}

function constraintsOf(part: Part, among: Parts): { at_least_one?: string[]; just_one?: string[] } {
  const parent = among.get(part.extends ?? '');
  return { ...(parent === undefined ? {} : constraintsOf(parent, among)), ...part.constraints };
}

/** `definitions` takes up every object on the way. */
function schemaOf(
  published: Published,
  { type = '', enum: words, is_array }: Attributes[string],
  definitions: Record<string, Schema>,
): Schema {
  const scalar = scalarOf(published, type);
  const one = scalar === null ? objectOf(published, type, definitions) : { ...scalar, ...allowed(scalar, words) };
  return is_array === true ? { type: 'array', items: one } : one;
}

function allowed(scalar: Schema, words: v.InferOutput<typeof Words> | undefined): Schema {
  if (words === undefined) return {};
  const values = Object.keys(words);
  return { enum: scalar['type'] === 'string' ? values : values.map(Number) };
}

function scalarOf(published: Published, name: string): Schema | null {
  const type = published.dictionary.types.attributes[name];
  if (type === undefined) return null;
  const { regex, max_len, range } = type;
  return {
    ...(BASE[name] ?? scalarOf(published, type.type ?? '')),
    ...(regex === undefined ? {} : { pattern: regex }),
    ...(max_len === undefined ? {} : { maxLength: max_len }),
    ...(range === undefined ? {} : { minimum: range[0], maximum: range[1] }),
  };
}

function objectOf(published: Published, name: string, definitions: Record<string, Schema>): Schema {
  if (name === 'object') return { type: 'object' };
  const part = published.objects.get(name);
  if (part === undefined) throw new Error(`There is no object ${name}.`);
  if (definitions[name] === undefined) {
    // Objects hold objects of their own kind: it must be known before it is made.
    definitions[name] = {};
    const attributes = attributesOf(published, part, published.objects);
    definitions[name] = closed(
      published,
      part,
      name === 'observable' ? observed(published, attributes) : attributes,
      definitions,
    );
  }
  return { $ref: `#/definitions/${name}` };
}

/** The types of observables are the data types, and others that we do not use. */
function observed({ dictionary }: Published, attributes: Attributes): Attributes {
  const types = Object.values(dictionary.types.attributes).flatMap(({ observable, caption }) =>
    observable === undefined ? [] : [[observable, { caption }] as const],
  );
  const { type_id } = attributes;
  return { ...attributes, type_id: { ...type_id, enum: { ...type_id?.enum, ...Object.fromEntries(types) } } };
}

/** A number and the caption beside it say the same; for 99 (other) the caption is the source's own word. */
function pair(id: string, caption: string, words: v.InferOutput<typeof Words>): Schema {
  const same = Object.entries(words)
    .filter(([value]) => value !== '99')
    .map(([value, word]) => ({
      properties: { [id]: { enum: [value, Number(value)] }, [caption]: { const: word.caption } },
    }));
  return { anyOf: [...same, { required: [id, caption], properties: { [id]: { const: 99 } } }] };
}

if (import.meta.main) {
  const [checkout] = process.argv.slice(2);
  if (checkout === undefined) throw new Error('Say where the checkout is: node scripts/ocsf-check.ts CHECKOUT');
  const ajv = new Ajv({ allErrors: true, strict: false });
  const valid = ajv.compile(publishedSchema(checkout));
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith('.ocsf.json'));
  const wrong = files.flatMap((file) => {
    const event: unknown = JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8'));
    return valid(event) ? [] : [`${file}: ${ajv.errorsText(valid.errors, { dataVar: 'event' })}`];
  });
  const said = wrong.length > 0 ? wrong : [`${files.length} events hold against OCSF ${OCSF_VERSION}.`];
  process.stdout.write(`${said.join('\n')}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
