/** What an auditor does about something that does not hold: one sentence for each kind of finding. */
import type { FindingCode } from '../log/finding.ts';

/** Findings of a log, and what only shows beyond it. */
export type AuditCode =
  | FindingCode
  /** The body says something else than its opening record, or a stranger to the log edited it. */
  | 'body'
  /** A later opening names a record that is not there. */
  | 'head'
  /** A whole issue that later openings name is gone. */
  | 'gone'
  /** Keys that nobody publishes and nobody kept. */
  | 'keys'
  /** All that keeps a bot's records of this issue from counting is that the policy of now lists no workflow that signed them. */
  | 'signer'
  /** Something about the archive of keys. */
  | 'archive'
  /** The policy that the opening names cannot be had. */
  | 'policy'
  /** The text, title or label of the issue was changed in a way that stops nothing. */
  | 'beside'
  /** The issue could not be read now. */
  | 'unread';

const IGNORED = 'Nothing depends on it. Ask its author what it was for if there are many.';
const WHO_DELETED =
  "The issue's timeline says who deleted a comment and when, to those who may write. An export made before holds the record.";

const REMEDIES: Record<AuditCode, string> = {
  malformed: IGNORED,
  'other-issue': 'It was copied here from another request. Ask its author why.',
  'other-request': 'It was copied here from another request. Ask its author why.',
  'not-a-bot': 'Somebody wrote by hand what looks like a record. Ask its author why.',
  'not-signed':
    'Find out which workflow wrote it: its author is an app, and no trusted workflow signed it. Records without any signature count only where the policy says `signers.unsigned: accept`.',
  'wrong-role': 'Look at the run that it names: that job signed what only another job may.',
  'bad-opening': 'Look at the run that it names: it opened a request that does not fit it.',
  'second-opening': 'Look at the run that it names: one issue holds one request.',
  copy: 'Somebody wrote a record again. Ask its author why.',
  edited:
    'Open the comment\'s edit history ("edited" at its head): it says who changed it, when, and what stood there before.',
  deleted: WHO_DELETED,
  missing: WHO_DELETED,
  order: 'Compare with an export made before: no honest job writes a record that stands on a later one.',
  sequence: 'Compare with an export made before: a record is missing, or was never there.',
  'no-opening': WHO_DELETED,
  'key-conflict': "Rely on the issuer's live key of that name; somebody put another one into the archive.",
  body: 'Open the issue\'s edit history ("edited" at its head). What was approved is what the opening record says, not the body.',
  head: 'Make sure that this record is of this request. Where nothing else here says how it went, somebody removed it without a trace; an export made before holds it.',
  gone: "Only administrators delete or move issues: the organization's audit log (issue.destroy, issue.transfer) says who did it. An export made before holds its records.",
  keys: 'Name with --trust an export that was made while GitHub still published them: it holds these keys.',
  signer:
    'Where a workflow was renamed, keep its old path under `signers` in the policy: then its records count again. If it never was one of yours, find out which run wrote them. `git log` of the policy says who changed its signers.',
  archive: 'Rely on live keys and on exports kept elsewhere (--trust) instead of this archive.',
  policy: 'What the policy allowed then can be told from an export made before, which holds its text.',
  beside: "The issue's timeline and edit history say who did it.",
  unread: 'Try again later.',
};

/** What to do about it. */
export function remedyFor(code: AuditCode): string {
  return REMEDIES[code];
}
