/** The token that reads GitHub teams: that the jobs which look teams up have it, that it can read them, and that the command cannot read it. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { lookup } from '../../policy/lookup.ts';
import type { GroupSource, Policy } from '../../policy/schema.ts';
import { expressionOf } from './expressions.ts';
import { groupsFrom } from './filled.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { capital, idOf, placeOf } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import { examineKept, type KeptSecret, keptLeaks } from './kept-secret.ts';
import type { OurStep } from './our-steps.ts';

const { wrong, note } = judgeOf('Workflows');

const INPUT = 'directory-token';
const USUAL = 'DIRECTORY_TOKEN';
/** What such a token is, for remedies. */
const KIND = `a token that reads the organization's members and nothing else (docs/SETUP.md says how to make one)`;
const SECRET: KeptSecret = {
  ...{ input: INPUT, usual: USUAL, name: 'The directory token', kind: KIND, of: ['ask'] },
  power: "who is in the organization's teams",
};

/** Whether a step that needs the token has one that can read teams. `without` completes "so that"; null: it needs none. */
export function directoryToken(of: OurStep, { without, grave }: { without: string | null; grave: boolean }): Finding[] {
  if (without === null) return [];
  const value = (of.step.with?.[INPUT] ?? '').trim();
  const judge = grave ? wrong : note;
  const id = `${idOf(of)}.${INPUT}`;
  const write = `\`${INPUT}: \${{ secrets.${USUAL} }}\``;
  if (value === '') {
    const remedy = `Under \`with\` of its step write ${write}, and store ${KIND} as a secret of the environment ${APPROVAL_ENVIRONMENT}.`;
    return [judge(id, `${capital(placeOf(of))} hands over no ${INPUT}, so that ${without}.`, remedy)];
  }
  if (!OWN.includes(expressionOf(value) ?? '')) return [];
  const what = `${capital(placeOf(of))} hands over its own GITHUB_TOKEN as ${INPUT}, which may never read an organization's members, so that ${without}.`;
  return [judge(id, what, `Write ${write} there, and store ${KIND} as that secret.`)];
}

const OWN = ['github.token', 'secrets.github_token'];

/** What ask looks up. */
export function askNeed(policy: Policy): string | null {
  const groups = groupsFrom(policy, 'github-team');
  if (groups.length === 0) return null;
  return `nobody is found in ${listed(groups)} and hence can ask or decide by ${groups.length === 1 ? 'it' : 'them'}`;
}

/** Whether a job that closes or sweeps has the tokens to look up who signs an after-review; graver where nobody else signs. */
export function reviewTokens(of: OurStep, policy: Policy): Finding[] {
  const by = policy.breakGlass?.review.by ?? [];
  const from = (kind: GroupSource['kind']): string[] =>
    by.filter((name) => lookup(policy.groups, name)?.source.kind === kind);
  const [teams, userGroups] = [from('github-team'), from('slack-group')];
  const grave = teams.length + userGroups.length === by.length;
  const without = (groups: string[]): string => `nobody of ${listed(groups)} can sign an after-review there`;
  const blind = userGroups.length > 0 && (of.step.with?.['slack-bot-token'] ?? '') === '';
  const what = `${capital(placeOf(of))} hands over no slack-bot-token, so that ${without(userGroups)}.`;
  const remedy = 'Under `with` of its step write `slack-bot-token: ${{ secrets.SLACK_BOT_TOKEN }}`.';
  return [
    ...directoryToken(of, { without: teams.length === 0 ? null : without(teams), grave }),
    ...(blind ? [(grave ? wrong : note)(`${idOf(of)}.review`, what, remedy)] : []),
  ];
}

/** The secrets by which steps are given the token: that they are there, and kept where other branches cannot read them. */
export async function examineDirectorySecrets(
  inspector: Inspector,
  policy: Policy,
  steps: readonly OurStep[],
): Promise<Finding[]> {
  const without = askNeed(policy);
  return without === null ? [] : examineKept(inspector, steps, SECRET, without);
}

/** The token may not be where the approved command could read it; `steps` are all of ours. */
export function directoryLeaks(steps: readonly OurStep[]): Finding[] {
  return keptLeaks(steps, SECRET);
}
