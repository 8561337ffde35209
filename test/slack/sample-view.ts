/** A request as people see it, for the tests of card, chat and listener. */
import type { RequestView } from '../../src/request/view.ts';
import { viewOf } from '../request/stories.ts';

/** Who may decide, with Slack users that the tests' sandbox has. */
export const APPROVERS: RequestView['approvers'] = [
  { name: 'Bo', slack: { team: 'T0TEAM', user: 'U0BO' }, decided: false },
  { name: 'Cy', slack: { team: 'T0TEAM', user: 'U0CY' }, decided: false },
];

/** Ana's pending request; `change` and `request` replace parts of it. */
export function sampleView(
  change: Partial<RequestView> = {},
  request: Partial<RequestView['request']> = {},
): RequestView {
  const view = viewOf('pending');
  return { ...view, approvers: APPROVERS, request: { ...view.request, ...request }, ...change };
}
