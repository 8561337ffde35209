/** Writes schema/debug-approval.schema.json, the policy's JSON Schema for editors, out of the one schema in src/policy. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { AnyRequirementForm, OneOrMore } from '../src/policy/requirement.ts';
import { PolicySchema } from '../src/policy/schema.ts';

const FILE = fileURLToPath(new URL('../schema/debug-approval.schema.json', import.meta.url));

/** The JSON Schema's text. It says the shape; names that must exist and the like are checked by loading a policy. */
export function policyJsonSchema(): string {
  const schema = toJsonSchema(PolicySchema, {
    typeMode: 'input',
    target: 'draft-07',
    definitions: { requirement: AnyRequirementForm, of: OneOrMore },
    ignoreActions: ['check', 'check_items', 'raw_check'],
    // Editors apply patterns as Unicode, as the schema does.
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === 'regex' && 'requirement' in valibotAction && valibotAction.requirement instanceof RegExp
        ? { ...jsonSchema, pattern: valibotAction.requirement.source }
        : undefined,
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(FILE, policyJsonSchema());
