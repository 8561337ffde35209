/** Where the Slack tokens are kept: in debug-approval alone, both or neither. GitHub shows names, never values. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import type { Policy } from '../../policy/schema.ts';
import { Fault } from '../fault.ts';
import { environmentsOf } from './environments.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { judgeOf, listed } from './judge.ts';

const { ok, wrong, note, unknown } = judgeOf('Environments');

const TOKENS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
const ID = `environment.${APPROVAL_ENVIRONMENT}.secrets`;

/** Which tokens reached this job from its environment; null outside of a job. */
export type GivenTokens = { bot: boolean; app: boolean } | null;

/** Findings about secrets; those that this token may not list are `unknown` together. */
export async function examineSecrets(inspector: Inspector, policy: Policy, given: GivenTokens): Promise<Finding[]> {
  const targets = environmentsOf(policy).filter((name) => name !== APPROVAL_ENVIRONMENT);
  const [[approval, repository, organization], others] = await Promise.all([
    Promise.all([
      names(() => inspector.secrets(APPROVAL_ENVIRONMENT)),
      names(() => inspector.secrets(null)),
      names(() => inspector.sharedSecrets()),
    ]),
    Promise.all(targets.map((name) => names(() => inspector.secrets(name)))),
  ]);
  const inTargets = targets.flatMap((name, at) => {
    const found = others[at];
    return Array.isArray(found) ? target(name, found) : [];
  });
  const hidden = [approval, repository, organization, ...others].find((found) => found instanceof Fault);
  return [
    ...(Array.isArray(approval) ? keptOr(repository, approval, policy) : reached(given, policy)),
    ...(Array.isArray(repository) ? shared(repository, approval) : []),
    ...(Array.isArray(organization) ? ofOrganization(organization) : []),
    ...inTargets,
    ...(hidden instanceof Fault ? [unseen(hidden)] : []),
  ];
}

/** A Fault where they cannot be listed; null where the place itself is not there, which is told elsewhere. */
async function names(list: () => Promise<string[]>): Promise<string[] | Fault | null> {
  try {
    return (await list()).filter((name) => TOKENS.includes(name));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code === 'not-found' ? null : error;
  }
}

/** Without tokens of its own the environment's jobs get the repository's: that is the finding then. */
function keptOr(repository: string[] | Fault | null, approval: readonly string[], policy: Policy): Finding[] {
  const instead = Array.isArray(repository) && repository.length > 0 && approval.length === 0;
  return instead ? [] : kept(approval, policy, true);
}

/** `listing`: GitHub listed them, so that who looks need not have them, and nothing else tells what they lack. */
function kept(found: readonly string[], policy: Policy, listing: boolean): Finding[] {
  const [only] = found;
  if (only !== undefined && found.length === 1) {
    const missing = TOKENS.find((name) => name !== only) ?? '';
    const what = `The environment ${APPROVAL_ENVIRONMENT} holds ${only} without ${missing}; Slack needs both, and every request is refused.`;
    return [
      wrong(
        ID,
        what,
        `Add the secret ${missing} under Settings → Environments → ${APPROVAL_ENVIRONMENT} → Environment secrets.`,
      ),
    ];
  }
  if (found.length > 1 && listing && policy.slack === undefined) {
    const what = `The environment ${APPROVAL_ENVIRONMENT} holds Slack tokens, but the policy names no channel, and every request is refused.`;
    const remedy = `Add \`slack: { channel: C… }\` to the policy, or delete ${listed(TOKENS)} under Settings → Environments → ${APPROVAL_ENVIRONMENT} to decide on the issue alone.`;
    return [wrong(ID, what, remedy)];
  }
  if (found.length > 1) return [ok(ID, `The environment ${APPROVAL_ENVIRONMENT} holds ${listed(TOKENS)}.`)];
  return none(policy);
}

function none(policy: Policy): Finding[] {
  if (policy.slack === undefined)
    return [ok(ID, 'Neither policy nor environment knows Slack: people decide on the issue.')];
  const what = `The policy names a Slack channel, but ${APPROVAL_ENVIRONMENT} holds no Slack tokens: people are asked on the issue alone.`;
  return [
    note(
      ID,
      what,
      `Add ${listed(TOKENS)} under Settings → Environments → ${APPROVAL_ENVIRONMENT}, or take \`slack\` out of the policy.`,
    ),
  ];
}

/** What a job can tell without listing: what its environment gave it. */
function reached(given: GivenTokens, policy: Policy): Finding[] {
  if (given === null) return [];
  return kept([...(given.bot ? ['SLACK_BOT_TOKEN'] : []), ...(given.app ? ['SLACK_APP_TOKEN'] : [])], policy, false);
}

/** An environment's secret goes before the repository's of the same name, which then may well be another Slack app's. */
function shared(found: readonly string[], kept: readonly string[] | Fault | null): Finding[] {
  const id = 'repository.secrets';
  if (found.length === 0) return [ok(id, 'The repository itself holds no Slack token.')];
  const one = found.length === 1;
  const what = `${listed(found)} ${one ? 'is a secret' : 'are secrets'} of the whole repository: every workflow of every branch can read ${one ? 'it' : 'them'}`;
  const remedy = `Delete ${listed(found)} under Settings → Secrets and variables → Actions → Repository secrets, revoke the old tokens in Slack, and store new ones in the environment ${APPROVAL_ENVIRONMENT}.`;
  if (Array.isArray(kept) && found.every((name) => kept.includes(name))) {
    const own = `${what}. The jobs use those of ${APPROVAL_ENVIRONMENT}, so ${one ? 'it is' : 'they are'} another Slack app's or a copy.`;
    return [note(id, own, `If a copy: ${remedy.charAt(0).toLowerCase()}${remedy.slice(1)}`)];
  }
  return [wrong(id, `${what}, and post or listen as the bot.`, remedy)];
}

function ofOrganization(found: readonly string[]): Finding[] {
  if (found.length === 0) return [];
  const what = `The organization hands ${listed(found)} to the workflows of every branch here; they are another Slack app's or should not be there.`;
  const remedy = `If they are this Slack app's: take this repository off them (the organization's Settings → Secrets and variables → Actions), and store new ones in the environment ${APPROVAL_ENVIRONMENT}.`;
  return [note('organization.secrets', what, remedy)];
}

function target(name: string, found: readonly string[]): Finding[] {
  if (found.length === 0) return [];
  const what = `The environment ${name} holds ${listed(found)}, where the debug job and hence the approved command could read ${found.length === 1 ? 'it' : 'them'}.`;
  return [
    wrong(`environment.${name}.secrets`, what, `Delete ${listed(found)} under Settings → Environments → ${name}.`),
  ];
}

function unseen({ message }: Fault): Finding {
  const how =
    'Run `debug-approval doctor` in a shell with a token that may read environments and secrets, or look under Settings → Secrets and variables → Actions.';
  return unknown('secrets', `Not all names of secrets can be listed from here: ${message}`, how);
}
