/** `/debug list`: the open requests of a repository, for those who may see its channel. */
import { findBySlack } from '../../policy/people.ts';
import { judgeOpen, type ListedRequest } from '../list.ts';
import type { DebugCommand, DialogContent } from '../ports.ts';
import { type Looking, servedNamed, stranger } from './offers.ts';
import type { Place } from './places.ts';

/** So many are read and shown, the newest. */
const MOST = 20;

/** What is open in the repository of this name, or in the only one. Throws a Fault where it could not be read. */
export async function openIn(
  deps: Looking,
  { slack, channel }: DebugCommand,
  name: string | null,
): Promise<DialogContent> {
  const served = name === null ? await onlyOne(deps) : await servedNamed(deps.repositories, name);
  if (served === null) {
    return message(
      name === null
        ? 'Name the repository: /debug list owner/name.'
        : `This gateway looks after no repository ${name}.`,
    );
  }
  const place = await deps.places.of(served);
  const { policy } = place;
  // Whoever is in the channel of the approvals reads all of this there.
  if (findBySlack(policy, slack) === null && policy.slack?.channel !== channel)
    return message(stranger(served.name, slack));
  const open = await served.repository.openRequests();
  const shown = await judgeOpen({ repository: served.repository, clock: deps.clock }, place.desk, open.slice(-MOST));
  const more = open.length - MOST;
  return {
    kind: 'list',
    heading: shown.length === 0 ? `Nothing is open in ${served.name}.` : `Open in ${served.name}:`,
    lines: shown.toReversed().map((one) => lineOf(place, one)),
    rest: more > 0 ? `${more} older ones are not shown: look at the issues with the label debug-request.` : '',
  };
}

async function onlyOne({ repositories }: Looking) {
  const all = await repositories.all();
  return all.length === 1 ? (all[0] ?? null) : null;
}

function lineOf({ desk }: Place, one: ListedRequest): { text: string; url: string } {
  const url = `${desk.serverUrl}/${desk.repositoryName}/issues/${one.issue}`;
  if (one.kind !== 'proven') return { text: `#${one.issue} cannot be believed or read: ${one.why}`, url };
  const what = `${one.runbook} on ${one.target}, asked by ${one.requester}`;
  return { text: `#${one.issue} ${one.status}: ${what}${one.breakGlass ? ', break-glass' : ''}`, url: one.url };
}

function message(text: string): DialogContent {
  return { kind: 'message', text };
}
