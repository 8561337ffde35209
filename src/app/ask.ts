/** The ask job's beginning: its first requests are on their way before the rest of the program loads. */
import type { RequestView } from '../request/view.ts';
import type { AskInput } from './ask-check.ts';
import type { Delivered } from './delivered.ts';
import type {
  Chat,
  Clock,
  JobIdentity,
  Listener,
  Progress,
  ReceiverAt,
  Repository,
  RepositoryFacts,
  RunFacts,
  Signer,
  SlackPeople,
  Teams,
  TrustSource,
} from './ports.ts';
import type { Reading } from './reading.ts';
import type { DrawIssue } from './show.ts';

export interface AskDeps {
  repository: Repository;
  trust: TrustSource;
  signer: Signer;
  /** This job's own identity, as GitHub's OIDC token states it. */
  identity: () => Promise<JobIdentity>;
  /** Made once the policy is known, since it names the channel; null without Slack tokens. */
  slack: ((channel: string | null) => Promise<{ chat: Chat; listener: Listener | null }>) | null;
  /** Looked up only where the policy names a team; null without a `directory-token`. */
  teams: Teams | null;
  /** null without Slack tokens. */
  slackPeople: SlackPeople | null;
  clock: Clock;
  progress: Progress;
  draw: () => Promise<DrawIssue>;
  /** Told as soon as the issue exists, so that the outputs name it whatever happens next. */
  onIssue: (issue: { number: number; url: string }) => void;
  /** The receiver at the policy's webhook; null without a `webhook-secret`. */
  webhook: ReceiverAt;
  /** Told at the end, where the policy has a webhook: how many of the log's first records it has. */
  onDelivered: (delivered: Delivered) => void;
  signal: AbortSignal;
}

export interface AskContext {
  runId: number;
  job: string;
  serverUrl: string;
  version: string;
  apiIsLoopback: boolean;
  /** Values that must never be shown, masked in all free text of the request. */
  secrets: readonly string[];
}

export interface Asked {
  reading: Reading;
  view: RequestView;
  approved: boolean;
  /** It waits for its decision elsewhere: the gateway goes on with it. */
  handedOver: boolean;
}

/** What the job sees when it looks around first. */
export interface FirstLook {
  facts: RepositoryFacts;
  run: RunFacts;
  job: JobIdentity;
}

/** Asks, waits and tells the end. Throws a Fault when nothing could be asked or when the log broke. */
export async function ask(deps: AskDeps, input: AskInput, context: AskContext): Promise<Asked> {
  const facts = deps.repository.facts({ policyPath: input.policyPath, earlier: true });
  const run = deps.repository.run(context.runId);
  const looking = Promise.all([facts, run, deps.identity()]);
  // Awaited below; a failure that comes while the rest loads must not count as unhandled.
  looking.catch(() => undefined);
  // Loading blocks the turns of the event loop that a request needs to get away: it waits for the first answer.
  await Promise.race([facts, run]);
  const { conduct } = await import('./ask-job.ts');
  const [repositoryFacts, runFacts, job] = await looking;
  return conduct(deps, input, context, { facts: repositoryFacts, run: runFacts, job });
}
