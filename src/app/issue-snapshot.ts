/** An issue as one look shows it: its text, who edited that, its comments, and what was deleted. */

/** A comment of an issue as the log needs it. Times are RFC 3339 UTC; `id` orders comments as GitHub wrote them. */
export interface IssueComment {
  id: number;
  /** null for a deleted account (GitHub's "ghost"). */
  author: { id: number; login: string; bot: boolean } | null;
  createdAt: string;
  /** When the body was last edited; null if it never was. */
  editedAt: string | null;
  /** Who edited it last; absent where nobody did or GitHub does not say. */
  editorId?: number;
  body: string;
}

/** One look at an issue and all its comments, oldest first. */
export interface IssueSnapshot {
  number: number;
  url: string;
  open: boolean;
  labels: string[];
  title: string;
  body: string;
  /** Who opened it, which never changes; null for a deleted account. */
  author: IssueComment['author'];
  /** How many comments GitHub says there are; its lists can lag behind this. */
  commentCount: number;
  comments: IssueComment[];
  /** Deleted comments, as the timeline tells: when, whose comment it was (null: unknown), and who did it (absent: unknown). */
  deletions: { at: string; authorId: number | null; authorIsBot?: boolean; actorId?: number }[];
  /** Each edit of the body, the oldest first; GitHub lists the writing of the first text among them. */
  bodyEdits: BodyEdit[];
  /** Changes of the title, the oldest first. */
  renames: { at: string; byLogin: string | null; byIsBot: boolean; from: string; to: string }[];
}

/**
 * Whether a person opened an issue: then it is no request and no archive of keys, whatever its label and whatever was edited or
 * deleted in it, since jobs open both.
 */
export function isPersons({ author }: Pick<IssueSnapshot, 'author'>): boolean {
  return author !== null && !author.bot;
}

/** Who edited an issue's body and when. What it held then can be erased from the history; that somebody edited it cannot. */
export interface BodyEdit {
  at: string;
  /** The whole text as this edit left it; null: GitHub does not say. It documents no form: src/app/body.ts tells whether to believe it. */
  text: string | null;
  /** null, as the login: the account does not exist any more. */
  editorId: number | null;
  editorLogin: string | null;
  editorIsBot: boolean;
  /** Who erased from the history what this edit wrote, and when; null: nobody did. */
  erased: { at: string; byLogin: string | null } | null;
}
