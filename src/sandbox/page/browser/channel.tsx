/** The Slack channel, as the one person sees it as whom one acts. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SceneMessage } from '../scene.ts';
import { Blocks } from './block-kit.tsx';
import { headerOf } from './blocks.ts';
import { Composer } from './composer.tsx';
import { DeedError } from './deed-error.tsx';
import { Empty } from './empty.tsx';
import { useFollow } from './follow.ts';
import { Avatar, Icon } from './icons.tsx';
import { useDeed, usePage } from './page.ts';

export function Channel(): JSX.Element {
  const { scene, as, show } = usePage();
  const [threadTs, setThreadTs] = useState<string | null>(null);
  const box = useFollow({ id: newestOf(scene.messages), state: '', evenLate: true });
  const thread = scene.messages.find(({ ts }) => ts === threadTs);
  return (
    <section class="pane pane-slack" id="slack" tabIndex={-1} aria-labelledby="slack-title">
      <header class="pane-head">
        <h2 id="slack-title">
          <Icon name="lock" /> {scene.channelName}
        </h2>
        <p class="pane-note">Slack, through {as.name}’s eyes</p>
      </header>
      {!as.slackLinked && (
        <p class="notice">
          The policy links no Slack account to {as.name}: a press here would be a stranger’s.{' '}
          <button type="button" class="link" onClick={() => show('issue')}>
            Decide on the issue
          </button>
        </p>
      )}
      <section
        class="messages"
        ref={box}
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
        tabIndex={0}
      >
        {scene.messages.length === 0 && (
          <Empty step={2} title="Decide">
            A card will stand here and ping those who may decide. It shows exactly what would run.
          </Empty>
        )}
        {scene.messages.map((message) => (
          <Message key={message.ts} message={message} onReply={() => setThreadTs(message.ts)} />
        ))}
      </section>
      <Directs />
      <Composer
        key={threadTs ?? ''}
        threadTs={threadTs}
        threadOf={threadName(thread)}
        onLeave={() => setThreadTs(null)}
      />
    </section>
  );
}

/** How many of the latest direct messages stand there. */
const DIRECTS = 3;

/** What the app told this person directly: Slack shows it as a conversation of its own. */
function Directs(): JSX.Element | null {
  const { scene, as } = usePage();
  const mine = scene.directs.filter(({ onlyFor }) => onlyFor === as.slack);
  if (mine.length === 0) return null;
  return (
    <details class="directs" open>
      <summary>
        <Icon name="chat" /> Debug Approval, direct message
      </summary>
      {mine.slice(-DIRECTS).map((message) => (
        <Message key={message.ts} message={message} />
      ))}
    </details>
  );
}

function threadName(message: SceneMessage | undefined): string | null {
  return message === undefined ? null : (headerOf(message.blocks) ?? message.text);
}

const idOf = ({ ts }: SceneMessage): string => `message-${ts}`;

/** The element of the newest message, be it in the channel or in a thread. */
function newestOf(messages: SceneMessage[]): string | null {
  const all = messages.flatMap((message) => [message, ...message.thread]);
  const newest = all.reduce<SceneMessage | null>((last, one) => (last === null || one.ts > last.ts ? one : last), null);
  return newest === null ? null : idOf(newest);
}

function Message({ message, onReply }: { message: SceneMessage; onReply?: () => void }): JSX.Element {
  const { scene, as } = usePage();
  const { busy, why, send } = useDeed();
  if (message.onlyFor !== null && message.onlyFor !== as.slack)
    return <Unseen id={idOf(message)} onlyFor={message.onlyFor} />;
  const mentioned = as.slack !== null && message.pings.includes(as.slack);
  const name = headerOf(message.blocks) ?? 'message';
  const isWhisper = message.onlyFor !== null && !scene.directs.includes(message);
  return (
    <article
      id={idOf(message)}
      class="message"
      data-mentioned={mentioned}
      data-private={isWhisper}
      aria-label={`${message.author.name}: ${name}`}
    >
      <Avatar name={message.author.name} bot={message.author.bot} />
      <div class="message-body">
        {isWhisper && (
          <p class="only-you">
            <Icon name="eye" /> Only visible to you
          </p>
        )}
        <p class="message-author">
          <strong>{message.author.name}</strong>
          {message.author.bot && <span class="app">APP</span>}
          <time dateTime={timeOf(message.ts).toISOString()}>{TIME.format(timeOf(message.ts))}</time>
          {mentioned && <span class="you-were">You were mentioned</span>}
        </p>
        {message.blocks.length === 0 ? (
          <p class="message-text">{message.text}</p>
        ) : (
          <div class={headerOf(message.blocks) === null ? undefined : 'card'}>
            <Blocks
              blocks={message.blocks}
              busy={busy}
              onPress={({ action_id }) => void send({ do: 'press', as: as.key, ts: message.ts, actionId: action_id })}
            />
            <DeedError why={why} />
          </div>
        )}
        {message.thread.length > 0 && (
          <div class="thread">
            {message.thread.map((reply) => (
              <Message key={reply.ts} message={reply} />
            ))}
          </div>
        )}
        {onReply !== undefined && message.onlyFor === null && scene.people.length > 0 && (
          <button type="button" class="link reply" onClick={onReply}>
            Reply in thread
          </button>
        )}
      </div>
    </article>
  );
}

/** What Slack told somebody else alone: that it did is no secret here, since one may act as anybody. */
function Unseen({ id, onlyFor }: { id: string; onlyFor: string }): JSX.Element | null {
  const { scene, actAs } = usePage();
  const person = scene.people.find(({ slack }) => slack === onlyFor);
  if (person === undefined) return null;
  return (
    <p class="unseen-answer" id={id}>
      <Icon name="eye" /> Slack told {person.name} something that only {person.name} sees.{' '}
      <button type="button" class="link" onClick={() => actAs(person.key)}>
        See it as {person.name}
      </button>
    </p>
  );
}

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });

/** Slack's `ts` begins with seconds since 1970. */
function timeOf(ts: string): Date {
  const seconds = Number.parseFloat(ts);
  return new Date(Number.isFinite(seconds) ? seconds * 1000 : 0);
}
