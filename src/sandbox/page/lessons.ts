/** The lessons: derived from what happened in the town, never scripted; each thing teaches once. */
import type { Evidence } from '../evidence.ts';
import { PEOPLE } from '../town.ts';
import { keyOf } from './cast.ts';
import { cardOf } from './channel.ts';
import { faultsOf } from './issues.ts';
import { held, listed, rule, step, type Telling } from './lesson.ts';
import type { Run } from './runs.ts';
import type { Lesson, SceneMessage } from './scene.ts';
import { approvalLesson, brokenLesson, closedLesson, findingLesson, lessonsOfRecord } from './teach-log.ts';
import { askLesson, beginLesson, debugLesson } from './teach-run.ts';

/** How many lessons are kept. */
const KEPT = 300;

/** What there is to learn from. */
export interface Look {
  evidence: ReadonlyMap<number, Evidence>;
  /** The evidence of the request that a run is about; null: it has none (yet). */
  evidenceOf: (run: Run) => Evidence | null;
  runs: readonly Run[];
  messages: readonly SceneMessage[];
}

export interface Teacher {
  /** The lessons so far, oldest first. */
  lessons(): Lesson[];
  /** Adds a lesson that nothing else shows. */
  say(telling: Telling): void;
  /** Adds what is new since the last look. */
  look(at: Look): void;
}

/** A teacher who has seen nothing yet. */
export function hireTeacher(): Teacher {
  const lessons: Lesson[] = [];
  const seen = new Set<string>();
  let next = 1;
  const say = (telling: Telling): void => {
    lessons.push({ id: next, ...telling });
    next += 1;
    if (lessons.length > KEPT) lessons.shift();
  };
  return {
    lessons: () => [...lessons],
    say,
    look({ evidence, evidenceOf, runs, messages }) {
      const told: Telling[] = [];
      const once: Once = (what, make) => {
        const made = seen.has(what) ? null : make();
        if (made === null) return;
        seen.add(what);
        told.push(...[made].flat());
      };
      for (const run of runs) once(`${nameOf(run)} begins`, () => beginLesson(run));
      for (const message of messages.filter(({ onlyFor }) => onlyFor === null))
        once(`card ${message.ts}`, () => cardLesson(message));
      for (const [issue, found] of evidence) lookAtLog(issue, found, messages, once);
      for (const message of messages.flatMap((one) => [one, ...one.thread])) {
        if (message.onlyFor !== null) once(`private ${message.onlyFor} ${message.ts}`, () => privateLesson(message));
      }
      for (const run of runs) {
        const found = evidenceOf(run);
        once(`${nameOf(run)} ask`, () => askLesson(run, found));
        once(`${nameOf(run)} debug`, () => debugLesson(run, found));
      }
      for (const telling of told) say(telling);
    },
  };
}

const nameOf = ({ id, attempt }: Run): string => `run ${id} ${attempt}`;

/** Notes what is told, so that it is told once; null: there is nothing to tell yet. */
type Once = (what: string, make: () => Telling | null | readonly Telling[]) => void;

function lookAtLog(issue: number, found: Evidence, messages: readonly SceneMessage[], once: Once): void {
  const { log, snapshot } = found;
  for (const entry of log.entries) once(`record ${entry.commentId}`, () => lessonsOfRecord(found, entry));
  once(`approved ${issue}`, () => approvalLesson(found));
  const lost = new Set(log.broken.map(({ commentId }) => commentId));
  for (const finding of log.findings.filter(({ commentId }) => !lost.has(commentId)))
    once(`finding ${issue} ${finding.code} ${finding.commentId}`, () => findingLesson(finding));
  if (faultsOf(found).length > 0) once(`broken ${issue}`, () => brokenLesson(found));
  if (!snapshot.open) once(`closed ${issue}`, () => closedLesson(found, cardOf(messages, issue) !== null));
}

/** What a new card did to people's phones; null for what is no card of ours. */
function cardLesson({ author, pings, text }: SceneMessage): Telling | readonly Telling[] | null {
  if (!author.bot || pings.length === 0) return null;
  const names = pings.map((ping) => {
    const key = keyOf(ping);
    return key === null ? ping : PEOPLE[key].name;
  });
  if (text.includes('BREAK-GLASS'))
    return held(
      `Slack tells ${listed(names)} that nobody was asked`,
      'A break-glass pings those whom it passes over, at once. Until the job starts each of them can still deny it.',
      rule('deny'),
    );
  const asked = step(
    `Slack pings ${listed(names)}`,
    'The card pings those who may decide, and nobody else. Whoever asks is never among them. They see who asks, why, and exactly what will run.',
    rule('own'),
  );
  // Slack writes a "<" that somebody typed as &lt; and so does the product.
  if (!/&lt;[!@#]/.test(text)) return asked;
  const inert = `The reason holds ${plain(/&lt;[!@#][^&]*&gt;/.exec(text)?.[0] ?? 'a mention')}, which Slack would make a ping of everybody. It stands on the card as mere text; pinged were ${listed(names)} alone.`;
  return [asked, held('A mention in the reason pings nobody', inert, rule('inert'))];
}

function privateLesson({ onlyFor, text }: SceneMessage): Telling {
  const key = keyOf(onlyFor ?? '');
  const who = key === null ? 'one person' : PEOPLE[key].name;
  return held(`Only ${who} sees the answer`, `Slack tells ${who} alone: “${plain(text)}”`, rule('private'));
}

/** A message's text as people read it. */
const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
