/** Writes schema/request.schema.json, the JSON Schema of the document that a digest covers, out of the one schema in src/request. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { Request } from '../src/request/request.ts';

const FILE = fileURLToPath(new URL('../schema/request.schema.json', import.meta.url));

/** The JSON Schema's text. `sha256:` and the hex SHA-256 of such a document's RFC 8785 form is what people approve. */
export function requestJsonSchema(): string {
  const schema = toJsonSchema(Request, { target: 'draft-07' });
  return `${JSON.stringify({ title: 'Debug Approval request', ...schema }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(FILE, requestJsonSchema());
