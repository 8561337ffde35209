/** One job's log: masked lines by step, following the end until the reader scrolls away. */
import { Fragment, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SceneJob } from '../scene.ts';
import { linesOf, maskedParts } from './log-lines.ts';

export function JobLog({ job }: { job: SceneJob }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lines = linesOf(job.log);
  useEffect(() => {
    if (box.current !== null && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [job.log.length]);
  const onScroll = ({ currentTarget }: { currentTarget: HTMLDivElement }): void => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
  };
  return (
    <div
      class="log"
      ref={box}
      onScroll={onScroll}
      role="log"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
      tabIndex={0}
      aria-label={`Log of ${job.key}`}
    >
      {lines.length === 0 && <p class="log-none">{nothingOf(job)}</p>}
      {lines.map((line, index) => (
        <Fragment key={index}>
          {line.step !== null && <p class="log-step">{line.step}</p>}
          <p class={`log-line log-${line.kind}`}>
            {maskedParts(line.text).map((part, place) => (
              <Fragment key={place}>{part.masked ? <mark>{part.text}</mark> : part.text}</Fragment>
            ))}
          </p>
        </Fragment>
      ))}
    </div>
  );
}

function nothingOf({ status, conclusion }: SceneJob): string {
  if (status === 'waiting') return 'Waits for the jobs before it.';
  if (conclusion === 'skipped') return 'Skipped: the request was not approved, so nothing ran.';
  return status === 'in_progress' ? 'Starting …' : 'It printed nothing.';
}
