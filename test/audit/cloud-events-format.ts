/**
 * What CloudEvents 1.0.2 asks of an event in its JSON format, as a JSON Schema: the required attributes, their types, and how
 * extension attributes may be named (https://github.com/cloudevents/spec, v1.0.2, spec.md and formats/json-format.md). The spec's
 * own schema (formats/cloudevents.json) says less: it lets every further attribute pass.
 */
const TEXT = { type: 'string', minLength: 1 };

export const CLOUD_EVENTS_FORMAT = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: TEXT,
    source: { ...TEXT, format: 'uri-reference' },
    type: TEXT,
    subject: TEXT,
    time: { ...TEXT, format: 'date-time' },
    datacontenttype: { ...TEXT, pattern: '^[a-z]+/[a-z+.-]+(; ?[a-z]+=[\\w-]+)*$' },
    dataschema: { ...TEXT, format: 'uri' },
    data: { type: ['object', 'string', 'number', 'array', 'boolean', 'null'] },
  },
  // Extension attributes: lowercase letters and digits, at most 20 of them; text, truth or a 32-bit integer, never null.
  patternProperties: {
    '^(?!(specversion|id|source|type|subject|time|datacontenttype|dataschema|data)$)[a-z0-9]{1,20}$': {
      type: ['string', 'boolean', 'integer'],
      minimum: -2147483648,
      maximum: 2147483647,
    },
  },
  additionalProperties: false,
};
