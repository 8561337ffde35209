/** Which workflow run an issue's text says that it belongs to: a hint by which issues are found, and no proof. */

/** A workflow run's attempt. */
export interface Run {
  id: number;
  attempt: number;
}

/**
 * The run that an issue without an opening record says it belongs to: the table's own row, which no user text can
 * begin. Whoever edits it only changes when such an issue is closed, or where a request is looked for.
 */
export function runInBody(body: string): Run | null {
  const [, id, attempt] = /^\| Run \| \[run (\d{1,15}), attempt (\d{1,9})\]/m.exec(body) ?? [];
  return id === undefined || attempt === undefined ? null : { id: Number(id), attempt: Number(attempt) };
}
