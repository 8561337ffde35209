/** The approval dialog's fixed parts, by which it is drawn and, when it comes back, known again. */

export const DIALOG_CALLBACK = 'debug-approval:approval';
export const CHECKLIST_BLOCK = 'debug-approval:checklist';
export const COMMENT_BLOCK = 'debug-approval:comment';
/** Each of the two blocks holds one field. */
export const FIELD_ACTION = 'field';

/** Slack's limit of what a view carries for us (docs.slack.dev, "Views"). */
export const METADATA_MAX = 3000;
/** Ours: a comment is a part of one record, whose room is limited. */
export const COMMENT_MAX = 2000;

export const SUBMIT = 'Approve';
export const CANCEL = 'Cancel';
export const CHECKLIST_LABEL = 'Tick each item once you have checked it';
export const COMMENT_LABEL = 'Comment';

/** Every text of the dialog that is the same for all requests, by its place. */
export const FIXED_TEXTS: ReadonlyMap<string, string> = new Map([
  ['submit', SUBMIT],
  ['close', CANCEL],
  [`${CHECKLIST_BLOCK}/label`, CHECKLIST_LABEL],
  [`${COMMENT_BLOCK}/label`, COMMENT_LABEL],
]);
