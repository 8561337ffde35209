/** Where the workflows put Slack's tokens: into secrets by name, and not to where the approved command could read them. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { Fault } from '../fault.ts';
import { expressionsIn, namesIn, secretOf } from './expressions.ts';
import type { Finding } from './finding.ts';
import { foreign } from './injection.ts';
import type { Inspector } from './inspector.ts';
import { capital, idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { wrong, note } = judgeOf('Workflows');

const INPUTS = ['slack-bot-token', 'slack-app-token'];
const USUAL = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];

/** The secrets that hold Slack's tokens: the usual two, those that our steps are given, and what callers call these. */
function slackSecrets(files: readonly WorkflowFile[], steps: readonly OurStep[]): string[] {
  const given = steps.flatMap(({ step }) => INPUTS.flatMap((name) => secretOf(step.with?.[name]) ?? []));
  const names = [...USUAL, ...given];
  const passed = files.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ secrets }) => Object.entries(typeof secrets === 'object' ? (secrets ?? {}) : {})),
  );
  const renamed = passed.filter(([, value]) => names.includes(secretOf(value) ?? ''));
  return [...new Set([...names, ...renamed.map(([name]) => name.toUpperCase())])];
}

/** No Slack token may be where the approved command could read it; `steps` are all of ours. */
export function leaks(files: readonly WorkflowFile[], steps: readonly OurStep[]): Finding[] {
  const names = slackSecrets(files, steps);
  return steps.flatMap((run) => {
    if (run.action !== 'run') return [];
    const used = expressionsIn(JSON.stringify([run.file.env, run.job])).map(namesIn);
    const remedy = 'Hand the Slack tokens to the steps of ask and close alone.';
    if (used.some((one) => names.some((name) => reads(one, name)))) {
      const what = `A Slack token reaches ${placeOf(run)}, where the approved command could read it.`;
      return [wrong(`${idOf(run)}.slack`, what, remedy)];
    }
    if (!used.some(readsAll)) return [];
    const what = `All secrets reach ${placeOf(run)}, where the approved command could read them: a Slack token of the repository or organization would be among them.`;
    return [wrong(`${idOf(run)}.slack`, what, 'Name the one secret that a runbook needs: `${{ secrets.NAME }}`.')];
  });
}

/**
 * A Slack token under `env` of a whole job, or of its file, can be read by each step of it. Called with all steps of ours;
 * the debug job's are told by `leaks`.
 */
export function shared(files: readonly WorkflowFile[], steps: readonly OurStep[]): Finding[] {
  const names = slackSecrets(files, steps);
  return steps.filter(isFirst).flatMap((of) => {
    if (of.action === 'run') return [];
    const used = expressionsIn(JSON.stringify([of.file.env, of.job.env])).map(namesIn);
    if (!used.some((one) => readsAll(one) || names.some((name) => reads(one, name)))) return [];
    const others = foreign(of, steps);
    const too = others.length === 0 ? '' : `, ${listed(others)} too`;
    const what = `${capital(placeOf(of))} has Slack's tokens under \`env\` of the whole job or workflow: each step of it can read them${too}.`;
    const remedy = 'Hand them to the step of Debug Approval alone, under its `with`.';
    return [(others.length === 0 ? note : wrong)(`${idOf(of)}.slack-env`, what, remedy)];
  });
}

/** The first step of ours in its job. */
const isFirst = (of: OurStep, at: number, all: readonly OurStep[]): boolean =>
  all.findIndex(({ job }) => job === of.job) === at;

/** Slack tells its two tokens apart and takes neither for the other. */
export function swapped(steps: readonly OurStep[]): Finding[] {
  return steps.flatMap((of) => {
    const [bot, app] = INPUTS.map((name) => secretOf(of.step.with?.[name]));
    const names = INPUTS.filter((_, at) => [bot, app][at] === USUAL[1 - at]);
    const same = names.length === 0 && bot != null && bot === app;
    if (names.length === 0 && !same) return [];
    const each = same
      ? `gives ${listed(INPUTS)} the one secret ${bot}`
      : `gives ${listed(names.map((name) => `${name} the secret ${secretOf(of.step.with?.[name])}`))}`;
    const lines = INPUTS.map((name, at) => `\`${name}: \${{ secrets.${USUAL[at]} }}\``);
    const taken = lines.filter((_, at) => of.step.with?.[INPUTS[at] ?? ''] !== undefined);
    const remedy = `Under \`with\` of its step write ${listed(taken)}.`;
    return [wrongJob(of, 'slack', `${each}: Slack takes neither token for the other.`, remedy)];
  });
}

/** `toJSON(secrets)`, `secrets[matrix.name]` */
const readsAll = (expression: string): boolean => /(?<![\w.-])secrets(?![\w.-])/.test(expression);

const reads = (expression: string, name: string): boolean =>
  new RegExp(`(?<![\\w.-])secrets\\.${name.toLowerCase()}(?![\\w-])`).test(expression);

/** A token in the text of a workflow is everybody's who reads the repository. It is never shown. */
export function written({ path, base, text }: WorkflowFile): Finding[] {
  const at = text.split('\n').findIndex((line) => TOKEN.test(line));
  if (at < 0) return [];
  return [
    wrong(
      `workflow.${base}.token`,
      `Line ${at + 1} of ${path} holds a token itself: everybody who can read the repository has it.`,
      `Revoke it, store a new one as a secret of the environment ${APPROVAL_ENVIRONMENT}, and write \`\${{ secrets.NAME }}\` there.`,
    ),
  ];
}

/** Slack's tokens begin with a kind and a number, GitHub's with a kind. */
const TOKEN = /\bxox[a-z]-\d+-[\w-]{6,}|\bxapp-\d+-[\w-]{6,}|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}/;

/**
 * The secrets by which ask is given Slack's tokens are there. Only names that are not the usual ones are looked up: those
 * are looked at along with the environments. What this token may not list cannot be told; that is told there, too.
 */
export async function examineNames(inspector: Inspector, asks: readonly OurStep[]): Promise<Finding[]> {
  const each = asks.map((ask) => ({ ask, names: INPUTS.flatMap((name) => secretOf(ask.step.with?.[name]) ?? []) }));
  const other = each.filter(({ names }) => names.some((name) => !USUAL.includes(name)));
  if (other.length === 0) return [];
  const held = await heldSecrets(inspector);
  if (held === null) return [];
  return other.flatMap(({ ask, names }) => {
    const lacking = names.filter((name) => !held.includes(name));
    if (!lacking.some((name) => !USUAL.includes(name))) return [];
    const what = `is given ${listed(lacking)}, which neither the environment ${APPROVAL_ENVIRONMENT} nor the repository nor its organization holds`;
    const remedy = `Add ${listed(lacking)} under Settings → Environments → ${APPROVAL_ENVIRONMENT} → Environment secrets, or mend the name in ${placeOf(ask)}.`;
    return lacking.length < names.length
      ? [wrongJob(ask, 'slack', `${what}: Slack needs both tokens, and every request is refused.`, remedy)]
      : [note(`${idOf(ask)}.slack`, `${capital(placeOf(ask))} ${what}: people are asked on the issue alone.`, remedy)];
  });
}

/** null: not all of them can be listed, and a secret of any of these places would do. */
async function heldSecrets(inspector: Inspector): Promise<string[] | null> {
  try {
    const lists = [inspector.secrets(APPROVAL_ENVIRONMENT), inspector.secrets(null), inspector.sharedSecrets()];
    return (await Promise.all(lists)).flat().map((name) => name.toUpperCase());
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
