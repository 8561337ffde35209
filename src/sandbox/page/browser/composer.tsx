/** The line at the channel's end: a message, or an answer in a thread, which may be a decision. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DeedError } from './deed-error.tsx';
import { Icon } from './icons.tsx';
import { useDeed, usePage } from './page.ts';

interface ComposerProps {
  threadTs: string | null;
  /** Null: into the channel. */
  threadOf: string | null;
  onLeave(): void;
}

export function Composer({ threadTs, threadOf, onLeave }: ComposerProps): JSX.Element {
  const { scene, as } = usePage();
  const [text, setText] = useState('');
  const { busy, why, send } = useDeed();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (threadTs !== null) input.current?.focus();
  }, [threadTs]);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() !== '' && (await send({ do: 'say', as: as.key, text, threadTs }))) setText('');
  };
  const label = threadOf === null ? `Message #${scene.channelName} as ${as.name}` : `Reply in the thread as ${as.name}`;
  return (
    <form class="composer" onSubmit={submit}>
      {threadOf !== null && (
        <p class="composer-thread">
          <span>In the thread of “{threadOf}”</span>
          <button type="button" class="link" onClick={onLeave}>
            Leave the thread
          </button>
        </p>
      )}
      <div class="composer-line">
        <input
          ref={input}
          type="text"
          value={text}
          aria-label={label}
          placeholder={label}
          autocomplete="off"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="button button-plain" aria-disabled={busy}>
          <Icon name="arrow" /> Send
        </button>
      </div>
      <DeedError why={why} />
    </form>
  );
}
