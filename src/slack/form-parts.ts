/** How a form's fields are named in Slack: by which it is drawn and, when it comes back, read. */

export const FORM_CALLBACK = 'debug-approval:form';
const BLOCK = 'debug-approval:form:';

/** Ours: a field's name is short, and says nothing to anybody. */
const NAME = /^[a-z][a-z0-9.-]{0,80}$/;

export function blockOf(field: string): string {
  return `${BLOCK}${field}`;
}

/** The field that a block holds; null: the block is none of a form's. */
export function fieldOf(block: string): string | null {
  const name = block.startsWith(BLOCK) ? block.slice(BLOCK.length) : '';
  return NAME.test(name) ? name : null;
}

/** Slack keeps what was filled in where block and action are the same: of another runbook it must not. */
export function actionOf(of: string): string {
  return `field ${of}`.slice(0, 255);
}
