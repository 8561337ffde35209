/** Who asks where the gateway began the run: by its envelope alone, and only as exactly the person whom the policy knows. */
import { askHash, type Enveloped, verifyEnvelope } from '../log/envelope.ts';
import { sameName } from '../log/names.ts';
import type { Trust } from '../log/trust.ts';
import { lookup } from '../policy/lookup.ts';
import type { Policy } from '../policy/schema.ts';
import type { Request } from '../request/request.ts';
import type { AskInput } from './ask-check.ts';
import { Fault } from './fault.ts';
import type { RunFacts } from './ports.ts';

/** Somebody who asked in Slack. */
export interface AskedInSlack {
  requester: Request['requester'];
  slack: Enveloped['slack'];
  jti: string;
  /** No request that was opened before it can have used the envelope, in ms since 1970. */
  unusedBefore: number;
}

const ANEW = 'Nobody was asked. Ask anew with /debug in Slack, or start the workflow as yourself in GitHub.';

/**
 * Opens the envelope that a run was given; null: it was given none. Throws a Fault where it may not ask: whatever anybody
 * copied, changed, kept or signed with another key asks nothing. That it counts once is seen to in src/app/envelope-use.ts.
 */
export async function openEnvelope(
  input: AskInput,
  run: RunFacts,
  policy: Policy,
  trust: () => Promise<Trust>,
): Promise<AskedInSlack | null> {
  if (input.envelope === '') return null;
  refuseOtherRuns(run);
  if (input.breakGlass) {
    throw refused(
      'asks for a break-glass: whoever breaks the glass does so as themselves',
      'Start the workflow as yourself in GitHub.',
    );
  }
  const opened = await verifyEnvelope(input.envelope, await trust(), run.createdAt);
  if (!opened.ok) throw refused(`does not count: ${opened.why}`);
  const { envelope, unusedBefore } = opened;
  if (askHash({ ...input, duration: input.windowSeconds }) !== envelope.request) {
    throw refused(
      'is for something else than this run asks: runbook, target, inputs, reason, ticket, urgency, duration and wait must be what was asked in Slack',
      `${ANEW} Where it happens each time: the workflow must hand all of them to its ask step as they are, with \`wait: gateway\`.`,
    );
  }
  return { requester: requesterIn(policy, envelope), slack: envelope.slack, jti: envelope.jti, unusedBefore };
}

/** The login that GITHUB_TOKEN has everywhere: any workflow can begin runs by it. */
const ACTIONS = 'github-actions[bot]';

/** It is written for one run, which the gateway's app begins. */
function refuseOtherRuns({ actor, triggeringActor, attempt }: RunFacts): void {
  const [human] = [triggeringActor, actor].filter(({ bot }) => !bot);
  if (human !== undefined) {
    throw refused(
      `counts only in the run that the gateway begins for it, and ${human.login} started this one`,
      'Nobody was asked. Leave the input `envelope` empty: then you ask as yourself.',
    );
  }
  if (actor.id !== triggeringActor.id) {
    throw refused(`counts in a run of one app, and this one is of ${actor.login}, started by ${triggeringActor.login}`);
  }
  if (sameName(actor.login, ACTIONS))
    throw refused(`counts in a run of the gateway's app, and ${ACTIONS} started this one`);
  if (attempt !== 1) throw refused(`counted for the first attempt, and this is attempt ${attempt}`);
}

/** Both accounts must be those that the policy writes for the person: nothing is guessed, and nothing is linked by e-mail here. */
function requesterIn(policy: Policy, { person, github, slack }: Enveloped): Request['requester'] {
  const known = lookup(policy.people, person);
  const remedy = `Nobody was asked. Mend the entry ${person} under \`people\` in the policy, and ask anew.`;
  if (known === null) throw refused(`is for ${person}, who is nobody in the policy of now`, remedy);
  if (known.github.id !== github.id) {
    throw refused(
      `is for ${person} with the GitHub id ${github.id}, and the policy of now says ${known.github.id}`,
      remedy,
    );
  }
  if (known.slack?.team !== slack.team || known.slack.user !== slack.user) {
    throw refused(
      `is for ${person} as ${slack.user} of ${slack.team} in Slack, and the policy of now does not say so`,
      remedy,
    );
  }
  return { id: known.github.id, login: known.github.login, person };
}

function refused(why: string, remedy = ANEW): Fault {
  return new Fault('refused', `The envelope ${why}.`, remedy);
}
