/** What the sandbox's page shows and what one can do on it: the contract between its server and the browser. */

/** Somebody of the sandbox, as whom one may act. */
export interface ScenePerson {
  /** `ana`. */
  key: string;
  name: string;
  login: string;
  /** Slack's user id; null for whoever is not in Slack. */
  slack: string | null;
  /** The policy's groups. */
  groups: string[];
  /** Whether the policy links this person's Slack account: without the link a press of theirs is a stranger's. */
  slackLinked: boolean;
}

/** One field of "Run workflow", as debug.yml declares it. */
export interface SceneField {
  name: string;
  description: string;
  type: 'choice' | 'string' | 'boolean' | 'number';
  required: boolean;
  default: string;
  /** Of a choice; else empty. */
  options: string[];
}

/**
 * A message in the channel, with its thread. `blocks` is the real Block Kit. Private answers stand among the messages, by
 * their time, as those of one member.
 */
export interface SceneMessage {
  ts: string;
  author: { name: string; bot: boolean };
  text: string;
  blocks: unknown[];
  /** Slack user ids that were notified. */
  pings: string[];
  /** Set where only this Slack user sees the message. */
  onlyFor: string | null;
  thread: SceneMessage[];
}

/** A dialog (modal view) that stands open for one member. */
export interface SceneDialog {
  /** Slack's user id. */
  user: string;
  viewId: string;
  view: unknown;
}

/** What the product's own verifier says of one comment. */
export type Mark =
  | { kind: 'verified'; seq: number }
  | { kind: 'broken'; why: string }
  /** Counts for nothing, as the rule says: a plain comment, or somebody's imitation of a record. */
  | { kind: 'plain'; why: string | null };

export interface SceneComment {
  id: number;
  author: { name: string; bot: boolean };
  at: string;
  edited: boolean;
  /** The comment as it stands, Markdown. */
  body: string;
  mark: Mark;
}

export interface SceneIssue {
  number: number;
  title: string;
  body: string;
  open: boolean;
  labels: string[];
  /** The request's state, as its verified log folds: `opening` before its first record, `error` where the log does not hold. */
  status: string;
  comments: SceneComment[];
  /** What breaks the log, each a sentence; empty while it is whole. */
  broken: string[];
}

export interface SceneJob {
  key: string;
  environment: string | null;
  status: 'waiting' | 'in_progress' | 'completed';
  /** null until completed. */
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  /** Masked lines, oldest first; only the last 2,000, and then the first line says how many are left out. */
  log: { step: string; stream: 'stdout' | 'stderr' | 'runner'; text: string }[];
}

/** One attempt of a run: `id` and `attempt` together name it. Oldest first. A deed names the run, and means its latest attempt. */
export interface SceneRun {
  id: number;
  attempt: number;
  /** The run's name, such as "Debug hello on production". */
  name: string;
  /** A person's key. */
  by: string;
  status: 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | null;
  /** The issue of its request; null until one is opened. */
  issue: number | null;
  jobs: SceneJob[];
  /** What the attempt uploaded and nobody deleted. */
  artifacts: SceneArtifact[];
}

export interface SceneArtifact {
  name: string;
  /** In bytes. */
  size: number;
  /** `sha256:…` */
  digest: string;
  /** When GitHub lets it go by itself, RFC 3339. */
  expiresAt: string;
}

/** One thing that just happened, and which rule held. */
export interface Lesson {
  id: number;
  /** `step`: the story goes on; `held`: a rule refused or showed something; `attack`: what was just tried. */
  tone: 'step' | 'held' | 'attack';
  title: string;
  text: string;
  /** The rule in words, with where it is proved; null where none is in play. */
  rule: { number: number; words: string } | null;
}

export interface SceneAttack {
  id: string;
  label: string;
  /** What it tries, and what one will see. */
  explains: string;
  /** null: it can be tried now; else what it waits for. */
  unavailable: string | null;
}

/** Each part is sent anew when it changed. */
export interface Scene {
  /** `acme/shop`. */
  repository: string;
  channelName: string;
  people: ScenePerson[];
  form: SceneField[];
  messages: SceneMessage[];
  dialogs: SceneDialog[];
  /** What the app and its people wrote to each other directly; each is `onlyFor` that one member. Oldest first. */
  directs: SceneMessage[];
  issues: SceneIssue[];
  runs: SceneRun[];
  lessons: Lesson[];
  attacks: SceneAttack[];
}

/** What stands in a dialog's fields: by block, then by action. */
type Values = Record<string, Record<string, unknown>>;

/** What a person does on the page; `as` is a person's key. Sent as JSON to `POST /do`. */
export type Deed =
  | { do: 'run'; as: string; inputs: Record<string, string> }
  | { do: 'press'; as: string; ts: string; actionId: string }
  | { do: 'submit'; as: string; viewId: string; values: Values }
  | { do: 'choose'; as: string; viewId: string; blockId: string; actionId: string; values: Values }
  | { do: 'dismiss'; as: string; viewId: string }
  | { do: 'say'; as: string; text: string; threadTs: string | null }
  | { do: 'comment'; as: string; issue: number; body: string }
  | { do: 'rerun'; as: string; run: number; mode: 'all' | 'failed' | 'debug' }
  | { do: 'cancel'; as: string; run: number }
  | { do: 'sweep'; as: string }
  | { do: 'attack'; id: string };

/** What `POST /do` answers; `fields` is what Slack shows at the fields of a dialog that stays open, by their blocks. */
export type DeedAnswer = { ok: true } | { ok: false; why: string; fields?: Record<string, string> };

/**
 * The page's addresses, on loopback only:
 * `GET /` the page, `GET /assets/…` its files, `GET /scene` the whole scene as JSON,
 * `GET /events` server-sent events, each `data: {"part": keyof Scene, "value": …}` (first one for every part),
 * `POST /do` a deed.
 */
export type ScenePart = { [Part in keyof Scene]: { part: Part; value: Scene[Part] } }[keyof Scene];
