/** Block Kit drawn as Slack draws it: plain text stays plain, and what is unknown is named instead of left out. */
import { Fragment, type JSX } from 'preact';
import type { BlockButton, BlockText, Block as KnownBlock, RichInline, RichLine } from './blocks.ts';
import { readBlock } from './blocks.ts';
import { PageLink } from './links.tsx';
import { readMrkdwn, type Span } from './mrkdwn.ts';
import { usePage } from './page.ts';

interface Presses {
  /** The label of whatever the buttons belong to, for screen readers. */
  busy: boolean;
  onPress(button: BlockButton): void;
}

/** A message's blocks. */
export function Blocks({ blocks, ...presses }: { blocks: unknown[] } & Presses): JSX.Element {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <Block key={index} block={readBlock(block)} {...presses} />
      ))}
    </div>
  );
}

/** One block; an `input` is a dialog's own matter. */
export function Block({ block, busy, onPress }: { block: KnownBlock } & Presses): JSX.Element | null {
  switch (block.type) {
    case 'header':
      return (
        <h3 class="block-header">
          <Words text={block.text} />
        </h3>
      );
    case 'section':
      return (
        <p class="block-section">
          <Words text={block.text} />
        </p>
      );
    case 'context':
      return (
        <div class="block-context">
          {block.elements.map((text) => (
            <span key={text.text}>
              <Words text={text} />
            </span>
          ))}
        </div>
      );
    case 'divider':
      return <hr class="block-divider" />;
    case 'rich_text':
      return (
        <div class="block-rich">
          {block.elements.map((part, index) => (
            <Rich key={index} part={part} />
          ))}
        </div>
      );
    case 'actions':
      return (
        <div class="block-actions">
          {block.elements.map((button) => (
            <button
              key={button.action_id}
              type="button"
              class={`button button-${button.style ?? 'plain'}`}
              aria-disabled={busy}
              aria-label={button.accessibility_label}
              data-action={button.action_id}
              onClick={() => onPress(button)}
            >
              {button.text.text}
            </button>
          ))}
        </div>
      );
    case 'unread':
      return (
        <p class="block-unread">(Slack shows a block of the type “{block.name}” here; this page does not draw it.)</p>
      );
    case 'input':
      return null;
  }
}

function Rich({ part }: { part: Extract<KnownBlock, { type: 'rich_text' }>['elements'][number] }): JSX.Element {
  if (part.type !== 'rich_text_list') return <Line part={part} />;
  const items = part.elements.map((line, index) => (
    <li key={index}>
      <Line part={line} />
    </li>
  ));
  return part.style === 'ordered' ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function Line({ part }: { part: RichLine }): JSX.Element {
  const inside = part.elements.map((element, index) => <Inline key={index} element={element} />);
  if (part.type === 'rich_text_quote') return <blockquote>{inside}</blockquote>;
  if (part.type === 'rich_text_preformatted') return <pre>{inside}</pre>;
  return <p class={isFact(part.elements) ? 'fact' : undefined}>{inside}</p>;
}

/** The card's facts are a bold name and its value: set in two columns they are read at a glance. */
function isFact(elements: RichInline[]): boolean {
  const [name, ...value] = elements;
  return name?.type === 'text' && name.style?.bold === true && value.length > 0;
}

function Inline({ element }: { element: RichInline }): JSX.Element {
  switch (element.type) {
    case 'text':
      return <Styled text={element.text} style={element.style} />;
    case 'link':
      return <PageLink url={element.url}>{element.text ?? element.url}</PageLink>;
    case 'user':
      return <Mention id={element.user_id} />;
  }
}

function Styled({
  text,
  style = {},
}: {
  text: string;
  style: Extract<RichInline, { type: 'text' }>['style'];
}): JSX.Element {
  if (style.code === true) return <code>{text}</code>;
  if (style.bold === true) return <strong>{text}</strong>;
  if (style.italic === true) return <em>{text}</em>;
  if (style.strike === true) return <s>{text}</s>;
  return <Fragment>{text}</Fragment>;
}

/** A text object: plain text is shown exactly, mrkdwn is read. */
export function Words({ text }: { text: BlockText }): JSX.Element {
  if (text.type === 'plain_text') return <Fragment>{text.text}</Fragment>;
  return (
    <Fragment>
      {readMrkdwn(text.text).map((span, index) => (
        <SpanOf key={index} span={span} />
      ))}
    </Fragment>
  );
}

function SpanOf({ span }: { span: Span }): JSX.Element {
  switch (span.kind) {
    case 'text':
      return <Fragment>{span.text}</Fragment>;
    case 'strong':
      return <strong>{span.text}</strong>;
    case 'em':
      return <em>{span.text}</em>;
    case 'code':
      return <code>{span.text}</code>;
    case 'user':
      return <Mention id={span.id} />;
    case 'broadcast':
      return <span class="mention mention-me">@{span.to}</span>;
    case 'date':
      return <time dateTime={span.at.toISOString()}>{shownDate(span.at) ?? span.fallback}</time>;
    case 'link':
      return <PageLink url={span.url}>{span.text}</PageLink>;
  }
}

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

function shownDate(at: Date): string | null {
  return Number.isNaN(at.getTime()) ? null : DATE.format(at);
}

function Mention({ id }: { id: string }): JSX.Element {
  const { scene, as } = usePage();
  const name = scene.people.find(({ slack }) => slack === id)?.name ?? id;
  return <span class={as.slack === id ? 'mention mention-me' : 'mention'}>@{name}</span>;
}
