/** How `init` shows on a terminal what it would write, what it noticed, and what is left to do. */
import type { ComparedFile } from '../../app/init/compare.ts';
import type { NextStep } from '../../app/init/next.ts';
import { PLACES } from '../../app/init/plan.ts';
import type { ActionPin } from '../../app/init/workflow.ts';
import type { Person } from '../../policy/schema.ts';

const WORDS = { new: 'new', same: 'unchanged', mode: 'made executable', differs: 'differs' } as const;

const ABOUT: ReadonlyMap<string, string> = new Map([
  [PLACES.policy, 'the policy'],
  [PLACES.debug, 'the three jobs: ask, debug, close'],
  [PLACES.sweep, 'ends what a killed run left open'],
  [PLACES.doctor, "looks at the set-up with a job's rights"],
  [PLACES.hello, 'a harmless first runbook'],
  [PLACES.manifest, "the Slack app's"],
]);

export interface Shown {
  /** The top of the work tree. */
  top: string;
  repository: string;
  branch: string;
  action: ActionPin;
  people: Readonly<Record<string, Person>>;
  files: readonly ComparedFile[];
  notes: readonly string[];
  /** Whether what differs is overwritten. */
  force: boolean;
}

/** Who and what it is about, and each file with its state. */
export function planWords({ top, repository, branch, action, people, files, notes, force }: Shown): string {
  return [
    `Debug Approval for ${repository}, default branch ${branch}, from ${action.name}@${action.sha} (v${action.version}).`,
    '',
    'Each line must be one and the same human:',
    ...Object.values(people).map((person) => `  ${personWords(person)}`),
    '',
    `Files in ${top}:`,
    ...files.flatMap((file) => fileWords(file, force)),
    ...notes.flatMap((note) => ['', `Note: ${note}`]),
  ].join('\n');
}

function personWords({ name, github, slack }: Person): string {
  const inSlack =
    slack === undefined ? 'no Slack account, decides on GitHub only' : `Slack ${slack.team}/${slack.user}`;
  return `${name}: GitHub ${github.login} (id ${github.id}), ${inSlack}`;
}

function fileWords({ path, state, diff }: ComparedFile, force: boolean): string[] {
  const what = ABOUT.get(path) === undefined ? '' : `: ${ABOUT.get(path)}`;
  const word = state === 'differs' && force ? 'overwritten' : WORDS[state];
  return [`  ${word.padEnd(15)}  ${path}${what}`, ...diff.map((line) => `      ${line}`)];
}

/** The whole text of each file that would be written. */
export function textWords(files: readonly ComparedFile[]): string {
  const written = files.filter(({ state }) => state !== 'same');
  return written.map(({ path, text }) => `\n──── ${path}\n${text.trimEnd()}`).join('\n');
}

/** The steps, numbered, each with its commands below it. */
export function nextWords(steps: readonly NextStep[]): string {
  const lines = steps.flatMap(({ what, commands }, index) => [
    `${String(index + 1).padStart(2)}. ${what}`,
    ...commands.map((command) => `      ${command}`),
  ]);
  return ['What comes next:', ...lines].join('\n');
}
