/** What `doctor` says of one thing it looked at. */

/**
 * `ok`: as it should be. `wrong`: would keep a request from being decided or from being safe. `note`: works and is safe,
 * yet worth knowing. `unknown`: could not be looked at from here; `remedy` says from where it can.
 */
export type Health = 'ok' | 'wrong' | 'note' | 'unknown';

export interface Finding {
  /** What was looked at, stable for machines: `policy`, `environment.production.branches`, `slack.channel.guests`. */
  id: string;
  /** The table's group: `Repository`, `Policy`, `Environments`, `Workflows`, `People`, `Slack`, `Job`. */
  area: 'Repository' | 'Policy' | 'Environments' | 'Workflows' | 'People' | 'Slack' | 'Job';
  health: Health;
  /** One sentence with real values: what is so. */
  what: string;
  /** What to do about it, one or two sentences; null where nothing is to be done. */
  remedy: string | null;
}
