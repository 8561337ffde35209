/** Which version of our actions the workflows use: one, named by its full commit, and the one that this doctor is of. */
import * as v from 'valibot';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { judgeOf, listed } from './judge.ts';
import type { OurStep } from './our-steps.ts';
import type { WorkflowFile } from './workflow-file.ts';

const { ok, wrong, note, unknown } = judgeOf('Workflows');

const COMMIT = /^[0-9a-f]{40}$/;
const Manifest = v.looseObject({ name: v.string(), version: v.string() });

/** The repository that a program is from. */
export interface Origin {
  /** `owner/name` */
  name: string;
}

export interface Pinned {
  /** The commit of the workflows. */
  commit: string;
  /** This doctor's version. */
  version: string;
  /** Where this doctor is from; null: not known. */
  origin: Origin | null;
  files: readonly WorkflowFile[];
  steps: readonly OurStep[];
}

/** Findings about `uses:` of our actions and, in the workflows that use them, of others'. Throws Faults of the inspector. */
export async function examinePins(inspector: Inspector, pinned: Pinned): Promise<Finding[]> {
  if (pinned.steps.length === 0) return [];
  return [...(await ours(inspector, pinned)), ...others(pinned.steps)];
}

async function ours(inspector: Inspector, { commit, version, origin, steps }: Pinned): Promise<Finding[]> {
  const id = 'workflows.pins';
  const loose = steps.filter(({ source, ref }) => source !== null && !COMMIT.test(ref ?? ''));
  const [first] = loose;
  if (first !== undefined) {
    const uses = [...new Set(loose.map(({ step, file }) => `${step.uses} (${file.path})`))];
    const what = `${listed(uses)} ${uses.length === 1 ? 'is' : 'are'} not pinned by a full commit: whoever moves the tag or branch changes what runs.`;
    const remedy = `Write the 40 digits of the release's commit after the @, as in ${first.source}@<commit> # v${version}.`;
    return [wrong(id, what, remedy)];
  }
  const pins = [...new Set(steps.map(pinOf))];
  if (pins.length > 1) {
    const each = pins.map((pin) => `${pin} in ${listed(placesOf(pin, steps))}`);
    const what = `The workflows use ${pins.length} versions of Debug Approval (${each.join('; ')}): what asks and what runs must be the same, else every request is refused.`;
    return [wrong(id, what, 'Write the same commit after each of them.')];
  }
  const [step] = steps;
  if (step?.source == null || step.ref === null) return local(inspector, { commit, version, steps });
  const found = await remote(inspector, { source: step.source, ref: step.ref, version });
  return [...found, ...elsewhere(step.source, origin)];
}

/** GitHub tells no letter case of a repository's name apart. */
const pinOf = ({ source, ref }: OurStep): string => (source === null ? './' : `${source.toLowerCase()}@${ref}`);

function placesOf(pin: string, steps: readonly OurStep[]): string[] {
  const using = steps.filter((step) => pinOf(step) === pin);
  return [...new Set(using.map(({ file, jobKey }) => `${file.path} (${jobKey})`))];
}

/** `./` is what the repository itself holds: its own product, or a copy of it. */
async function local(
  inspector: Inspector,
  { commit, version, steps }: Pick<Pinned, 'commit' | 'version' | 'steps'>,
): Promise<Finding[]> {
  const id = 'workflows.pins';
  const folders = {
    ask: 'action.yml',
    run: 'action/run/action.yml',
    sweep: 'action/sweep/action.yml',
    doctor: 'action/doctor/action.yml',
  };
  const paths = [...new Set(steps.map(({ action }) => folders[action]))];
  const files = await inspector.files(commit, [...paths, 'package.json']);
  const missing = paths.filter((path) => files.get(path) == null);
  if (missing.length > 0) {
    const what = `The workflows use actions of this repository (./), which has no ${listed(missing)}.`;
    return [
      wrong(id, what, `Write owner/debug-approval@<full commit> in place of ./, with the commit of v${version}.`),
    ];
  }
  const own = ok(id, 'The workflows use the actions that this repository itself holds.');
  const manifest = manifestOf(files.get('package.json') ?? null);
  return manifest?.name === 'debug-approval' ? [own, ...compared(manifest.version, version, 'this repository')] : [own];
}

/** A fork says of itself what it likes. A mirror of one's own is as good. */
function elsewhere(source: string, origin: Origin | null): Finding[] {
  if (origin === null || origin.name.toLowerCase() === source.toLowerCase()) return [];
  const what = `The workflows use ${source}: this is not the repository that this doctor is from (${origin.name}), and a copy can say of itself what it likes.`;
  return [
    note(
      'workflows.origin',
      what,
      `See that ${source} is a mirror that you trust, or take ${origin.name} in its place.`,
    ),
  ];
}

async function remote(
  inspector: Inspector,
  { source, ref, version }: { source: string; ref: string; version: string },
): Promise<Finding[]> {
  const pinned = ok('workflows.pins', `Everything of Debug Approval is pinned to ${source}@${ref}.`);
  const text = await inspector.fileElsewhere(source, ref, 'package.json');
  if (text === null) {
    const what = `Which version ${source}@${ref} is cannot be read: GitHub shows no package.json there to this token.`;
    const remedy = `See that the commit is there (github.com/${source}/commit/${ref}); if ${source} is private, run doctor with a token that may read it.`;
    return [pinned, unknown('workflows.version', what, remedy)];
  }
  const manifest = manifestOf(text);
  if (manifest === null) {
    return [
      pinned,
      wrong(
        'workflows.version',
        `${source}@${ref} is not Debug Approval: its package.json is another's.`,
        "Take the commit from the release's page.",
      ),
    ];
  }
  return [pinned, ...compared(manifest.version, version, `${source}@${ref.slice(0, 7)}`)];
}

function compared(used: string, own: string, where: string): Finding[] {
  const id = 'workflows.version';
  if (used === own) return [ok(id, `The workflows use version ${used}, as this doctor is.`)];
  return [
    wrong(
      id,
      `The workflows use version ${used} (${where}), and this doctor is ${own}: it judges by rules that are not theirs.`,
      `Pin all of them to the commit of v${own}, or run the doctor of ${used}.`,
    ),
  ];
}

function manifestOf(text: string | null): v.InferOutput<typeof Manifest> | null {
  try {
    const parsed = v.safeParse(Manifest, JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.output : null;
  } catch (error) {
    // JSON.parse fails by SyntaxError alone: then the file is no manifest of ours.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Actions of others run beside our tokens: a tag that moves runs there too. */
function others(steps: readonly OurStep[]): Finding[] {
  const jobs = new Set(steps.map(({ job }) => job));
  const ours = new Set(steps.map(({ step }) => step));
  const uses = [...jobs]
    .flatMap((job) => job.steps.filter((step) => !ours.has(step)))
    .flatMap((step) => step.uses ?? [])
    .filter((one) => !one.startsWith('./'));
  const loose = [...new Set(uses.filter((one) => !/@(sha256:[0-9a-f]{64}|[0-9a-f]{40})$/.test(one)))];
  if (loose.length === 0) return [];
  const what = `${listed(loose)} ${loose.length === 1 ? 'is' : 'are'} not pinned by a full commit, in jobs that hold tokens.`;
  return [note('workflows.others', what, `Pin ${loose.length === 1 ? 'it' : 'each of them'} by its commit.`)];
}
