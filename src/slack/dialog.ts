/** The dialogs in Slack, as modal views: while one is prepared, to approve in, and to say why there is none. Pure. */
import type {
  KnownBlock,
  ModalView,
  RichTextBlockElement,
  RichTextElement,
  RichTextSection,
  RichTextText,
} from '@slack/types';
import { Fault } from '../app/fault.ts';
import type { DialogContent } from '../app/ports.ts';
import type { ApprovalDialog } from '../request/dialog.ts';
import { visible } from '../request/plain-text.ts';
import {
  CANCEL,
  CHECKLIST_BLOCK,
  CHECKLIST_LABEL,
  COMMENT_BLOCK,
  COMMENT_LABEL,
  COMMENT_MAX,
  DIALOG_CALLBACK,
  FIELD_ACTION,
  METADATA_MAX,
  SUBMIT,
} from './dialog-parts.ts';
import { formView, listView } from './form.ts';
import { cut, plain } from './inert.ts';

const TITLE = 'Debug approval';
/** Slack's limit of a section's text (docs.slack.dev, Block Kit reference). */
const SECTION_MAX = 3000;

/** What stands there while the log is read: it cannot be sent off. */
export function loadingView(words = 'Reading what is asked from the log of its records…'): ModalView {
  return saying(words, CANCEL);
}

/** Draws what a dialog is filled with. Throws a Fault `slack` for metadata that no view can carry. */
export function viewFor(content: DialogContent): ModalView {
  if (content.kind === 'message') return saying(content.text, 'Close');
  if (content.kind === 'form') return formView(content.form, content.metadata);
  if (content.kind === 'list') return listView(content);
  if (content.metadata.length > METADATA_MAX) {
    throw new Fault(
      'slack',
      `Slack: the dialog cannot carry ${content.metadata.length} characters, only ${METADATA_MAX}.`,
      'This is a defect of the action: please report it. Decide by a comment on the issue (/approve or /deny).',
    );
  }
  return approvalView(content);
}

function saying(text: string, close: string): ModalView {
  const shown = visible(text).trim();
  const words = plain(cut(shown === '' ? '—' : shown, SECTION_MAX));
  return { type: 'modal', title: plain(TITLE), close: plain(close), blocks: [{ type: 'section', text: words }] };
}

/** Each text as the dialog has it, unchanged, in its order: Slack gives them back, and they must be the same then. */
function approvalView(content: Extract<DialogContent, { kind: 'approval' }>): ModalView {
  const { dialog, comment, metadata } = content;
  return {
    type: 'modal',
    callback_id: DIALOG_CALLBACK,
    private_metadata: metadata,
    title: plain(dialog.title),
    submit: plain(SUBMIT),
    close: plain(CANCEL),
    blocks: [...facts(dialog), ...notices(dialog), ...checklist(dialog), commentField(comment)],
  };
}

function facts({ facts }: ApprovalDialog): KnownBlock[] {
  const lines = facts.flatMap(({ label, text, kind }): RichTextBlockElement[] => {
    if (kind === 'words') return [section(...bold(`${label}  `), ...words(text))];
    return [section(...bold(label)), { type: 'rich_text_preformatted', elements: words(text) }];
  });
  const elements = lines.filter((line) => line.elements.length > 0);
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
}

function notices({ notices }: ApprovalDialog): KnownBlock[] {
  const elements = notices.map((notice) => section(...words(notice))).filter(({ elements }) => elements.length > 0);
  if (elements.length === 0) return [];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements }] }];
}

function checklist({ checklist }: ApprovalDialog): KnownBlock[] {
  if (checklist.length === 0) return [];
  return [
    {
      type: 'input',
      block_id: CHECKLIST_BLOCK,
      label: plain(CHECKLIST_LABEL),
      // Required, since a phone would write "(optional)" beside it; which items are missing is our own answer.
      optional: false,
      element: {
        type: 'checkboxes',
        action_id: FIELD_ACTION,
        options: checklist.map((item, index) => ({ text: plain(item), value: String(index) })),
      },
    },
  ];
}

/** Slack refuses words of which a part is not to be seen, or more than the field takes. */
function commentField(comment: string): KnownBlock {
  const typed = cut(visible(comment).trim(), COMMENT_MAX);
  return {
    type: 'input',
    block_id: COMMENT_BLOCK,
    label: plain(COMMENT_LABEL),
    optional: true,
    element: {
      type: 'plain_text_input',
      action_id: FIELD_ACTION,
      multiline: true,
      max_length: COMMENT_MAX,
      ...(typed === '' ? {} : { initial_value: typed }),
    },
  };
}

function section(...elements: RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements };
}

/** Rich text is literal. An empty one would be refused. */
function words(text: string): RichTextText[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function bold(text: string): RichTextText[] {
  return text.trim() === '' ? [] : [{ type: 'text', text, style: { bold: true } }];
}
