/** What `init` writes: every file with its text, made of answers and the product's own files; or why it would be unsound. */
import { composePolicy, FIRST_RUNBOOK } from '../../policy/compose.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { loadPolicy } from '../../policy/load.ts';
import { expandMembers, namesOf } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { Fault } from '../fault.ts';
import { showsAllProtection } from '../plan-signs.ts';
import type { EnvironmentFacts } from '../ports.ts';
import type { KeptPolicy } from './kept.ts';
import type { Known } from './look-up.ts';
import { DEFAULTS, type Wishes } from './wishes.ts';
import { type ActionPin, fitDebug, pinActions } from './workflow.ts';

/** The product's own files that others are made of; null: this version of the product has no such file. */
export interface ProductFiles {
  debug: string;
  sweep: string;
  doctor: string | null;
  hello: string;
  manifest: string;
}

/** Where each of them is, in the product as well as in the repository that it is written to. */
export const PLACES = {
  policy: '.github/debug-approval.yml',
  debug: '.github/workflows/debug.yml',
  sweep: '.github/workflows/sweep.yml',
  doctor: '.github/workflows/doctor.yml',
  hello: FIRST_RUNBOOK.script,
  manifest: 'slack-app-manifest.yml',
} as const;

/** One file to be written. `path` has slashes and is below the repository's top. */
export interface PlannedFile {
  path: string;
  text: string;
  executable: boolean;
}

export interface PlanInput {
  wishes: Wishes;
  known: Known;
  product: ProductFiles;
  repository: string;
  branch: string;
  action: ActionPin;
  /** The policy that is there already; null: one is written. */
  kept: KeptPolicy | null;
  /** Whether the GitHub API in use is on this machine (the sandbox). */
  apiIsLoopback: boolean;
}

export interface Plan {
  files: PlannedFile[];
  policy: Policy;
  /** What is sound and yet worth knowing, as sentences. */
  notes: string[];
}

/** Makes the files. Throws a Fault `refused` where the policy would open what nobody asked for, or could never approve. */
export function planFiles(input: PlanInput): Plan {
  const { product, action } = input;
  refusePublic(input);
  const { text, policy } = input.kept ?? newPolicy(input);
  const debug = fitDebug(product.debug, {
    runbooks: Object.keys(policy.runbooks),
    targets: Object.keys(policy.targets),
    ...{ expirySeconds: policy.expirySeconds, windowSeconds: policy.windowSeconds },
  });
  const saysHello = Object.values(policy.runbooks).some(({ run }) => run[0] === PLACES.hello);
  const files: PlannedFile[] = [
    file(PLACES.policy, text),
    file(PLACES.debug, pinActions(debug, action)),
    file(PLACES.sweep, pinActions(product.sweep, action)),
    ...(product.doctor === null ? [] : [file(PLACES.doctor, pinActions(product.doctor, action))]),
    ...(saysHello ? [{ path: PLACES.hello, text: product.hello, executable: true }] : []),
    ...(policy.slack === undefined ? [] : [file(PLACES.manifest, product.manifest)]),
  ];
  return { files, policy, notes: notesOn(input, policy) };
}

function newPolicy(input: PlanInput): KeptPolicy {
  const { wishes, known, repository, branch, action } = input;
  const text = composePolicy({
    ...{
      repository,
      branch,
      ...addresses(action),
      public: wishes.public,
      adminBypass: wishes.adminBypass ?? DEFAULTS.adminBypass,
    },
    ...{ people: known.people, targets: wishes.targets, channel: known.channel, issuer: wishes.issuer },
    requesters: keysOf(known, wishes.requesters),
    approvers: keysOf(known, wishes.approvers),
    ...{ expiry: wishes.expiry, window: wishes.window },
    workflows: [PLACES.debug, PLACES.sweep],
  });
  return { text, policy: soundPolicy(text, input) };
}

const file = (path: string, text: string): PlannedFile => ({ path, text, executable: false });

function addresses({ name, sha }: ActionPin): { schema: string; manual: string } {
  return {
    schema: `https://raw.githubusercontent.com/${name}/${sha}/schema/debug-approval.schema.json`,
    manual: `https://github.com/${name}/blob/${sha}/docs/POLICY.md`,
  };
}

/** Nobody named means everybody. */
function keysOf({ people, keys }: Known, logins: readonly string[]): string[] {
  if (logins.length === 0) return Object.keys(people);
  return [...new Set(logins.map((login) => keys.get(login.toLowerCase()) ?? login))];
}

function refusePublic({ wishes, known, kept, repository }: PlanInput): void {
  if (wishes.public || known.repository?.public !== true) return;
  throw new Fault(
    'refused',
    `${repository} is public: everybody in the world would read the reasons, the records and what the runbooks print into the jobs' logs.`,
    `Use a private repository, or ${kept === null ? 'give --public' : 'write `public: true` into the policy'} if that is meant.`,
  );
}

function soundPolicy(text: string, { apiIsLoopback }: PlanInput): Policy {
  const loaded = loadPolicy(text, { apiIsLoopback });
  if (!loaded.ok) {
    const list = loaded.problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw new Fault('refused', `The policy would have mistakes:\n${list}`, 'Change the flags that they come from.');
  }
  const stuck = stuckRequesters(loaded.policy);
  const requesters = expandMembers(loaded.policy, loaded.policy.requesters);
  if (stuck.length < requesters.length) return loaded.policy;
  throw new Fault(
    'refused',
    `With this policy no request could ever be approved: ${namesOf(loaded.policy, stuck)} may ask, and nobody else may approve.`,
    'Name at least one more human: --person LOGIN, and --approver LOGIN where approvers are listed.',
  );
}

/** What nothing is known of beforehand; the policy that is written looks at none of it. */
const USUAL = { urgency: 'normal', inputs: {}, askedAt: '2026-01-05T12:00:00Z' } as const;

/** Requesters whose first runbook nobody could approve. */
function stuckRequesters(policy: Policy): string[] {
  const everybody = Object.keys(policy.people);
  const first = firstAsk(policy);
  const stuck = (requester: string): boolean =>
    (policy.runbooks[first.runbook]?.targets ?? []).some((target) => {
      const ask = { runbook: first.runbook, target, requester, excluded: [requester], ...USUAL };
      return evaluate(policy, ask, everybody).status !== 'met';
    });
  return expandMembers(policy, policy.requesters).filter(stuck);
}

/** What the first request asks for: `hello` where the policy has it. */
export function firstAsk({ runbooks }: Policy): { runbook: string; target: string } {
  const [any = ''] = Object.keys(runbooks);
  const runbook = Object.hasOwn(runbooks, FIRST_RUNBOOK.key) ? FIRST_RUNBOOK.key : any;
  return { runbook, target: runbooks[runbook]?.targets[0] ?? '' };
}

const HOSTED_HOURS = 6;

function notesOn({ known, repository, branch }: PlanInput, policy: Policy): string[] {
  const notes: string[] = [];
  const stuck = stuckRequesters(policy);
  if (stuck.length > 0)
    notes.push(`Nobody could approve what ${namesOf(policy, stuck)} asks: nobody approves their own request.`);
  if (known.repository === null) {
    notes.push(
      `GitHub shows no repository ${repository} to this token, so it is not known whether it is public or has environments.`,
    );
  } else if (known.repository.defaultBranch !== branch) {
    notes.push(
      `GitHub's default branch of ${repository} is ${known.repository.defaultBranch}, not ${branch}: requests are made there alone.`,
    );
  }
  if (policy.public) notes.push('The policy allows a public repository: the whole world reads reasons and records.');
  const hosted = HOSTED_HOURS * 3600 - 600;
  if (Math.max(policy.expirySeconds, policy.windowSeconds) > hosted) {
    notes.push(
      `A GitHub-hosted job ends after ${HOSTED_HOURS} hours, whatever the policy says: longer times need runners of your own.`,
    );
  }
  const open = policy.adminBypass === 'forbid' ? bypassed(known) : [];
  if (open.length > 0) notes.push(bypassNote(known, open));
  return notes;
}

function bypassNote(known: Known, open: readonly string[]): string {
  const now = `Administrators can bypass the environments ${open.join(', ')} now, which this policy forbids, so that every request would be refused.`;
  const mend = 'Untick "Allow administrators to bypass configured protection rules" there';
  if (hasBypassSwitch(known)) return `${now} ${mend}.`;
  return `${now} ${mend}; on GitHub Pro and Team a private repository has no such switch: choose --admin-bypass show.`;
}

/** Whether GitHub surely lets this repository keep administrators from bypassing an environment. */
export function hasBypassSwitch({ repository, environments }: Known): boolean {
  return repository?.public === true || showsAllProtection(factsOf(environments));
}

/** Whether somebody must say what counts where administrators can bypass: they can now, or it may be that they always can. */
export function bypassUndecided({ adminBypass }: Wishes, known: Known): boolean {
  return adminBypass === null && known.repository !== null && (bypassed(known).length > 0 || !hasBypassSwitch(known));
}

const bypassed = ({ environments }: Known): string[] =>
  factsOf(environments).flatMap(({ name, adminBypass }) => (adminBypass === true ? [name] : []));

const factsOf = (environments: Known['environments']): EnvironmentFacts[] =>
  Object.values(environments).filter((one) => typeof one !== 'string');
