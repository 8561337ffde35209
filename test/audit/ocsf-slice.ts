/**
 * What OCSF 1.8.0 (https://github.com/ocsf/ocsf-schema, tag 1.8.0) asks of class 3004 Entity Management with the profile
 * `security_control`, as a JSON Schema of the attributes that our events use: any other attribute is a mistake here. Whether this
 * agrees with the published schema as a whole is what `node scripts/ocsf-check.ts CHECKOUT` says.
 */
const TEXT = { type: 'string' };
const INTEGER = { type: 'integer', minimum: -2147483648, maximum: 2147483647 };
const LONG = { type: 'integer' };

type Schema = Record<string, unknown>;

function object(required: string[], properties: Record<string, Schema>, change: Schema = {}): Schema {
  return { type: 'object', required, properties, additionalProperties: false, ...change };
}

const oneOf = (...names: string[]): Schema => ({ anyOf: names.map((name) => ({ required: [name] })) });

/** A number and its caption must say the same. */
function pair(id: string, caption: string, words: Record<number, string>): Schema {
  return {
    anyOf: Object.entries(words).map(([value, word]) => ({
      properties: { [id]: { const: Number(value) }, [caption]: { const: word } },
    })),
  };
}

const user = object(
  [],
  {
    name: TEXT,
    uid: TEXT,
    uid_alt: TEXT,
    full_name: TEXT,
    type_id: { ...INTEGER, enum: [0, 1, 2, 3, 4, 99] },
    type: TEXT,
  },
  oneOf('account', 'name', 'uid'),
);

const entity = object(
  [],
  { name: TEXT, uid: TEXT, type_id: { ...INTEGER, enum: [0, 1, 2, 3, 4, 5, 6, 7, 99] }, type: TEXT, data: {} },
  oneOf('name', 'uid', 'device', 'group', 'org', 'policy', 'user'),
);

const metadata = object(['product', 'version'], {
  version: { const: '1.8.0' },
  product: object([], { name: TEXT, version: TEXT }, oneOf('name', 'uid')),
  profiles: { type: 'array', items: { enum: ['security_control'] } },
  uid: TEXT,
  correlation_uid: TEXT,
  event_code: TEXT,
  log_name: TEXT,
  original_time: TEXT,
});

export const OCSF_SLICE = object(
  ['activity_id', 'category_uid', 'class_uid', 'entity', 'metadata', 'severity_id', 'time', 'type_uid'],
  {
    activity_id: { ...INTEGER, enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99] },
    activity_name: TEXT,
    category_uid: { const: 3 },
    category_name: { const: 'Identity & Access Management' },
    class_uid: { const: 3004 },
    class_name: { const: 'Entity Management' },
    type_uid: LONG,
    type_name: TEXT,
    time: LONG,
    severity_id: { ...INTEGER, enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    severity: TEXT,
    status_id: { ...INTEGER, enum: [0, 1, 2, 99] },
    status: TEXT,
    status_code: TEXT,
    status_detail: TEXT,
    message: TEXT,
    comment: TEXT,
    actor: object(
      [],
      { app_name: TEXT, user },
      oneOf('process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid'),
    ),
    entity,
    metadata,
    action_id: { ...INTEGER, enum: [0, 1, 2, 3, 4, 99] },
    action: TEXT,
    disposition_id: INTEGER,
    disposition: TEXT,
    is_alert: { type: 'boolean' },
    policy: object([], { name: TEXT, uid: TEXT, version: TEXT }, oneOf('name', 'type', 'uid')),
    observables: {
      type: 'array',
      items: object(['type_id'], { name: TEXT, type_id: { const: 4 }, type: { const: 'User Name' }, value: TEXT }),
    },
    unmapped: { type: 'object' },
  },
  {
    allOf: [
      pair('activity_id', 'activity_name', { 1: 'Create', 3: 'Update', 10: 'Activate', 11: 'Deactivate' }),
      pair('type_uid', 'activity_name', {
        300401: 'Create',
        300403: 'Update',
        300410: 'Activate',
        300411: 'Deactivate',
      }),
      pair('severity_id', 'severity', {
        1: 'Informational',
        2: 'Low',
        3: 'Medium',
        4: 'High',
        5: 'Critical',
        6: 'Fatal',
      }),
      pair('status_id', 'status', { 0: 'Unknown', 1: 'Success', 2: 'Failure' }),
      pair('action_id', 'action', { 0: 'Unknown', 1: 'Allowed', 2: 'Denied', 3: 'Observed', 4: 'Modified' }),
      pair('disposition_id', 'disposition', {
        1: 'Allowed',
        2: 'Blocked',
        8: 'Approved',
        15: 'Detected',
        17: 'Logged',
        20: 'Count',
        24: 'Access Revoked',
        25: 'Rejected',
        26: 'Unauthorized',
        27: 'Error',
      }),
    ],
  },
);
