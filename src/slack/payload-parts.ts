/** What Slack's payloads have in common: ids, time stamps, triggers, and words as a person typed them. */
import * as v from 'valibot';
import type { SlackDeed } from '../app/ports.ts';

export const Id = v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]{1,40}$/));
export const Timestamp = v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/));

/** A deed, or why the payload is none of ours; `ignored` names fields, never their values. */
export type Parsed<D extends SlackDeed> = { deed: D } | { ignored: string };

/** Why a payload is none, by its first mistake. */
export function notA(what: string, issues: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): { ignored: string } {
  const place = issues[0].path?.map(({ key }) => String(key)).join('.') ?? 'the payload';
  return { ignored: `not ${what}: ${place} is unexpected` };
}

/** Whether the payload comes from another app; `appId` is null where Slack's `hello` did not say whose connection it is. */
export function foreign(payloadApp: string, appId: string | null): boolean {
  return appId !== null && payloadApp !== appId;
}

/** What of a trigger may be recorded: its first two parts are numbers to find it by; the last is a capability for 3 s. */
export function triggerEvidence(trigger: string | undefined): { trigger?: string } {
  if (trigger === undefined) return {};
  const parts = trigger.split('.').slice(0, 2).join('.');
  return { trigger: parts.replace(/[^0-9.]/g, '').slice(0, 60) };
}

/** Slack's three entities as the characters that were typed (docs.slack.dev, "Formatting message text"). */
export function unescapeControl(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What a person typed: addresses without Slack's brackets, entities as characters. Mentions stay as Slack writes them. */
export function typedWords(text: string): string {
  return unescapeControl(text.replace(/<((?:https?|mailto):[^<>|\s]+)(?:\|[^<>]*)?>/g, '$1'));
}
