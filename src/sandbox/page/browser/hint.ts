/** The next thing to try: always one sentence, and where one press does it, that press. */
import type { Scene, SceneMessage, ScenePerson, SceneRun } from '../scene.ts';
import { buttonsOf } from './blocks.ts';
import type { Tab } from './page.ts';

export interface Hint {
  text: string;
  /** What its button does; null where there is only something to watch. */
  act: { label: string; as: string | null; show: Tab; focus?: string; submits?: 'run' } | null;
}

/** What to try next, as this person sees the scene. */
export function nextHint(scene: Scene, as: ScenePerson): Hint {
  const run = scene.runs.at(-1);
  if (run === undefined) {
    return {
      text: `Start here: run the workflow as ${as.name}. Nothing runs on production until somebody else approves.`,
      act: { label: 'Run workflow', as: null, show: 'slack', submits: 'run' },
    };
  }
  if (run.status === 'completed') return afterwards(scene, run);
  const card = scene.messages.findLast(({ blocks }) => buttonsOf(blocks).length > 0);
  if (card !== undefined) return decide(scene, card, as, run);
  return underWay(run);
}

function decide({ people, messages }: Scene, card: SceneMessage, as: ScenePerson, run: SceneRun): Hint {
  const awaited = awaitedBy(card, people);
  if (awaited.some(({ key }) => key === as.key)) return yourTurn(as, card);
  const next = awaited[0];
  if (next === undefined)
    return { text: 'The request waits for a decision: on the card, or by a comment on its issue.', act: null };
  const how = next.slackLinked ? `press “${approveOn(card)}”` : commentOn(card);
  const tried = messages.some(({ ts, onlyFor }) => onlyFor !== null && onlyFor === as.slack && ts > card.ts);
  const own = as.key === run.by && !tried ? ` (or press Approve as ${as.name} and see what happens)` : '';
  return {
    text: `Act as ${next.name} and ${how}${own}.`,
    act: { label: `Act as ${next.name}`, as: next.key, show: next.slackLinked ? 'slack' : 'issue' },
  };
}

/** What the card's Approve is called; with an ellipsis it opens a dialog. */
function approveOn({ blocks }: SceneMessage): string {
  return buttonsOf(blocks).find(({ text }) => text.text.startsWith('Approve'))?.text.text ?? 'Approve';
}

function commentOn(card: SceneMessage): string {
  const ticked = approveOn(card) === 'Approve' ? '' : ', with its checklist ticked';
  return `comment /approve on the issue${ticked}`;
}

function yourTurn(as: ScenePerson, card: SceneMessage): Hint {
  if (as.slackLinked) {
    return {
      text: `You are ${as.name}, and the card asks you. Read what exactly will run, then press “${approveOn(card)}”.`,
      act: { label: 'Go to the card', as: null, show: 'slack' },
    };
  }
  return {
    text: `You are ${as.name}, whom the policy links to no Slack account: ${commentOn(card)}.`,
    act: { label: 'Go to the issue', as: null, show: 'issue' },
  };
}

/** Whom the card's policy lines still wait for, as in "1 more of Cy, Di". */
export function awaitedBy({ blocks }: Pick<SceneMessage, 'blocks'>, people: ScenePerson[]): ScenePerson[] {
  const names = [...JSON.stringify(blocks).matchAll(/\bmore of ([^".;]+)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  return [...new Set(names)].flatMap((name) => people.find((person) => person.name === name) ?? []);
}

function underWay(run: SceneRun): Hint {
  const job = run.jobs.find(({ status }) => status === 'in_progress');
  const watch = { label: 'See the jobs', as: null, show: 'jobs' as const };
  switch (job?.key) {
    case 'ask':
      return { text: 'The ask job checks policy and environments, opens the issue and posts the card.', act: watch };
    case 'debug':
      return { text: 'The debug job proves that it runs exactly what was approved, then runs it.', act: watch };
    case 'close':
      return { text: 'The close job reports and closes the request.', act: watch };
    default:
      return { text: 'GitHub is starting the next job.', act: watch };
  }
}

function afterwards({ issues, attacks }: Scene, run: SceneRun): Hint {
  const issue = issues.find(({ number }) => number === run.issue);
  if (issue === undefined && run.conclusion === 'failure') {
    return {
      text: 'Nobody was asked: the log of the ask job says why. Mend the form and run it again.',
      act: { label: 'See the form', as: null, show: 'run' },
    };
  }
  if (issue !== undefined && issue.broken.length > 0) {
    return {
      text: 'Somebody changed the log, so it holds no longer: find the ✗ in the issue.',
      act: { label: 'See the issue', as: null, show: 'issue' },
    };
  }
  if (issue?.open === true && issue.labels.includes('debug:break-glass')) {
    return {
      text: 'Nobody had approved this: as somebody who did not ask, comment /review and what you found, then run the sweep.',
      act: { label: 'See the issue', as: null, show: 'issue' },
    };
  }
  if (issue?.status === 'finished' && attacks.some(({ unavailable }) => unavailable === null)) {
    return {
      text: 'It ran, and the issue proves who allowed what. Now try to break it.',
      act: { label: 'See the attacks', as: null, show: 'lessons', focus: 'attacks' },
    };
  }
  return {
    text: 'This request is over. Run the workflow again, as somebody else or with a riskier runbook.',
    act: { label: 'See the form', as: null, show: 'run' },
  };
}
