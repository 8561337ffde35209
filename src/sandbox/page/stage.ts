/** The town as the page plays it: its scene, made anew as things happen, and the deeds that can be done in it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicy } from '../../policy/load.ts';
import { requestId } from '../../request/request.ts';
import type { Evidence } from '../evidence.ts';
import { CHANNEL_NAME, OWNER, REPOSITORY, type Town } from '../town.ts';
import type { runWorkflow } from '../workflow/run.ts';
import { attacksIn, type Situation } from './attacks.ts';
import { castOf } from './cast.ts';
import { dialogsOf, directsOf, messagesOf } from './channel.ts';
import { parseDeed, perform } from './deeds.ts';
import { DEBUG_WORKFLOW, formOf, readDebugWorkflow } from './form.ts';
import { issueOf, openShelf } from './issues.ts';
import { hireTeacher } from './lessons.ts';
import { type Live, openLive } from './live.ts';
import { openBoard, type Run, sceneOf } from './runs.ts';
import type { DeedAnswer, Scene, SceneMessage } from './scene.ts';

export interface PageStage extends Pick<Live, 'scene' | 'subscribe'> {
  /** Does what JSON asks for; not `known`: it is no deed, for the reason given. */
  perform(value: unknown): Promise<DeedAnswer & { known: boolean }>;
  /** Runs a workflow that somebody else starts, and shows it. */
  follow: typeof runWorkflow;
  /** Cancels all runs, waits for their end, and tells nothing any more. */
  close(): Promise<void>;
}

/** Opens the stage over a town, which stays the caller's to close. Throws where the town's own files cannot be read. */
export async function openStage(town: Town, onProblem: (error: unknown) => void): Promise<PageStage> {
  const { workflow, fixed } = await readTown(town);
  const shelf = openShelf(town);
  const teacher = hireTeacher();
  // The scene is not there yet, and a board without runs has nothing to tell.
  let touch = (): void => {};
  const board = openBoard({ town, workflow, onChange: () => touch(), onProblem });
  let messages: SceneMessage[] = [];
  let directs: SceneMessage[] = [];
  let slackChanged = true;
  /** A job that runs again alone goes on with the request of the attempt that asked. */
  const issueOfRun = ({ id, attempt }: Run): number | null => {
    const asked = board.runs.findLast((run) => run.id === id && run.attempt <= attempt && !run.askKept);
    return asked === undefined ? null : shelf.issueOfRequest(requestId(town.github.repository.id, asked));
  };
  const evidenceOf = (run: Run): Evidence | null => shelf.evidence().get(issueOfRun(run) ?? 0) ?? null;
  const situation = (): Situation => ({ town, board, evidence: shelf.evidence(), messages });

  const make = async (): Promise<Scene> => {
    await shelf.refresh();
    if (slackChanged) {
      slackChanged = false;
      [messages, directs] = await Promise.all([messagesOf(town), directsOf(town)]);
    }
    const evidence = shelf.evidence();
    teacher.look({ evidence, evidenceOf, runs: board.runs, messages });
    return {
      ...fixed,
      messages,
      dialogs: dialogsOf(town),
      directs,
      issues: [...evidence.values()].map(issueOf),
      runs: board.runs.map((run) => sceneOf(run, issueOfRun(run), town.github.artifacts(run.id))),
      lessons: teacher.lessons(),
      attacks: attacksIn(situation()),
    };
  };
  const live = await openLive(make, onProblem);
  touch = live.touch;
  const touchSlack = (): void => {
    slackChanged = true;
    live.touch();
  };
  const unwatch = [town.slack.watch(touchSlack), town.github.watch((request) => void (shelf.note(request) && touch()))];
  const say: typeof teacher.say = (telling) => {
    teacher.say(telling);
    touch();
  };

  return {
    scene: live.scene,
    subscribe: live.subscribe,
    follow: board.follow,
    async perform(value) {
      const parsed = parseDeed(value);
      if (!parsed.ok) return { ...parsed, known: false };
      const answer = await perform({ town, board, situation, say }, parsed.deed);
      // Whoever writes as a member calls no method of Slack's. What the deed did is told before it is answered.
      slackChanged = true;
      await live.settle();
      return { ...answer, known: true };
    },
    async close() {
      await board.close();
      for (const end of unwatch) end();
      await live.close();
    },
  };
}

/** The workflow of requests, and the parts of the scene that stay as they are. */
async function readTown({ checkout }: Town) {
  const read = (path: string): Promise<string> => readFile(join(checkout, path), 'utf8');
  const [workflowText, policyText] = await Promise.all([read(DEBUG_WORKFLOW), read('.github/debug-approval.yml')]);
  const workflow = readDebugWorkflow(workflowText);
  const loaded = loadPolicy(policyText, { apiIsLoopback: true });
  if (!loaded.ok) throw new Error('The sandbox has no sound policy.');
  const fixed = {
    repository: `${OWNER}/${REPOSITORY}`,
    channelName: CHANNEL_NAME,
    people: castOf(loaded.policy),
    form: formOf(workflow),
  };
  return { workflow, fixed };
}
