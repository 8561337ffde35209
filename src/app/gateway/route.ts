/** Which repository a deed in Slack is about. What it says is no proof: the verified log of that repository decides what counts. */
import { decodeButton } from '../../request/button.ts';
import { decodeCarried } from '../dialogs.ts';
import type { Chat, FormDeed, SlackAck, SlackDeed, SlashCommand } from '../ports.ts';
import type { Served, ServedRepositories } from './ports.ts';

/** What is about a request that is open; what asks for a new one is src/app/gateway/requests.ts's. */
export type RequestDeed = Exclude<SlackDeed, FormDeed>;

export type Routed = { kind: 'to'; served: Served; deed: RequestDeed } | { kind: 'nowhere'; ack: SlackAck };

const NOWHERE: Routed = { kind: 'nowhere', ack: { kind: 'none' } };

/** Throws a Fault where GitHub or Slack could not be asked. */
export async function routeOf(deed: RequestDeed, repositories: ServedRepositories, chat: Chat | null): Promise<Routed> {
  switch (deed.kind) {
    case 'press':
      return to(repositories, repositoryIn(deed.value), deed);
    case 'submission':
      return to(repositories, decodeCarried(deed.metadata)?.repository ?? null, deed);
    case 'reply': {
      const value = await chat?.valueOf(deed.thread);
      const routed = await to(repositories, repositoryIn(value ?? ''), deed);
      // Talk elsewhere in the channel is nobody's business here: it is taken, so that Slack does not bring it again.
      return routed.kind === 'to' ? routed : { kind: 'nowhere', ack: { kind: 'done' } };
    }
    case 'slash':
      return slash(repositories, deed);
  }
}

function repositoryIn(value: string): number | null {
  const request = decodeButton(value)?.request;
  return request === undefined ? null : Number(request.split('/')[0]);
}

async function to(repositories: ServedRepositories, id: number | null, deed: RequestDeed): Promise<Routed> {
  const served = id === null ? null : await repositories.byId(id);
  return served === null ? NOWHERE : { kind: 'to', served, deed };
}

/** `owner/name#12 …` or the issue's address; a number alone where there is one repository. */
async function slash(repositories: ServedRepositories, deed: SlashCommand): Promise<Routed> {
  const named =
    /^\s*<?(?:https?:\/\/[^/\s]+\/)?([\w-]+\/[\w.-]+?)(?:\/issues\/|#)([1-9]\d{0,14})\b[^\s>]*>?(.*)$/su.exec(
      deed.text,
    );
  const [, name, issue, rest] = named ?? [];
  if (name !== undefined) {
    const served = await repositories.byName(name);
    if (served !== null) return { kind: 'to', served, deed: { ...deed, text: `#${issue}${rest ?? ''}` } };
    return told(`This gateway looks after no repository ${name}, so nothing was recorded.`);
  }
  const all = await repositories.all();
  const [only] = all;
  if (only !== undefined && all.length === 1) return { kind: 'to', served: only, deed };
  return told(
    'Nothing was recorded. Write the repository and the number of the request, such as `acme/shop#12`, or its address; a comment may follow.',
  );
}

function told(text: string): Routed {
  return { kind: 'nowhere', ack: { kind: 'told', text } };
}
