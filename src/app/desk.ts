/** A job's working place: the adapters it uses, whose signatures it believes, and as whom it writes. */

import type { Writer } from '../log/record.ts';
import type { Trust } from '../log/trust.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Retention } from '../policy/retention.ts';
import type { Policy } from '../policy/schema.ts';
import type { RedactionChoice } from '../redact/redactor.ts';
import type { EventOf } from '../request/events.ts';
import type { Deliveries } from './ask-deliveries.ts';
import { Fault } from './fault.ts';
import { type RenewKeys, renewing } from './new-keys.ts';
import type {
  Chat,
  Clock,
  JobIdentity,
  PolicyFile,
  Progress,
  Repository,
  RepositoryFacts,
  Signer,
  SlackPeople,
  Teams,
  TrustSource,
} from './ports.ts';
import type { Known } from './reading.ts';
import type { DrawIssue } from './show.ts';

/** What is masked in texts. */
export interface Redaction {
  /** Values that must not stand in any record. */
  secrets: readonly string[];
  /** By the policy of now, not the request's. */
  choice: RedactionChoice;
}

export interface Desk {
  repository: Repository;
  signer: Signer;
  chat: Chat | null;
  /** Who is in GitHub's teams; null without a `directory-token`. */
  teams: Teams | null;
  /** What Slack knows of people; null without its tokens. */
  slackPeople: SlackPeople | null;
  clock: Clock;
  progress: Progress;
  /** How an issue's text is drawn, to tell whether it still says what was asked, and by which version of this program. */
  draw: DrawIssue;
  version: string;
  /** Grows where a record names a key that was published later. */
  trust: Trust;
  renewKeys: RenewKeys;
  /** Who signs what is written here. */
  writer: Writer;
  /** `owner/name` and where people see it, without a slash at the end. */
  repositoryName: string;
  serverUrl: string;
  policies: PolicyShelf;
  /** Refused attempts that wait to be counted in the next record, per issue and account. */
  uncounted: Map<number, Record<string, number>>;
  /** `<issue> <account>` of refused attempts that this job has put on record: GitHub's lists lag behind that. */
  refused: Set<string>;
  /** `<issue> <code> <account>` of refused comments whose author has had an answer from this job. */
  answered: Set<string>;
  /** What was answered to deeds in Slack that are refused for good, by `<issue> <deed> <account>`: repeating them costs no reads. */
  refusedForGood: Map<string, string>;
  /** The requests that this job has read, by issue: hints of what to look up before the log is read anew. */
  opened: Map<number, { policy: Policy; opening: EventOf<'requested'>; approved: readonly string[] }>;
  /** What the gateway keeps from one reading to the next. */
  known?: Known;
  /** The issues whose log or text a deed met broken or changed: whoever waits for one of them looks at it. */
  doubted: Set<number>;
  /** For how long after its end what a request shared stays; by the policy of now, not the request's. */
  retention: Retention;
  /** Whether the policy has a webhook: an issue says until the end that its records are still to be delivered. */
  hasWebhook: boolean;
  /** The ask job's; null without a webhook, and in any other job. */
  deliveries: Deliveries | null;
  /** For what people write, before it is recorded or shown. */
  redaction: Redaction;
}

/** What a job has in hand once it has read the policy on the default branch. */
export interface DeskParts {
  deps: Pick<Desk, 'repository' | 'signer' | 'clock' | 'progress' | 'draw'> & { trust: TrustSource };
  facts: RepositoryFacts;
  writer: Writer;
  policy: Policy;
  file: PolicyFile;
  context: { serverUrl: string; version: string; apiIsLoopback: boolean; secrets?: readonly string[] };
  chat: Chat | null;
  teams?: Teams | null;
  slackPeople?: SlackPeople | null;
}

/** A job as the writer of its records; `name` is its key in the workflow. */
export function writerOf({ run, environment }: JobIdentity, name: string): Writer {
  return { run: run.id, attempt: run.attempt, job: name, environment };
}

/** Sets up a job's desk; fetches the keys of the issuers that the policy trusts. Throws a Fault `oidc`. */
export async function openDesk(parts: DeskParts): Promise<Desk> {
  const { deps, facts, writer, policy, file, context, chat, teams = null, slackPeople = null } = parts;
  const { repository, signer, clock, progress, draw } = deps;
  const fetchTrust = () => deps.trust.trust(facts, policy.signers);
  const desk: Desk = {
    ...{ repository, signer, clock, progress, draw, chat, teams, slackPeople },
    trust: await fetchTrust(),
    renewKeys: (why) => renew(why),
    writer,
    repositoryName: facts.name,
    serverUrl: context.serverUrl,
    version: context.version,
    policies: policyShelf(repository, { blob: file.blob, policy }, context.apiIsLoopback),
    uncounted: new Map(),
    refused: new Set(),
    answered: new Set(),
    refusedForGood: new Map(),
    opened: new Map(),
    doubted: new Set(),
    retention: policy.retention,
    hasWebhook: policy.webhook !== null,
    deliveries: null,
    redaction: { secrets: context.secrets ?? [], choice: policy.redaction },
  };
  const renew = renewing(desk, fetchTrust, desk);
  return desk;
}

/** Policies by their git blob id, each read and parsed once. */
export interface PolicyShelf {
  get(blob: string): Promise<Policy>;
}

/** A shelf that fetches what it does not hold; `known` is what the job has read already. */
export function policyShelf(
  repository: Pick<Repository, 'blob'>,
  known: { blob: string; policy: Policy },
  apiIsLoopback: boolean,
): PolicyShelf {
  const shelf = new Map<string, Promise<Policy>>([[known.blob, Promise.resolve(known.policy)]]);
  const load = async (blob: string): Promise<Policy> => {
    const text = await repository.blob(blob);
    if (text === null) {
      throw new Fault(
        'policy',
        `The policy ${blob} that this request names does not exist in the repository.`,
        'Ask anew.',
      );
    }
    const loaded = loadPolicy(text, { apiIsLoopback });
    if (loaded.ok) return loaded.policy;
    throw new Fault('policy', `The policy ${blob} that this request names cannot be read any more.`, 'Ask anew.');
  };
  return {
    get(blob) {
      const found = shelf.get(blob);
      if (found !== undefined) return found;
      const policy = load(blob);
      shelf.set(blob, policy);
      policy.catch(() => shelf.delete(blob));
      return policy;
    },
  };
}
