/** What our jobs check out: before the run step the run's own commit, untouched; and nowhere what others could let sign. */
import type { Policy } from '../../policy/schema.ts';
import { says } from './expressions.ts';
import type { Finding } from './finding.ts';
import { nameOf } from './injection.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { Step } from './workflow-file.ts';

const { note } = judgeOf('Workflows');

/** A copy of GitHub's own action does as well. */
const isCheckout = ({ uses }: Step): boolean => /^[\w.-]+\/checkout@/.test(uses ?? '');

/** Findings about the steps before the run step. */
export function examineCheckout(run: OurStep, policy: Policy): Finding[] {
  const { steps } = run.job;
  const before = steps.slice(0, steps.indexOf(run.step));
  const checkouts = before.filter(isCheckout);
  const others = before.filter((step) => !checkouts.includes(step));
  if (checkouts.length === 0) return none(run, others, policy);
  const elsewhere = checkouts.flatMap(strange);
  if (elsewhere.length > 0) {
    const what = `checks out with ${listed(elsewhere)}: the workspace is then not the run's own commit, and the job refuses.`;
    return [wrongJob(run, 'checkout', what, `Remove ${listed(elsewhere)} from the checkout of ${placeOf(run)}.`)];
  }
  return [
    ...credentials(run, checkouts),
    ...between(
      run,
      before.slice(before.findIndex(isCheckout)).filter((step) => !isCheckout(step)),
    ),
  ];
}

/** Commands that are files of the repository need a checkout. */
function none(run: OurStep, others: readonly Step[], policy: Policy): Finding[] {
  const script = Object.values(policy.runbooks).find(({ run: [command = ''] }) => isOfRepository(command))?.run[0];
  if (script === undefined) return [];
  const remedy = `Put a step with \`uses: actions/checkout@<commit>\` before it in ${placeOf(run)}.`;
  const missing = `so that ${script} is not there.`;
  if (others.length === 0) {
    return [wrongJob(run, 'checkout', `does not check the repository out before it runs, ${missing}`, remedy)];
  }
  const what = `${capital(placeOf(run))} has no actions/checkout before it runs; if none of its other steps checks out, ${script} is not there.`;
  return [note(`${idOf(run)}.checkout`, what, remedy)];
}

/** `bin/x.sh`; neither `psql`, which the runner looks up, nor `/usr/bin/psql`. */
const isOfRepository = (command: string): boolean => command.includes('/') && !command.startsWith('/');

/** What takes the working copy away from the run's commit or the workspace's root, unless it says just that. */
const HARMLESS: Record<string, (value: string) => boolean> = {
  path: (value) => ['', '.', './'].includes(value) || says(value, 'github.workspace'),
  ref: (value) => value === '' || says(value, 'github.sha'),
  repository: (value) => value === '' || says(value, 'github.repository'),
  'sparse-checkout': (value) => value === '',
};

function strange(step: Step): string[] {
  const given = Object.entries(step.with ?? {});
  return given.flatMap(([name, value]) => (HARMLESS[name]?.(value.trim()) === false ? [`\`${name}\``] : []));
}

/** Findings about the checkouts of a job that signs or holds Slack's tokens: none brings code of others that then runs there. */
export function examineOwnCode(of: OurStep, defaultBranch: string): Finding[] {
  const { steps } = of.job;
  return steps.filter(isCheckout).flatMap((step) => {
    const folder = folderOf(step);
    const strange = ['repository', 'ref'].filter(
      (name) => !isOwn(name, step.with?.[name]?.trim() ?? '', defaultBranch),
    );
    const after = steps.slice(steps.indexOf(step) + 1);
    if (strange.length === 0) return folder === null || hasRoot(steps) ? [] : astray(of, after, folder);
    const given = listed(strange.map((name) => `\`${name}: ${step.with?.[name]?.trim()}\``));
    const remedy = `Remove ${listed(strange.map((name) => `\`${name}\``))} from the checkout of ${placeOf(of)}.`;
    const runs = after.find((one) => runsFrom(one, folder));
    if (runs !== undefined) {
      const what = `checks out with ${given}, and ${nameOf(runs)} then runs from there: whoever can write that code has this job's signature and tokens.`;
      return [wrongJob(of, 'checkout', what, remedy)];
    }
    const what = `${capital(placeOf(of))} checks out with ${given}: should a step of it ever run code from there, that code has this job's signature and tokens.`;
    return [note(`${idOf(of)}.checkout`, what, remedy)];
  });
}

/** Names of this repository's code that nobody who may only ask can choose: the run's own branch or the default one, or a commit written out. */
const OWN: Record<string, readonly string[]> = {
  repository: ['github.repository'],
  ref: ['github.sha', 'github.ref', 'github.ref_name', 'github.workflow_sha', 'github.event.repository.default_branch'],
};

function isOwn(name: string, value: string, defaultBranch: string): boolean {
  if (value === '' || OWN[name]?.some((own) => says(value, own))) return true;
  return name === 'ref' && (/^[0-9a-f]{40}$/.test(value) || value.replace(/^refs\/heads\//, '') === defaultBranch);
}

/** The folder below the workspace's root; null for the root, which an expression and `..` may lead to, too. */
function folderOf(step: Step): string | null {
  const path = step.with?.['path']?.trim() ?? '';
  const folder = plain(path);
  return /\$\{\{|\.\./.test(path) || folder === '' ? null : folder;
}

/** `./a//b/` is `a/b`. */
const plain = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

const hasRoot = (steps: readonly Step[]): boolean => steps.some((step) => isCheckout(step) && folderOf(step) === null);

/** A script may go to any folder; of a folder's actions the path tells. */
function runsFrom({ uses, run }: Step, folder: string | null): boolean {
  if (folder === null) return run !== undefined || uses?.startsWith('./') === true;
  const from = uses?.startsWith('./') === true ? plain(uses) : '';
  return from === folder || from.startsWith(`${folder}/`);
}

/** `./` is looked for at the root. */
function astray(of: OurStep, after: readonly Step[], folder: string): Finding[] {
  if (of.source !== null || !after.includes(of.step)) return [];
  const what = `checks the repository out into ${folder}, but its step looks for ${of.step.uses} at the workspace's root: the job fails.`;
  return [wrongJob(of, 'checkout', what, `Remove \`path\` from the checkout of ${placeOf(of)}.`)];
}

function credentials(run: OurStep, checkouts: readonly Step[]): Finding[] {
  if (checkouts.every((step) => step.with?.['persist-credentials'] === 'false')) return [];
  const what = `The checkout of ${placeOf(run)} leaves the job's token in .git/config, where the approved command can read it.`;
  return [note(`${idOf(run)}.checkout`, what, 'Write `persist-credentials: false` under its `with`.')];
}

function between(run: OurStep, steps: readonly Step[]): Finding[] {
  if (steps.length === 0) return [];
  const names = steps.map(nameOf);
  const what = `${capital(placeOf(run))} does ${listed(names)} between the checkout and its run step: what such a step leaves in the workspace, ignored files included, could shadow what was approved, so the job would refuse.`;
  return [
    note(
      `${idOf(run)}.clean`,
      what,
      'Let the runbook itself make what it needs, or see that the step writes elsewhere.',
    ),
  ];
}
