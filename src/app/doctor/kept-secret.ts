/** A secret that steps of ours are given: that it is there, that other branches cannot read it, and that the command cannot. */
import { APPROVAL_ENVIRONMENT } from '../../log/names.ts';
import { Fault } from '../fault.ts';
import { expressionsIn, namesIn, secretOf } from './expressions.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { idOf, placeOf, wrongJob } from './jobs.ts';
import { judgeOf } from './judge.ts';
import type { OurStep } from './our-steps.ts';

const { wrong, note } = judgeOf('Workflows');

export interface KeptSecret {
  input: string;
  /** The secret's usual name. */
  usual: string;
  /** What it is, with an article, as the beginning of a sentence and in a remedy. */
  name: string;
  kind: string;
  /** What whoever reads it can do, after "and with it". */
  power: string;
  /** Which of our steps are looked at. */
  of: readonly OurStep['action'][];
}

/** Of the secrets by which steps are given it: each is in the environment of the approval. `without` completes "so that". */
export async function examineKept(
  inspector: Inspector,
  steps: readonly OurStep[],
  { input, kind, power, of }: KeptSecret,
  without: string,
): Promise<Finding[]> {
  const wanted = steps
    .filter(({ action }) => of.includes(action))
    .flatMap((step) => {
      const name = secretOf(step.step.with?.[input]);
      return name === null ? [] : [{ step, name }];
    });
  if (wanted.length === 0) return [];
  const [approval, repository, organization] = await Promise.all([
    namesOf(() => inspector.secrets(APPROVAL_ENVIRONMENT)),
    namesOf(() => inspector.secrets(null)),
    namesOf(() => inspector.sharedSecrets()),
  ]);
  const store = `Store ${kind} under Settings → Environments → ${APPROVAL_ENVIRONMENT} → Environment secrets`;
  return wanted.flatMap(({ step, name }) => {
    if (approval?.includes(name) === true) return [];
    if (repository?.includes(name) === true) {
      const what = `${name} is a secret of the whole repository: every workflow of every branch can read it, and with it ${power}.`;
      const remedy = `${store}, and delete it under Settings → Secrets and variables → Actions.`;
      return [note(`${idOf(step)}.${input}`, what, remedy)];
    }
    // Somewhere it may be that cannot be listed from here; that is told along with the environments.
    if (approval === null || repository === null || organization === null || organization.includes(name)) return [];
    const what = `is given ${name} as ${input}, which neither the environment ${APPROVAL_ENVIRONMENT} nor the repository nor its organization holds, so that ${without}.`;
    return [wrongJob(step, input, what, `${store}, by the name ${name}.`)];
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

/** The secret may not be where the approved command could read it; `steps` are all of ours. */
export function keptLeaks(steps: readonly OurStep[], { input, usual, name, power }: KeptSecret): Finding[] {
  const names = [usual, ...steps.flatMap(({ step }) => secretOf(step.with?.[input]) ?? [])].map(
    (one) => `secrets.${one.toLowerCase()}`,
  );
  return steps.flatMap((run) => {
    if (run.action !== 'run') return [];
    const used = expressionsIn(JSON.stringify([run.file.env, run.job])).map(namesIn);
    if (!used.some((one) => names.some((secret) => reads(one, secret)))) return [];
    const what = `${name} reaches ${placeOf(run)}, where the approved command could read it, and with it ${power}.`;
    return [wrong(`${idOf(run)}.${input}`, what, 'Hand it to the steps of ask, close and sweep alone.')];
  });
}

const reads = (expression: string, secret: string): boolean =>
  new RegExp(`(?<![\\w.-])${secret.replace('.', '\\.')}(?![\\w-])`).test(expression);
