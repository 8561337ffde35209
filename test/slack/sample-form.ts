/** Forms of a policy with an input of each type, for the tests of how they are drawn and read. */
import { formOf, type Offer } from '../../src/app/gateway/request-form.ts';
import { policyWith } from '../app/policies.ts';
import { policyOf } from '../policy/sample.ts';

const INPUTS = `
      service: { type: enum, description: The service to look at, values: [api, web, "a & b"] }
      lines: { type: number, integer: true, min: 1, max: 500, default: 50 }
      rate: { type: number, description: Requests per second }
      all: { type: boolean, description: Of every tenant }
      quiet: { type: boolean, default: true }
`;

const POLICY = policyOf(
  policyWith(
    ['requesters: [cy]', 'requesters: [ana]'],
    ['\n      service: { type: enum, values: [api, web] }\n', INPUTS],
    [
      'run: [runbooks/status.sh, "--service", "{{ inputs.service }}",',
      'run: [runbooks/status.sh, "{{ inputs.lines }}", "{{ inputs.rate }}", "{{ inputs.all }}", "{{ inputs.quiet }}", "{{ inputs.service }}",',
    ],
  ),
);

export const OFFER: Offer = { repository: { id: 70, name: 'acme/shop' }, policy: POLICY, person: 'ana' };
export const REPOSITORIES = [
  { label: 'acme/shop', value: '70' },
  { label: 'acme/depot', value: '71' },
];
export const METADATA = '{"form":"request","repository":70,"runbook":"status","several":false}';
export const form = (runbook: string | null = 'status') => formOf(OFFER, { repositories: [], runbook });
