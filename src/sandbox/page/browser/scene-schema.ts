/** What the server sends, parsed once where it arrives: the schemas of scene.ts. */
import * as v from 'valibot';
import type { DeedAnswer, Lesson, Mark, SceneIssue, SceneMessage, ScenePart, SceneRun } from '../scene.ts';

type Schema<T> = v.GenericSchema<unknown, T>;

const words = v.array(v.string());
const orNull = <T>(of: Schema<T>): Schema<T | null> => v.nullable(of);

const Author = v.object({ name: v.string(), bot: v.boolean() });

const Person = v.object({
  key: v.string(),
  name: v.string(),
  login: v.string(),
  slack: orNull(v.string()),
  groups: words,
  slackLinked: v.boolean(),
});

const Field = v.object({
  name: v.string(),
  description: v.string(),
  type: v.picklist(['choice', 'string', 'boolean', 'number']),
  required: v.boolean(),
  default: v.string(),
  options: words,
});

const Message: Schema<SceneMessage> = v.object({
  ts: v.string(),
  author: Author,
  text: v.string(),
  blocks: v.array(v.unknown()),
  pings: words,
  onlyFor: orNull(v.string()),
  thread: v.array(v.lazy(() => Message)),
});

const Dialog = v.object({ user: v.string(), viewId: v.string(), view: v.unknown() });

const MarkOf: Schema<Mark> = v.variant('kind', [
  v.object({ kind: v.literal('verified'), seq: v.number() }),
  v.object({ kind: v.literal('broken'), why: v.string() }),
  v.object({ kind: v.literal('plain'), why: orNull(v.string()) }),
]);

const Issue: Schema<SceneIssue> = v.object({
  number: v.number(),
  title: v.string(),
  body: v.string(),
  open: v.boolean(),
  labels: words,
  status: v.string(),
  comments: v.array(
    v.object({ id: v.number(), author: Author, at: v.string(), edited: v.boolean(), body: v.string(), mark: MarkOf }),
  ),
  broken: words,
});

const Run: Schema<SceneRun> = v.object({
  id: v.number(),
  attempt: v.number(),
  name: v.string(),
  by: v.string(),
  status: v.picklist(['in_progress', 'completed']),
  conclusion: orNull(v.picklist(['success', 'failure', 'cancelled'])),
  issue: orNull(v.number()),
  jobs: v.array(
    v.object({
      key: v.string(),
      environment: orNull(v.string()),
      status: v.picklist(['waiting', 'in_progress', 'completed']),
      conclusion: orNull(v.picklist(['success', 'failure', 'cancelled', 'skipped'])),
      log: v.array(
        v.object({ step: v.string(), stream: v.picklist(['stdout', 'stderr', 'runner']), text: v.string() }),
      ),
    }),
  ),
  artifacts: v.array(v.object({ name: v.string(), size: v.number(), digest: v.string(), expiresAt: v.string() })),
});

const LessonOf: Schema<Lesson> = v.object({
  id: v.number(),
  tone: v.picklist(['step', 'held', 'attack']),
  title: v.string(),
  text: v.string(),
  rule: orNull(v.object({ number: v.number(), words: v.string() })),
});

const Attack = v.object({
  id: v.string(),
  label: v.string(),
  explains: v.string(),
  unavailable: orNull(v.string()),
});

/** One event of `GET /events`. */
export const Part: Schema<ScenePart> = v.variant('part', [
  v.object({ part: v.literal('repository'), value: v.string() }),
  v.object({ part: v.literal('channelName'), value: v.string() }),
  v.object({ part: v.literal('people'), value: v.array(Person) }),
  v.object({ part: v.literal('form'), value: v.array(Field) }),
  v.object({ part: v.literal('messages'), value: v.array(Message) }),
  v.object({ part: v.literal('dialogs'), value: v.array(Dialog) }),
  v.object({ part: v.literal('directs'), value: v.array(Message) }),
  v.object({ part: v.literal('issues'), value: v.array(Issue) }),
  v.object({ part: v.literal('runs'), value: v.array(Run) }),
  v.object({ part: v.literal('lessons'), value: v.array(LessonOf) }),
  v.object({ part: v.literal('attacks'), value: v.array(Attack) }),
]);

/** What `POST /do` answers. */
export const Answer: Schema<DeedAnswer> = v.variant('ok', [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), why: v.string(), fields: v.exactOptional(v.record(v.string(), v.string())) }),
]);
