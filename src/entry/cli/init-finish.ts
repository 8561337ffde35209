/** The end of `init`: shows what would be written, writes it once that is agreed to, and says what comes next. */
import { Fault } from '../../app/fault.ts';
import { commandLine } from '../../app/init/command-line.ts';
import { type ComparedFile, compare } from '../../app/init/compare.ts';
import { keptNote } from '../../app/init/kept.ts';
import type { Known } from '../../app/init/look-up.ts';
import { type NextStep, nextSteps } from '../../app/init/next.ts';
import { PLACES, type Plan } from '../../app/init/plan.ts';
import { guidelines } from '../../policy/guidelines.ts';
import { onTerminal } from '../terminal-text.ts';
import { type Posted, postToChannel } from './channel-guidelines.ts';
import { readPresent, writeAll } from './init-files.ts';
import type { Settled as Asked, Start } from './init-settle.ts';
import { nextWords, planWords, textWords } from './init-show.ts';
import { type ExitCode, tell } from './tell.ts';

/** Everything that must be said, and whether Slack was asked about it. */
type Settled = Asked & { slackAsked: boolean };

/** What there is to be shown, in words and for machines. */
interface Draft {
  files: ComparedFile[];
  next: NextStep[];
  words: string;
  data: object;
}

/** Shows, asks, writes and tells. Throws Faults. */
export async function finish(start: Start, settled: Settled, known: Known, plan: Plan): Promise<void> {
  const { options, top } = start;
  const json = options.json;
  const draft = await drafted(start, settled, known, plan);
  const { files, data } = draft;
  const end = (code: ExitCode, why: string, text = ''): void =>
    tell(code, json === true ? why : `${draft.words}\n${text}\n${why}`, json, { ...data, written: [] });
  const differing = files.filter(({ state }) => state === 'differs').map(({ path }) => path);
  const refusal = differing.length > 0 && options.force !== true ? blocked(differing) : null;
  if (options.dryRun === true) {
    return end(refusal === null ? 0 : 1, refusal ?? 'Nothing was written.', `${textWords(files)}\n`);
  }
  if (refusal !== null) return end(1, refusal);
  const todo = files.filter(({ state }) => state !== 'same');
  const same = settled.answered
    ? `\nThe same without questions:\n  ${commandLine({ ...settled.flags, yes: true })}\n`
    : '';
  if (json !== true) console.log(draft.words.split('\n').map(onTerminal).join('\n'));
  if (todo.length > 0 && !(await agreed(start, todo)))
    return tell(1, 'Nothing was written.', json, { ...data, written: [] });
  await refuseChanged(top, plan, files);
  await writeAll(top, files);
  const posted = await posting(start, settled, plan);
  const done = [written(todo.length, top), ...(posted === null ? [] : [posted.words])].join('\n');
  const words = json === true ? done : `\n${done}\n${same}\n${nextWords(draft.next)}`;
  const more = { written: todo.map(({ path }) => path), guidelines: posted?.posted ?? null };
  tell(posted?.failed === true ? 1 : 0, words, json, { ...data, ...more });
}

async function drafted(start: Start, settled: Settled, known: Known, plan: Plan): Promise<Draft> {
  const { options, top, server, kept } = start;
  const files = await compared(top, plan);
  const notes = [...(kept === null ? [] : [keptNote(settled.flags)]), ...plan.notes, ...ownNotes(start)];
  const next = nextSteps({
    ...{ ...settled, policy: plan.policy, known, files: plan.files, serverUrl: server.url },
    slackAsked: settled.slackAsked,
    posted: options.postGuidelines === true,
  });
  const words = planWords({ ...settled, top, people: plan.policy.people, files, notes, force: options.force === true });
  const shown = files.map(({ path, state, executable, text }) => ({ path, state, executable, text }));
  return { files, next, words, data: { repository: settled.repository, files: shown, notes, next } };
}

async function compared(top: string, { files }: Plan): Promise<ComparedFile[]> {
  const paths = files.map(({ path }) => path);
  return compare(files, await readPresent(top, paths));
}

const written = (count: number, top: string): string =>
  count === 0
    ? 'Everything is there already.'
    : `${count} ${count === 1 ? 'file was' : 'files were'} written to ${top}; look at each before you commit it.`;

function blocked(differing: readonly string[]): string {
  const are = differing.length === 1 ? 'is there already and differs' : 'are there already and differ';
  const it = differing.length === 1 ? 'it' : 'them';
  return `${differing.join(', ')} ${are}; nothing was written. --force overwrites ${it}, and what was changed there by hand is lost. For another version of the actions alone, change the commit after each @.`;
}

async function agreed({ options, interactive }: Start, files: readonly ComparedFile[]): Promise<boolean> {
  if (options.yes === true || !interactive) return true;
  const policy = files.filter(({ path }) => path === PLACES.policy);
  const show = (some: readonly ComparedFile[]): void =>
    console.log(textWords(some).split('\n').map(onTerminal).join('\n'));
  show(policy);
  const { agreeToFiles } = await import('./init-ask.ts');
  return agreeToFiles(() => show(files.filter((file) => !policy.includes(file))));
}

/** Answering takes a while: what somebody saved meanwhile is not written over. */
async function refuseChanged(top: string, plan: Plan, files: readonly ComparedFile[]): Promise<void> {
  const now = await compared(top, plan);
  const seen = new Map(files.map((file) => [file.path, `${file.state}\n${file.diff.join('\n')}`]));
  const changed = now.filter(({ path, state, diff }) => seen.get(path) !== `${state}\n${diff.join('\n')}`);
  if (changed.length === 0) return;
  const list = changed.map(({ path }) => path).join(', ');
  throw new Fault('refused', `${list} changed meanwhile; nothing was written.`, 'Try again.');
}

function ownNotes({ options, found }: Start): string[] {
  if (options.action !== undefined || found.action === null || found.action.clean) return [];
  return [
    'This copy of Debug Approval has changes that are not committed: what its commit holds is not what runs here.',
  ];
}

/** The files stand by now: what keeps the guidelines from the channel is told beside them. Null: not wished for. */
async function posting(
  { options }: Start,
  { repository }: Settled,
  { policy }: Plan,
): Promise<{ words: string; posted: Posted | null; failed: boolean } | null> {
  if (options.postGuidelines !== true || policy.slack === undefined) return null;
  try {
    const text = guidelines(policy, { repository, policyPath: PLACES.policy });
    return { ...(await postToChannel(policy.slack.channel, text)), failed: false };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const again = 'Later: debug-approval policy guidelines --post';
    return {
      words: `The guidelines were not posted: ${error.message} ${error.remedy} ${again}`,
      posted: null,
      failed: true,
    };
  }
}
