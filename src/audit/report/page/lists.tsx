/** What was counted, as tables whose bars show the shares: groups, approvers, runbooks, targets, channels, refusals. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Count, Pace, Spread, Statistics } from '../statistics.ts';
import { span } from '../words.ts';
import type { Filter } from './filter.ts';

type Look = (change: Partial<Filter>) => void;

export function Lists({ found, look }: { found: Statistics; look: Look }): JSX.Element {
  const { refusals } = found;
  return (
    <>
      <div class="lists lists-wide">
        <Paces title="Approvers" paces={found.approvers} onLook={(person) => look({ person })} />
        <Paces title="Groups" paces={found.groups} />
      </div>
      <div class="lists">
        <Counts title="Runbooks" counts={found.runbooks} onLook={(runbook) => look({ runbook })} />
        <Counts title="Targets" counts={found.targets} onLook={(target) => look({ target })} />
        <Counts title="Channels of decisions" counts={found.channels} />
        <Counts title="Refused attempts, by reason" counts={refusals.byReason} />
        <Counts title="Refused attempts, by person" counts={refusals.byPerson} onLook={(person) => look({ person })} />
        <Counts title="Verification" counts={found.verification} />
      </div>
    </>
  );
}

const MOST = 8;

function Counts({
  title,
  counts,
  onLook,
}: {
  title: string;
  counts: readonly Count[];
  onLook?: (name: string) => void;
}): JSX.Element {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const shown = all ? counts : counts.slice(0, MOST);
  return (
    <section class="panel" aria-label={title}>
      <h2>{title}</h2>
      {counts.length === 0 ? (
        <p class="none">None.</p>
      ) : (
        <table class="counts" aria-label={title}>
          <thead class="unseen">
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Number</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, count }) => (
              <tr key={name}>
                <th scope="row">
                  <Name name={name} onLook={onLook} />
                  <span class="bar" style={{ inlineSize: `${(100 * count) / most}%` }} aria-hidden="true" />
                </th>
                <td class="number">{count.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {counts.length > MOST && (
        <button type="button" class="link more" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${counts.length.toLocaleString('en')}`}
        </button>
      )}
    </section>
  );
}

function Name({ name, onLook }: { name: string; onLook: ((name: string) => void) | undefined }): JSX.Element {
  if (onLook === undefined) return <span>{name}</span>;
  return (
    <button type="button" class="link" onClick={() => onLook(name)}>
      {name}
    </button>
  );
}

function Paces({
  title,
  paces,
  onLook,
}: {
  title: string;
  paces: readonly Pace[];
  onLook?: (name: string) => void;
}): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? paces : paces.slice(0, MOST);
  return (
    <section class="panel" aria-label={title}>
      <h2>{title}</h2>
      {paces.length === 0 ? (
        <p class="none">Nobody decided.</p>
      ) : (
        <section
          class="scrolls"
          aria-label={`${title}: how quickly`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
          tabIndex={0}
        >
          <table class="paces">
            <thead>
              <tr>
                <th scope="col" rowSpan={2}>
                  Name
                </th>
                <th scope="col" rowSpan={2} class="number">
                  Requests
                </th>
                <th scope="col" rowSpan={2} class="number">
                  Denials
                </th>
                <th scope="colgroup" colSpan={2} class="over">
                  First decision
                </th>
                <th scope="colgroup" colSpan={2} class="over">
                  Quorum
                </th>
              </tr>
              <tr>
                {['median', '95 %', 'median', '95 %'].map((head, index) => (
                  <th key={index} scope="col" class="number">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, requests, denials, firstDecision, quorum }) => (
                <tr key={name}>
                  <th scope="row">
                    <Name name={name} onLook={onLook} />
                  </th>
                  <td class="number">{requests.toLocaleString('en')}</td>
                  <td class="number">{denials.toLocaleString('en')}</td>
                  {[...cells(firstDecision), ...cells(quorum)].map((cell, index) => (
                    <td key={index} class="number">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {paces.length > MOST && (
        <button type="button" class="link more" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${paces.length.toLocaleString('en')}`}
        </button>
      )}
    </section>
  );
}

function cells(of: Spread | null): [string, string] {
  return of === null ? ['–', '–'] : [span(of.median), span(of.p95)];
}
