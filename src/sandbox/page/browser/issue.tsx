/** The issue: what is asked, and its log, record by record, each with what the product's own verifier says of it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Mark, SceneComment, SceneIssue, SceneRun } from '../scene.ts';
import { linksOf } from './chain.ts';
import { DeedError } from './deed-error.tsx';
import { Empty } from './empty.tsx';
import { useFollow } from './follow.ts';
import { Avatar, Icon } from './icons.tsx';
import { Markdown } from './markdown.tsx';
import { useDeed, usePage } from './page.ts';

export function Issue(): JSX.Element {
  const { scene } = usePage();
  const [chosen, setChosen] = useState<{ number: number; among: number } | null>(null);
  // A choice holds until there is a newer issue: that is the one to look at then.
  const picked = chosen?.among === scene.issues.length ? chosen.number : undefined;
  const issue = scene.issues.find(({ number }) => number === picked) ?? scene.issues.at(-1);
  return (
    <section class="pane pane-issue" id="issue" tabIndex={-1} aria-labelledby="issue-title">
      <header class="pane-head">
        <h2 id="issue-title">
          <Icon name="issue" /> {issue === undefined ? 'Issue' : `Issue #${issue.number}`}
        </h2>
        {scene.issues.length > 1 && issue !== undefined ? (
          <label class="pick">
            <span class="unseen">Show issue</span>
            <select
              value={issue.number}
              onChange={({ currentTarget }) =>
                setChosen({ number: Number(currentTarget.value), among: scene.issues.length })
              }
            >
              {scene.issues.map(({ number, status }) => (
                <option key={number} value={number}>
                  #{number} · {status}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p class="pane-note">The audit log, {scene.repository}</p>
        )}
      </header>
      {issue === undefined ? (
        <Empty step={4} title="Prove">
          Each request gets an issue, and each step a signed record in it, chained to the one before. What somebody
          changes later shows.
        </Empty>
      ) : (
        <Opened key={issue.number} issue={issue} />
      )}
    </section>
  );
}

function Opened({ issue }: { issue: SceneIssue }): JSX.Element {
  // What is broken comes before what is new.
  const broken = issue.comments.find(({ mark }) => mark.kind === 'broken');
  const toSee = broken ?? issue.comments.at(-1);
  const box = useFollow({
    id: toSee === undefined ? null : `comment-${toSee.id}`,
    state: toSee?.mark.kind ?? '',
    evenLate: broken !== undefined,
  });
  return (
    <>
      <Whole issue={issue} />
      <section
        class="issue-scroll"
        ref={box}
        aria-label={`Issue ${issue.number}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
        tabIndex={0}
      >
        <h3 class="issue-title">{issue.title}</h3>
        <p class="issue-facts">
          <span class={issue.open ? 'state state-open' : 'state state-closed'}>
            <Icon name={issue.open ? 'issue' : 'check'} /> {issue.open ? 'Open' : 'Closed'}
          </span>
          {issue.labels.map((label) => (
            <span key={label} class="chip">
              {label}
            </span>
          ))}
        </p>
        <details class="issue-body">
          <summary>What is asked, as the issue says it</summary>
          <Markdown text={issue.body} />
        </details>
        <ol class="chain" data-broken={issue.broken.length > 0}>
          {issue.comments.map((comment) => (
            <Comment key={comment.id} comment={comment} />
          ))}
        </ol>
        <CommentForm issue={issue} />
        <Sweep issue={issue} />
      </section>
    </>
  );
}

/** Whether the log holds, in words: the one line an auditor looks for. */
function Whole({ issue }: { issue: SceneIssue }): JSX.Element {
  const records = issue.comments.filter(({ mark }) => mark.kind === 'verified').length;
  const count = records === 1 ? '1 record' : `${records} records`;
  if (issue.broken.length === 0) {
    return (
      <p class="whole">
        <Icon name="check" />
        <span>
          <strong>Log whole:</strong> {count} signed and chained; request <strong>{issue.status}</strong>.
        </span>
      </p>
    );
  }
  return (
    <div class="whole whole-broken">
      <Icon name="cross" />
      <span>
        <strong>Log broken:</strong> {issue.broken.join(' ')}
      </span>
    </div>
  );
}

function Comment({ comment }: { comment: SceneComment }): JSX.Element {
  const { author, at, edited, body, mark } = comment;
  return (
    <li id={`comment-${comment.id}`} class={`entry entry-${mark.kind}`}>
      <span class="node" aria-hidden="true">
        {mark.kind === 'verified' ? mark.seq : <Icon name={mark.kind === 'broken' ? 'cross' : 'dash'} />}
      </span>
      <article aria-label={`Comment of ${author.name}`}>
        <header>
          <Avatar name={author.name} bot={author.bot} />
          <strong>{author.name}</strong>
          <time dateTime={at}>{shownTime(at)}</time>
          {edited && <span class="edited">edited</span>}
          <MarkOf mark={mark} />
        </header>
        <Markdown text={body} />
        <Hashes body={body} />
        {mark.kind !== 'verified' && mark.why !== null && <p class="mark-why">{mark.why}</p>}
      </article>
    </li>
  );
}

/** The chain in figures: who looks closely sees that each record names the one before. */
function Hashes({ body }: { body: string }): JSX.Element | null {
  const links = linksOf(body);
  if (links === null) return null;
  return (
    <p class="hashes">
      <Icon name="link" /> <code>{links.hash}</code>
      {links.follows.length === 0 ? ', the first' : ' follows '}
      {links.follows.map((hash) => (
        <code key={hash}>{hash}</code>
      ))}
    </p>
  );
}

function MarkOf({ mark }: { mark: Mark }): JSX.Element {
  switch (mark.kind) {
    case 'verified':
      return (
        <span class="mark mark-verified">
          <Icon name="check" /> verified #{mark.seq}
        </span>
      );
    case 'broken':
      return (
        <span class="mark mark-broken">
          <Icon name="cross" /> broken
        </span>
      );
    case 'plain':
      return (
        <span class="mark mark-plain">
          <Icon name="dash" /> plain comment
        </span>
      );
  }
}

/** How to approve with the checklist, as the issue itself says it; null: it has none. */
function templateIn({ body, open }: SceneIssue): string | null {
  return open ? (/^\/approve(?:\n- \[ \] .+)+/m.exec(body)?.[0] ?? null) : null;
}

function CommentForm({ issue }: { issue: SceneIssue }): JSX.Element {
  const { as } = usePage();
  const [body, setBody] = useState('');
  const template = templateIn(issue);
  const { busy, why, send } = useDeed();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (body.trim() !== '' && (await send({ do: 'comment', as: as.key, issue: issue.number, body }))) setBody('');
  };
  return (
    <form class="comment-form" onSubmit={submit}>
      <label for={`comment-on-${issue.number}`}>Comment as {as.name}</label>
      <textarea
        id={`comment-on-${issue.number}`}
        rows={body.includes('\n') ? 4 : 2}
        value={body}
        placeholder="/approve, /deny and why, /withdraw, /cancel, /review and what you found"
        onInput={({ currentTarget }) => setBody(currentTarget.value)}
      />
      {template !== null && body === '' && (
        <button type="button" class="link" onClick={() => setBody(template)}>
          Begin with /approve and its checklist, to be ticked
        </button>
      )}
      <DeedError why={why} />
      <button type="submit" class="button button-plain" aria-disabled={busy}>
        <Icon name="chat" /> Comment
      </button>
    </form>
  );
}

/** What only the sweep closes or deletes: its schedule is too slow for whoever looks on. */
function Sweep({ issue }: { issue: SceneIssue }): JSX.Element | null {
  const { scene, as } = usePage();
  const { busy, why, send } = useDeed();
  const own = scene.runs.filter((run) => run.issue === issue.number);
  const task = issue.open ? TO_CLOSE : issue.labels.some((label) => SHARED.includes(label)) ? TO_DELETE : null;
  const isOver = own.length > 0 && own.every(({ status }) => status === 'completed');
  if (task === null || !isOver || (!issue.open && issue.broken.length > 0)) return null;
  return (
    <div class="sweep">
      <p>{task} The sweep looks after it, every 15 minutes on GitHub.</p>
      {!issue.open && own.map(({ attempt, artifacts }) => <Artifacts key={attempt} artifacts={artifacts} />)}
      <button
        type="button"
        class="button button-plain"
        aria-disabled={busy}
        onClick={() => void send({ do: 'sweep', as: as.key })}
      >
        <Icon name="play" /> Run the sweep now
      </button>
      <DeedError why={why} />
    </div>
  );
}

function Artifacts({ artifacts }: Pick<SceneRun, 'artifacts'>): JSX.Element {
  return (
    <>
      {artifacts.map(({ name, size, digest, expiresAt }) => (
        <p key={name}>
          Artifact <b>{name}</b>, {size} bytes, <code>{digest.slice(0, 'sha256:'.length + 10)}…</code>, until{' '}
          {DAY.format(Date.parse(expiresAt))}
        </p>
      ))}
    </>
  );
}

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const TO_CLOSE = 'The run is over and the issue still open.';
const TO_DELETE =
  'Card, thread, transcript and logs may go: the policy here keeps them for 1s after the end, where a team’s may say 30d. The records stay.';
/** The labels of a request that still shares something. */
const SHARED = ['debug:shared', 'debug:transcript', 'debug:run-logs'];

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

function shownTime(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : TIME.format(ms);
}
