/** Asking in Slack: `/debug` opens a form, the form begins a run of the workflow with an envelope that names who asks. */
import { askHash, envelopeToken } from '../../log/envelope.ts';
import type { GatewayKeyPair } from '../../log/gateway-token.ts';
import { formatDuration } from '../../policy/duration.ts';
import { Fault, messageOf, whyOf } from '../fault.ts';
import type {
  Chat,
  Choice,
  Clock,
  DialogContent,
  FormChoice,
  FormDeed,
  FormSubmission,
  Progress,
  SlackAck,
  SlackPeople,
} from '../ports.ts';
import { type Drawn, decodeDrawn, encodeDrawn } from './drawn.ts';
import { type Looking, type Offered, offerIn, offersOf, servedNamed } from './offers.ts';
import { openIn } from './open-list.ts';
import type { Places } from './places.ts';
import type { ServedRepositories } from './ports.ts';
import { formOf } from './request-form.ts';
import { type Judged, judgeForm } from './request-judge.ts';

export interface RequestsDeps {
  key: GatewayKeyPair;
  chat: Chat | null;
  slackPeople: SlackPeople | null;
  repositories: ServedRepositories;
  places: Places;
  clock: Clock;
  progress: Progress;
  context: { serverUrl: string; secrets: readonly string[] };
  /** A UUID that was never given before. */
  newId(): string;
  /** Goes on in the background; a failure is said. */
  later(doing: Promise<void>): void;
}

export interface Requests {
  /** Resolves once Slack may be answered. Never rejects. */
  take(deed: FormDeed): Promise<SlackAck>;
}

/** Slack waits 3 s for an answer to a form; what takes longer is told in person. In ms. */
const ANSWER_MS = 2_000;

const DONE: SlackAck = { kind: 'done' };
const USAGE =
  'Write /debug to ask for something, /debug owner/name to ask in that repository, or /debug list owner/name for what is open there.';

export function newRequests(deps: RequestsDeps): Requests {
  /** The latest choice in each form that is being filled anew: of two, the earlier must not come last. */
  const latest = new Map<string, FormChoice>();
  return {
    async take(deed) {
      try {
        if (deps.chat === null) return { kind: 'none' };
        if (deed.kind === 'debug') return await command(deps, deps.chat, deed);
        if (deed.kind === 'form') return await inTime(deps, deps.chat, deed);
        latest.set(deed.view, deed);
        const isLatest = (): boolean => latest.get(deed.view) === deed;
        const filling = fill(deps, deps.chat, deed.view, deed, () => redrawn(deps, deed), isLatest);
        deps.later(filling.finally(() => (isLatest() ? void latest.delete(deed.view) : undefined)));
        return DONE;
      } catch (error) {
        deps.progress.warn(`What somebody asked in Slack was not taken: ${whyOf(error)}`);
        return deed.kind === 'debug' ? { kind: 'told', text: `Nothing was asked: ${whyOf(error)}` } : { kind: 'none' };
      }
    },
  };
}

/** The dialog opens before anything is looked up, since its trigger lives 3 s. */
async function command(deps: RequestsDeps, chat: Chat, deed: Extract<FormDeed, { kind: 'debug' }>): Promise<SlackAck> {
  const [, list, name] = /^(list)?\s*([\w-]+\/[\w.-]+)?$/u.exec(deed.text) ?? [];
  if (deed.text !== '' && list === undefined && name === undefined) return { kind: 'told', text: USAGE };
  if (deed.trigger === null)
    return { kind: 'told', text: `Slack let no dialog be opened, so nothing was asked. ${USAGE}` };
  const saying = list === undefined ? 'Looking up what you may ask for…' : 'Looking up what is open…';
  const { view } = await chat.openDialog(deed.trigger, saying);
  const content = () =>
    list === undefined ? drawnFirst(deps, deed, name ?? null) : openIn(looking(deps), deed, name ?? null);
  deps.later(fill(deps, chat, view, deed, content));
  return DONE;
}

function looking({ repositories, places, clock, slackPeople }: RequestsDeps): Looking {
  return { repositories, places, clock, slackPeople };
}

async function fill(
  { progress }: RequestsDeps,
  chat: Chat,
  view: string,
  { slack }: FormDeed,
  content: () => Promise<DialogContent>,
  isWanted: () => boolean = () => true,
): Promise<void> {
  const drawn = await content().catch((error: unknown): DialogContent => {
    progress.warn(`A form could not be made: ${whyOf(error)}`);
    return { kind: 'message', text: `Nothing was asked: ${whyOf(error)}` };
  });
  if (!isWanted()) return;
  try {
    await chat.fillDialog(view, drawn);
  } catch (error) {
    progress.warn(`A form could not be filled: ${messageOf(error)}`);
    const text =
      drawn.kind === 'message' ? drawn.text : `The form could not be shown, so nothing was asked. ${whyOf(error)}`;
    await chat.tell(slack.user, text);
  }
}

async function drawnFirst(deps: RequestsDeps, { slack }: FormDeed, name: string | null): Promise<DialogContent> {
  if (name !== null) {
    const found = await offerIn(looking(deps), await servedNamed(deps.repositories, name), slack);
    return found.kind === 'refused' ? { kind: 'message', text: found.why } : draw([], found, null);
  }
  const offers = await offersOf(looking(deps), slack);
  if (offers.kind === 'refused') return { kind: 'message', text: offers.why };
  const [only, ...others] = offers.all;
  if (only !== undefined && others.length === 0) return draw([], only, null);
  return draw(choicesOf(offers.all), null, null);
}

/** The form anew, for what was chosen in it. */
async function redrawn(deps: RequestsDeps, { slack, metadata, filled }: FormChoice): Promise<DialogContent> {
  const drawn = decodeDrawn(metadata);
  if (drawn === null) return { kind: 'message', text: NOT_OURS };
  const id = chosenIn(drawn, filled);
  const served = id === null ? null : await deps.repositories.byId(id);
  const found = await offerIn(looking(deps), served, slack);
  if (found.kind === 'refused') return { kind: 'message', text: found.why };
  const offers = drawn.several ? await offersOf(looking(deps), slack) : null;
  const runbook = filled.get('runbook');
  // Of another repository the same name may be another runbook: it is chosen anew.
  const same = drawn.repository === id && typeof runbook === 'string' ? runbook : null;
  return draw(offers?.kind === 'offers' ? choicesOf(offers.all) : [], found, same);
}

const NOT_OURS = 'This form is none of this gateway, so nothing was asked. Close it and write /debug.';

function choicesOf(all: readonly Offered[]): Choice[] {
  return all.map(({ offer: { repository } }) => ({ label: repository.name, value: String(repository.id) }));
}

function chosenIn({ repository, several }: Drawn, filled: FormChoice['filled']): number | null {
  const chosen = several ? filled.get('repository') : undefined;
  return typeof chosen === 'string' && /^[1-9]\d{0,15}$/.test(chosen) ? Number(chosen) : repository;
}

function draw(repositories: readonly Choice[], found: Offered | null, runbook: string | null): DialogContent {
  const form = formOf(found?.offer ?? null, { repositories, runbook });
  const menu = form.fields.find(({ name }) => name === 'runbook');
  const chosen = menu?.kind === 'choice' ? menu.chosen : null;
  const drawn: Drawn = {
    repository: found?.offer.repository.id ?? null,
    runbook: chosen,
    several: repositories.length > 0,
  };
  return { kind: 'form', form, metadata: encodeDrawn(drawn) };
}

/** What became of a form within Slack's time; later it is told in person. */
async function inTime(deps: RequestsDeps, chat: Chat, deed: FormSubmission): Promise<SlackAck> {
  const stop = new AbortController();
  const work = submitted(deps, chat, deed);
  const late = deps.clock.sleep(ANSWER_MS, stop.signal).then(() => null);
  const first = await Promise.race([work, late]);
  stop.abort();
  if (first !== null) return first;
  deps.later(
    work.then(async (ack) => {
      if (ack.kind === 'mistakes') await chat.tell(deed.slack.user, [...ack.at.values()].join('\n'));
    }),
  );
  return DONE;
}

/** Never rejects. */
async function submitted(deps: RequestsDeps, chat: Chat, deed: FormSubmission): Promise<SlackAck> {
  const drawn = decodeDrawn(deed.metadata);
  const field = drawn?.runbook == null ? (drawn?.several === true ? 'repository' : 'runbook') : 'runbook';
  const wrong = (text: string): SlackAck => ({ kind: 'mistakes', at: new Map([[field, text]]) });
  if (drawn === null) return wrong(NOT_OURS);
  try {
    const id = chosenIn(drawn, deed.filled);
    if (id === null || id !== drawn.repository)
      return wrong('The rest of the form is still to come. Choose once more.');
    const served = await deps.repositories.byId(id);
    const found = await offerIn(looking(deps), served, deed.slack);
    if (found.kind === 'refused') return wrong(found.why);
    const judged = judgeForm(found.offer, drawn.runbook ?? '', deed.filled, deps.context.secrets);
    if (judged.kind === 'mistakes') return judged;
    const began = await begin(deps, found, judged, deed);
    deps.later(chat.tell(deed.slack.user, began));
    return DONE;
  } catch (error) {
    deps.progress.warn(`What somebody asked in Slack could not be begun: ${whyOf(error)}`);
    const uncertain = error instanceof Fault && error.code === 'not-confirmed';
    return wrong(uncertain ? whyOf(error) : `Nothing was asked: ${whyOf(error)}`);
  }
}

/** Begins the run by which this is asked; gives what the person is told. Throws a Fault where GitHub did not take it. */
async function begin(
  deps: RequestsDeps,
  { offer, place }: Offered,
  { ask, masked }: Extract<Judged, { kind: 'ask' }>,
  { slack }: FormSubmission,
): Promise<string> {
  const { policy, person } = offer;
  const { served, facts } = place;
  const request = askHash(ask);
  const github = policy.people[person]?.github;
  if (request === null || github === undefined) throw new TypeError('What was judged has no hash or no person.');
  const workflow = workflowOf(policy.signers.workflows);
  const envelope = await envelopeToken(
    deps.key,
    facts,
    { jti: deps.newId(), person, slack, github: { id: github.id, login: github.login }, request },
    deps.clock.now(),
  );
  const { runUrl } = await served.dispatch({ workflow, branch: facts.defaultBranch }, inputsFor(ask, envelope));
  const { runbook, target } = ask;
  deps.progress.info(`${person} asked in Slack to run ${runbook} on ${target} in ${served.name}.`);
  const where = runUrl ?? `${deps.context.serverUrl}/${served.name}/actions`;
  return [
    `On its way: ${runbook} on ${target} in ${served.name}. A run of ${workflow} asks for you: ${where}`,
    'In some seconds its request stands on an issue and in the channel of the approvals. You are told here how it ends; if no issue comes, the run says why.',
    ...(masked === null ? [] : [masked]),
  ].join('\n');
}

/** The workflow that asks: the first of the repository's own among those that the policy lets sign. */
function workflowOf(workflows: readonly string[]): string {
  const own = workflows.find((path) => path.startsWith('.github/workflows/'));
  if (own !== undefined) return own;
  throw new Fault(
    'policy',
    'No workflow of this repository is listed under `signers.workflows`, so there is none to begin.',
    'Write the path of the debug workflow there, as the first.',
  );
}

/** As `debug.yml` names them; its `wait` stands in the workflow. */
function inputsFor(ask: Parameters<typeof askHash>[0], envelope: string): Record<string, string> {
  const { runbook, target, reason, ticket, urgency, duration } = ask;
  return {
    ...{ runbook, target, inputs: JSON.stringify(ask.inputs), reason, ticket, urgency, envelope },
    duration: duration === null ? '' : formatDuration(duration),
  };
}
