/** Holds events against what their formats ask, and says what is wrong with them. */
import { Ajv, type ValidateFunction } from 'ajv';
import { CLOUD_EVENTS_FORMAT } from './cloud-events-format.ts';
import { OCSF_SLICE } from './ocsf-slice.ts';

const ajv = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false });
ajv.addFormat('uri', (text) => URL.canParse(text));
ajv.addFormat('uri-reference', (text) => /^[!-~]+$/.test(text) && URL.canParse(text, 'https://example.com'));
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
const cloudEvent = ajv.compile(CLOUD_EVENTS_FORMAT);
const ocsf = ajv.compile(OCSF_SLICE);

/** What is wrong with an event of CloudEvents 1.0.2, as it would arrive; null: nothing. */
export const cloudEventFault = (event: unknown): string | null => fault(cloudEvent, event);
/** What is wrong with an event of OCSF 1.8.0, as it would arrive; null: nothing. */
export const ocsfFault = (event: unknown): string | null => fault(ocsf, event);

function fault(valid: ValidateFunction, event: unknown): string | null {
  const arrived: unknown = JSON.parse(JSON.stringify(event));
  return valid(arrived) ? null : ajv.errorsText(valid.errors, { dataVar: 'event' });
}
