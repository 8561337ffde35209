/** Variations of the sample policy, for the tests of what a policy may say. */
import { POLICY_TEXT } from '../request/given.ts';

/** The sample policy with these pieces of its text changed. A piece that is not there is an error of the test. */
export function policyWith(...changes: [piece: string, other: string][]): string {
  return changes.reduce((text, [piece, other]) => {
    if (!text.includes(piece)) throw new Error(`The policy has no ${piece}`);
    return text.replace(piece, () => other);
  }, POLICY_TEXT);
}

const RULE = 'require: { count: 2, of: sre }';

/** One approval is enough in production, by whoever this names. */
export const oneOf = (of: string): [string, string] => [RULE, `require: { count: 1, of: ${of} }`];
/** Approvals in production are given in the dialog, with two things to check. */
export const inDialog: [string, string][] = [
  [RULE, `${RULE}\n    approve: dialog`],
  ['    env: [STATUS_URL]', '    env: [STATUS_URL]\n    checklist: [Seen the graphs, Nobody deploys]'],
];
/** A key at the policy's top level. */
export const key = (text: string): [string, string] => ['expiry: 2h', `${text}\nexpiry: 2h`];
/** The group sre comes from a directory. */
export const sreFrom = (source: string): [string, string] => [
  'sre: { members: [ana, bo, cy, di] }',
  `sre: { ${source} }`,
];
