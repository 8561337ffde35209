/** What a person does on the page: read from JSON, and done in the town by what that person has there. */
import * as v from 'valibot';
import { githubAs } from '../people.ts';
import { CHANNEL, PEOPLE, type PersonKey, type Town } from '../town.ts';
import { WorkflowRefused } from '../workflow/run.ts';
import { attack, type Situation } from './attacks.ts';
import { personKey } from './cast.ts';
import { held, rule, step, type Telling } from './lesson.ts';
import type { RunBoard } from './runs.ts';
import type { Deed, DeedAnswer } from './scene.ts';

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(300));
const Text = v.pipe(v.string(), v.maxLength(65_536));
const Words = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40_000));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Inputs = v.record(v.pipe(v.string(), v.maxLength(100)), Text);
const Values = v.record(v.string(), v.record(v.string(), v.unknown()));

const Parsed = v.variant('do', [
  v.strictObject({ do: v.literal('run'), as: Id, inputs: Inputs }),
  v.strictObject({ do: v.literal('press'), as: Id, ts: Id, actionId: Id }),
  v.strictObject({ do: v.literal('submit'), as: Id, viewId: Id, values: Values }),
  v.strictObject({ do: v.literal('choose'), as: Id, viewId: Id, blockId: Id, actionId: Id, values: Values }),
  v.strictObject({ do: v.literal('dismiss'), as: Id, viewId: Id }),
  v.strictObject({ do: v.literal('say'), as: Id, text: Words, threadTs: v.nullable(Id) }),
  v.strictObject({ do: v.literal('comment'), as: Id, issue: Count, body: Words }),
  v.strictObject({ do: v.literal('rerun'), as: Id, run: Count, mode: v.picklist(['all', 'failed', 'debug']) }),
  v.strictObject({ do: v.literal('cancel'), as: Id, run: Count }),
  v.strictObject({ do: v.literal('sweep'), as: Id }),
  v.strictObject({ do: v.literal('attack'), id: Id }),
]) satisfies v.GenericSchema<unknown, Deed>;

/** A deed, or what is wrong with it. */
export function parseDeed(value: unknown): { ok: true; deed: Deed } | { ok: false; why: string } {
  const parsed = v.safeParse(Parsed, value);
  if (parsed.success) return { ok: true, deed: parsed.output };
  const why = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the deed'}: ${issue.message}`).join('; ');
  return { ok: false, why: `This is no deed of the page: ${why}.` };
}

export interface Stage {
  town: Town;
  board: RunBoard;
  /** What there is to attack now. */
  situation: () => Situation;
  say: (telling: Telling) => void;
}

/** Does a deed. What the town refuses, as Slack or GitHub would, is the answer's reason. */
export async function perform(stage: Stage, deed: Deed): Promise<DeedAnswer> {
  try {
    if (deed.do === 'attack') await attack(deed.id, stage.situation(), stage.say);
    else await performAs(stage, deed, personOf(deed.as));
    return { ok: true };
  } catch (error) {
    return { ok: false, why: reasonOf(error), ...(error instanceof FieldErrors ? { fields: error.fields } : {}) };
  }
}

function personOf(key: string): PersonKey {
  const person = personKey(key);
  if (person === null)
    throw new Error(`There is nobody called ${key} here; act as one of ${Object.keys(PEOPLE).join(', ')}.`);
  return person;
}

function reasonOf(error: unknown): string {
  if (error instanceof WorkflowRefused) return error.problems.join(' ');
  return error instanceof Error ? error.message : String(error);
}

type Personal = Exclude<Deed, { do: 'attack' }>;

async function performAs({ town, board, say }: Stage, deed: Personal, by: PersonKey): Promise<void> {
  const member = PEOPLE[by].slack;
  switch (deed.do) {
    case 'run':
      await board.start(by, deed.inputs);
      return;
    case 'press': {
      const { ts, actionId } = deed;
      const delivery = await town.slack.press({ member, channel: CHANNEL, ts, actionId });
      return tellDelivery(delivery, by, say);
    }
    case 'submit': {
      const delivery = await town.slack.submit({ member, viewId: deed.viewId, values: deed.values });
      tellDelivery(delivery, by, say);
      if (delivery.trouble !== undefined) throw new Error(`Slack shows: ${delivery.trouble}`);
      return throwErrors(delivery.answer);
    }
    case 'choose': {
      const { viewId, blockId, actionId, values } = deed;
      return tellDelivery(await town.slack.pressInDialog({ member, viewId, blockId, actionId, values }), by, say);
    }
    case 'dismiss':
      await town.slack.dismiss({ member, viewId: deed.viewId });
      return;
    case 'say': {
      const { text, threadTs } = deed;
      const [, command, rest = ''] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
      if (command !== undefined && threadTs !== null)
        throw new Error(`Slack says: “${command} is not supported in threads. Sorry!” Leave the thread first.`);
      if (command !== undefined) {
        // What becomes of it Slack tells its author alone, also where nobody took it.
        await town.slack.slash({ member, channel: CHANNEL, command, text: rest });
        return;
      }
      await town.slack.say({ member, channel: CHANNEL, text, ...(threadTs === null ? {} : { threadTs }) });
      return;
    }
    case 'comment':
      return githubAs(town, by).comment(deed.issue, deed.body);
    case 'rerun':
      await board.rerun(by, deed.run, deed.mode === 'debug' ? { job: 'debug' } : deed.mode);
      return;
    case 'cancel':
      return cancel(board, deed.run);
    case 'sweep':
      return say(step('The sweep looked after what is left', await board.sweep(by), rule('ends')));
  }
}

function cancel(board: RunBoard, id: number): void {
  const run = board.latest(id);
  if (run === null) throw new Error(`There is no run ${id}.`);
  if (run.status === 'completed') throw new Error(`Run ${id} is over already.`);
  run.cancel();
}

/** Slack shows a warning beside a button whose press nobody acknowledged. */
function tellDelivery(
  { delivered, acknowledged }: { delivered: boolean; acknowledged: boolean },
  by: PersonKey,
  say: Stage['say'],
): void {
  if (acknowledged) return;
  const { name } = PEOPLE[by];
  const why = delivered
    ? 'No record of it stands, so it was not acknowledged.'
    : 'No job listens any more, so nobody received it. Ask anew, or decide by a comment on the issue.';
  say(held(`Slack shows ${name} a warning sign`, `The press did not count. ${why}`, rule('recorded')));
}

const Errors = v.looseObject({ response_action: v.literal('errors'), errors: v.record(v.string(), v.string()) });

/** What the app finds wrong with a dialog, as Slack shows it beside the fields. */
function throwErrors(answer: unknown): void {
  if (v.is(Errors, answer)) throw new FieldErrors(answer.errors);
}

/** What stands at the fields of a dialog that stays open, by their blocks. */
class FieldErrors extends Error {
  readonly fields: Record<string, string>;

  constructor(fields: Record<string, string>) {
    super(Object.values(fields).join(' '));
    this.fields = fields;
  }
}
