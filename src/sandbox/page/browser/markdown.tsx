/** GitHub's Markdown as elements: nothing of a text ever becomes HTML, save the collapsible blocks that GitHub knows. */
import type { Nodes, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { Fragment, type JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { type Folded, fold, isTooDeep } from './fold.ts';
import { PageLink } from './links.tsx';

/** A body as GitHub shows it. */
export function Markdown({ text }: { text: string }): JSX.Element {
  const nodes = useMemo(() => drawable(text), [text]);
  return <div class="markdown">{nodes === null ? <Pre text={text} /> : nodes.map(keyed)}</div>;
}

/** null: too deep to be drawn. */
function drawable(text: string): Folded[] | null {
  const nodes = parse(text);
  return isTooDeep(nodes) ? null : fold(nodes);
}

function parse(text: string): RootContent[] {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children;
}

function keyed(node: Folded, index: number): JSX.Element {
  return <Node key={index} node={node} />;
}

function inside(children: Nodes[]): JSX.Element {
  return (
    <Fragment>
      {children.map((node, index) => (
        <Node key={index} node={node} />
      ))}
    </Fragment>
  );
}

function Node({ node }: { node: Folded | Nodes }): JSX.Element | null {
  switch (node.type) {
    case 'details':
      return (
        <details class="fold">
          <summary>{node.summary}</summary>
          {node.children.map(keyed)}
        </details>
      );
    case 'heading':
      // Below the page's own, whatever the body says: a heading that skips a level misleads a screen reader.
      return <h4>{inside(node.children)}</h4>;
    case 'paragraph':
      return <p>{inside(node.children)}</p>;
    case 'text':
      return <Fragment>{node.value}</Fragment>;
    case 'strong':
      return <strong>{inside(node.children)}</strong>;
    case 'emphasis':
      return <em>{inside(node.children)}</em>;
    case 'delete':
      return <del>{inside(node.children)}</del>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return node.lang === 'json' ? <Json text={node.value} /> : <Pre text={node.value} />;
    case 'blockquote':
      return <blockquote>{inside(node.children)}</blockquote>;
    case 'list':
      return node.ordered === true ? <ol>{inside(node.children)}</ol> : <ul>{inside(node.children)}</ul>;
    case 'listItem':
      return <li>{inside(node.children)}</li>;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'link':
      return <PageLink url={node.url}>{inside(node.children)}</PageLink>;
    case 'image':
      return <span class="link-off">{node.alt}</span>;
    case 'table':
      return <Table rows={node.children.map(({ children }) => children)} />;
    case 'html':
      // GitHub hides comments; any other HTML is shown as the text that it is.
      return node.value.startsWith('<!--') ? null : <span class="raw">{node.value}</span>;
    default:
      return 'children' in node ? inside(node.children) : null;
  }
}

function Table({ rows }: { rows: Nodes[][] }): JSX.Element {
  const [head = [], ...body] = rows;
  const empty = head.every((cell) => 'children' in cell && cell.children.length === 0);
  return (
    <section
      class="table"
      aria-label="Table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
      tabIndex={0}
    >
      <table>
        {!empty && (
          <thead>
            <tr>{cells(head, 'th')}</tr>
          </thead>
        )}
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cells(row: Nodes[], Cell: 'th' | 'td'): JSX.Element[] {
  return row.map((cell, index) => <Cell key={index}>{'children' in cell && inside(cell.children)}</Cell>);
}

function Pre({ text }: { text: string }): JSX.Element {
  return <pre>{text}</pre>;
}

/** A record's line, set out so that people can read it; where it is no JSON (any more), as it stands. */
function Json({ text }: { text: string }): JSX.Element {
  const shown = useMemo(() => setOut(text), [text]);
  return <pre class="json">{shown}</pre>;
}

function setOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    // Somebody may have edited it: that is for the mark to say, and for the eye to see.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
