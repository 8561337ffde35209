/** One request's page: what was asked, what became of it, how its log was judged, and every record. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isProven } from '../../../log/grade.ts';
import type { ReportDetail, ReportHead, ReportRow } from '../html.ts';
import { reviewStanding } from '../statistics.ts';
import type { TimelineEntry } from '../timeline.ts';
import { span, VIA_WORDS } from '../words.ts';
import { readDetail } from './data.ts';
import { Icon, LogMark, State } from './marks.tsx';
import { usePrinted } from './printed.ts';

export function RequestPage({
  head,
  issue,
  row: place,
  back,
}: {
  head: ReportHead;
  issue: number;
  row: number;
  back: string;
}): JSX.Element {
  const row = head.rows[place];
  const [detail, setDetail] = useState<ReportDetail | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (place >= 0) readDetail(head, place).then(setDetail, (error: unknown) => setTrouble(String(error)));
  }, [head, place]);
  return (
    <article class="request">
      <a class="back" href={back}>
        <Icon name="back" /> All requests
      </a>
      {row === undefined ? (
        <h1>There is no request #{issue} in this report.</h1>
      ) : (
        <>
          <RequestHead row={row} madeAt={head.of.madeAt} outcome={detail?.outcome ?? null} />
          {trouble !== null && <p class="trouble">{trouble}</p>}
          {detail !== null && <Body row={row} detail={detail} />}
        </>
      )}
    </article>
  );
}

function RequestHead({
  row,
  madeAt,
  outcome,
}: {
  row: ReportRow;
  madeAt: string;
  outcome: string | null;
}): JSX.Element {
  const { asked, issue, url } = row;
  const review = asked === null ? null : reviewStanding(asked, madeAt);
  return (
    <header class="request-head">
      <h1>
        Request #{issue}
        {asked !== null && (
          <span class="request-what">
            {asked.runbook} on {asked.target}
          </span>
        )}
      </h1>
      <p class="request-marks">
        {asked !== null && <State status={asked.status} />}
        {asked?.breakGlass === true && (
          <span class="chip chip-wait">
            <Icon name="bolt" />
            break-glass
          </span>
        )}
        {review !== null && <span class={`chip ${review === 'overdue' ? 'chip-bad' : ''}`}>after-review {review}</span>}
        <LogMark row={row} />
        {url !== '' && (
          <a href={url} target="_blank" rel="noreferrer">
            Open the issue on GitHub
          </a>
        )}
      </p>
      {outcome !== null && <p class="outcome">{outcome}</p>}
    </header>
  );
}

function Body({ row, detail }: { row: ReportRow; detail: ReportDetail }): JSX.Element {
  return (
    <>
      <Judged row={row} detail={detail} />
      {detail.facts.length > 0 && (
        <section class="panel" aria-label="What was asked">
          <h2>What was asked</h2>
          <dl class="facts">
            {detail.facts.map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
            {times(row).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </dl>
        </section>
      )}
      <section class="panel" aria-label="Timeline">
        <h2>Timeline</h2>
        <ol class="timeline">
          {placesOf(detail).map((place) =>
            'entry' in place ? (
              <Entry key={place.at} entry={place.entry} url={row.url} mark={markOf(place.entry, detail.keys)} />
            ) : (
              <Gap key={place.at} reasons={place.reasons} />
            ),
          )}
        </ol>
        {detail.timeline.length === 0 && <p class="none">No record counts.</p>}
      </section>
    </>
  );
}

const CODE = ['Runs', 'Inputs', 'Digest', 'Commit', 'Policy', 'Request'];

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="fact" data-code={CODE.includes(name)}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function times({ asked }: ReportRow): [string, string][] {
  if (asked === null) return [];
  const all: [string, number | null][] = [
    ['First decision', asked.firstDecisionMs],
    ['Quorum', asked.quorumMs],
  ];
  return all.flatMap(([name, ms]): [string, string][] => (ms === null ? [] : [[name, `after ${span(ms)}`]]));
}

function Judged({ row, detail }: { row: ReportRow; detail: ReportDetail }): JSX.Element {
  const isPrinted = usePrinted();
  const { status, grade, why } = row.verification;
  const proven = grade !== null && isProven(grade);
  const tone = status === 'broken' ? 'bad' : proven ? 'good' : 'wait';
  return (
    <section class={`verdict tone-${tone}`} aria-labelledby="judged">
      <Icon name={tone === 'good' ? 'shield' : 'warning'} />
      <div class="verdict-text">
        <h2 id="judged">{status === 'whole' && !proven ? 'The log holds, unproven.' : HEADLINES[status]}</h2>
        <p>{why}</p>
        {detail.grade !== null && <p>{detail.grade}</p>}
        {detail.broken.length > 1 && <Findings title="All that breaks it" findings={detail.broken} />}
        {detail.findings.length > 0 && <Findings title="Found and ignored" findings={detail.findings} />}
        {detail.keys.length > 0 && (
          <details open={isPrinted}>
            <summary>Keys that signed</summary>
            <ul class="verdict-list">
              {detail.keys.map(({ kid, thumbprint, records, standing }) => (
                <li key={thumbprint}>
                  <code>{kid ?? 'no kid'}</code>, thumbprint <code>{thumbprint}</code>: {standing}; records{' '}
                  {records.join(', ')}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

const HEADLINES = {
  whole: 'The log holds.',
  broken: 'The log is broken.',
  unknown: 'The log could not be determined.',
};

function Findings({ title, findings }: { title: string; findings: ReportDetail['findings'] }): JSX.Element {
  return (
    <>
      <h3>{title}</h3>
      <ul class="verdict-list">
        {findings.map(({ why }, index) => (
          <li key={index}>{why}</li>
        ))}
      </ul>
    </>
  );
}

type Place = { at: number; entry: TimelineEntry } | { at: number; reasons: string[] };

/** The records that count, and where others stood that were changed or lost, in the order of their comments. */
function placesOf({ timeline, broken }: ReportDetail): Place[] {
  const entries = timeline.map((entry) => ({ at: entry.commentId, entry }));
  const counted = new Set(timeline.map(({ commentId }) => commentId));
  const gaps = new Map<number, string[]>();
  for (const { commentId, why } of broken) {
    if (commentId !== null && !counted.has(commentId)) gaps.set(commentId, [...(gaps.get(commentId) ?? []), why]);
  }
  return [...entries, ...[...gaps].map(([at, reasons]) => ({ at, reasons }))].sort((a, b) => a.at - b.at);
}

function Gap({ reasons }: { reasons: string[] }): JSX.Element {
  return (
    <li class="entry" data-broken="true">
      <p class="entry-sentence">A record was changed or lost here.</p>
      {reasons.map((why) => (
        <p key={why} class="entry-fault">
          <Icon name="cross" /> {why}
        </p>
      ))}
    </li>
  );
}

interface EntryMark {
  tone: 'good' | 'wait' | 'bad';
  words: string;
}

/** How a record was judged: no better than the key that signed it. */
function markOf({ fault, key }: TimelineEntry, keys: ReportDetail['keys']): EntryMark {
  if (fault !== null) return { tone: 'bad', words: 'does not hold' };
  if (key === null) return { tone: 'wait', words: 'unsigned' };
  const used = keys.find(({ thumbprint }) => thumbprint === key.thumbprint);
  return used?.standing === 'unproven'
    ? { tone: 'wait', words: 'signed, unproven' }
    : { tone: 'good', words: 'verified' };
}

function Entry({ entry, url, mark }: { entry: TimelineEntry; url: string; mark: EntryMark }): JSX.Element {
  const isPrinted = usePrinted();
  const { seq, at, by, account, via, sentence, texts, fault, key, hash, writer, evidence, commentId } = entry;
  return (
    <li class="entry" data-broken={fault !== null}>
      <p class="entry-sentence">{sentence}</p>
      <p class="entry-about">
        <time dateTime={at}>{at.replace('T', ' ').replace('Z', ' UTC')}</time> · {by}
        {account !== null && ` · ${account}`} · {VIA_WORDS[via]}
      </p>
      {texts.map((text, index) => (
        <blockquote key={index}>{text}</blockquote>
      ))}
      {fault !== null && (
        <p class="entry-fault">
          <Icon name="cross" /> {fault}
        </p>
      )}
      <details open={isPrinted}>
        <summary>
          Record {seq}
          <span class={`entry-mark tone-${mark.tone}`}>{mark.words}</span>
        </summary>
        <dl class="facts">
          <Fact name="Written by">{writer}</Fact>
          {evidence.length > 0 && <Fact name="Evidence">{evidence.join(', ')}</Fact>}
          <Fact name="Signed with">
            {key === null
              ? 'nothing: whoever may write comments as a bot could have written it'
              : `key ${key.kid ?? 'without kid'}, thumbprint ${key.thumbprint}`}
          </Fact>
          <Fact name="Hash">
            <code>{hash}</code>
          </Fact>
          <Fact name="Comment">
            {url === '' ? (
              commentId
            ) : (
              <a href={`${url}#issuecomment-${commentId}`} target="_blank" rel="noreferrer">
                {commentId}
              </a>
            )}
          </Fact>
        </dl>
      </details>
    </li>
  );
}
