/** What a sweep works with. */
import type {
  Chat,
  Clock,
  JobIdentity,
  KeyArchive,
  Progress,
  ReceiverAt,
  Repository,
  Signer,
  SlackPeople,
  Teams,
  TrustSource,
} from './ports.ts';
import type { Shared } from './purge.ts';
import type { DrawIssue } from './show.ts';

export interface SweepDeps {
  repository: Repository;
  trust: TrustSource;
  signer: Signer;
  identity: () => Promise<JobIdentity>;
  slack: ((channel: string | null) => Promise<{ chat: Chat }>) | null;
  /** null without Slack's token. */
  slackPeople: SlackPeople | null;
  /** Who is in GitHub's teams; null without a `directory-token`. */
  teams: Teams | null;
  keyArchive: KeyArchive;
  shared: Shared;
  /** The receiver at the policy's webhook; null without a `webhook-secret`. */
  webhook: ReceiverAt;
  clock: Clock;
  progress: Progress;
  draw: DrawIssue;
}
