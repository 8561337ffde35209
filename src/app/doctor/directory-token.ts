/** The token that reads GitHub teams: that the jobs which look teams up have it, that it can read them, and that the command cannot read it. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { lookup } from '../../policy/lookup.ts';
import type { GroupSource, Policy } from '../../policy/schema.ts';
import { Fault } from '../fault.ts';
import { expressionOf, expressionsIn, namesIn, secretOf } from './expressions.ts';
import { groupsFrom } from './filled.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';

const { wrong, note } = judgeOf('Workflows');

const INPUT = 'directory-token';
const USUAL = 'DIRECTORY_TOKEN';
/** What such a token is, for remedies. */
const KIND = `a token that reads the organization's members and nothing else (docs/SETUP.md says how to make one)`;

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
  if (groupsFrom(policy, 'github-team').length === 0) return [];
  const each = steps
    .filter(({ action }) => action === 'ask')
    .map((ask) => ({ ask, name: secretOf(ask.step.with?.[INPUT]) }));
  const wanted = each.flatMap(({ ask, name }) => (name === null ? [] : [{ ask, name }]));
  if (wanted.length === 0) return [];
  const [approval, repository, organization] = await Promise.all([
    namesOf(() => inspector.secrets(APPROVAL_ENVIRONMENT)),
    namesOf(() => inspector.secrets(null)),
    namesOf(() => inspector.sharedSecrets()),
  ]);
  const store = `Store ${KIND} under Settings → Environments → ${APPROVAL_ENVIRONMENT} → Environment secrets`;
  return wanted.flatMap(({ ask, name }) => {
    if (approval?.includes(name) === true) return [];
    const id = `${idOf(ask)}.${INPUT}`;
    if (repository?.includes(name) === true) {
      const what = `${name} is a secret of the whole repository: every workflow of every branch can read it, and with it who is in the organization's teams.`;
      return [note(id, what, `${store}, and delete it under Settings → Secrets and variables → Actions.`)];
    }
    // Somewhere it may be that cannot be listed from here; that is told along with the environments.
    if (approval === null || repository === null || organization === null || organization.includes(name)) return [];
    const what = `is given ${name} as ${INPUT}, which neither the environment ${APPROVAL_ENVIRONMENT} nor the repository nor its organization holds, so that ${askNeed(policy)}.`;
    return [wrongJob(ask, INPUT, what, `${store}, by the name ${name}.`)];
  });
}

/** null: they cannot be listed from here. */
async function namesOf(list: () => Promise<string[]>): Promise<string[] | null> {
  try {
    return (await list()).map((name) => name.toUpperCase());
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** The token may not be where the approved command could read it; `steps` are all of ours. */
export function directoryLeaks(steps: readonly OurStep[]): Finding[] {
  const names = [USUAL, ...steps.flatMap(({ step }) => secretOf(step.with?.[INPUT]) ?? [])].map(
    (name) => `secrets.${name.toLowerCase()}`,
  );
  return steps.flatMap((run) => {
    if (run.action !== 'run') return [];
    const used = expressionsIn(JSON.stringify([run.file.env, run.job])).map(namesIn);
    if (
      !used.some((one) =>
        names.some((name) => new RegExp(`(?<![\\w.-])${name.replace('.', '\\.')}(?![\\w-])`).test(one)),
      )
    )
      return [];
    const what = `The directory token reaches ${placeOf(run)}, where the approved command could read it, and with it who is in the organization's teams.`;
    return [wrong(`${idOf(run)}.${INPUT}`, what, 'Hand it to the steps of ask, close and sweep alone.')];
  });
}
