/** The turns of phrase that `doctor`'s findings on Slack have in common. */
import type { Finding, Health } from './finding.ts';
import type { SlackFailure } from './slack-inspector.ts';

/** A finding of the table's group `Slack`. */
export function aboutSlack(id: string, health: Health, what: string, remedy: string | null = null): Finding {
  return { id, area: 'Slack', health, what, remedy };
}

/** Why Slack did not tell, to stand after a colon: without what was tried, and without its full stop. */
export function reasonOf({ what }: SlackFailure): string {
  return what.replace(/^Slack: could not [^:]*: /, '').replace(/\.$/, '');
}

/** What to do where something could not be looked at; `scopes` are those that looking needs. */
export function toSee(failure: SlackFailure, scopes: readonly string[]): string {
  return failure.kind === 'scope' ? addScopes(scopes) : failure.remedy;
}

/** Scopes without which people or groups of the policy cannot be looked up when somebody decides. */
const DECIDING = ['users:read', 'usergroups:read', 'users:read.email'];

/** How to give a bot scopes with which it may be looked at; also whether anything else needs them. */
export function addScopes(scopes: readonly string[]): string {
  if (scopes.some((scope) => DECIDING.includes(scope))) return scopeMenu(scopes);
  return `${scopeMenu(scopes)} Only this examination needs ${scopes.length === 1 ? 'it' : 'them'}: requests are asked and decided without.`;
}

/** The way through Slack's menus. */
export function scopeMenu(scopes: readonly string[]): string {
  return `Add ${scopes.join(' and ')} to the Slack app under "OAuth & Permissions", "Bot Token Scopes" (slack-app-manifest.yml, which \`debug-approval init\` writes, lists all), and reinstall it to the workspace.`;
}

/** Names for a sentence, the first ten of them. */
export function named(names: readonly string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return names.slice(0, 10).join(', ') + more;
}
