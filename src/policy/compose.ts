/** The text of a repository's first policy, with comments for whoever reads one for the first time. */
import { stringify } from 'yaml';
import { durationSeconds } from './duration.ts';
import type { Person } from './schema.ts';

/** What is known of the repository and was answered. Nothing is checked here: that is `loadPolicy`'s part. */
export interface FirstPolicy {
  /** `owner/name`. */
  repository: string;
  branch: string;
  /** Addresses of the published schema and of the manual of all keys. */
  schema: string;
  manual: string;
  public: boolean;
  adminBypass: 'forbid' | 'show';
  /** By key. */
  people: Readonly<Record<string, Person>>;
  /** Keys of people. */
  requesters: readonly string[];
  approvers: readonly string[];
  /** Environments by the target's key. */
  targets: Readonly<Record<string, string>>;
  /** As `2h`. */
  expiry: string;
  window: string;
  /** The channel's id; null: without Slack. */
  channel: string | null;
  /** null: github.com's. */
  issuer: string | null;
  /** Paths of the workflows that write records. */
  workflows: readonly string[];
}

/** The groups that the first policy has. */
export const FIRST_GROUPS = { requesters: 'requesters', approvers: 'approvers' } as const;

/** The harmless runbook that the first request runs. */
export const FIRST_RUNBOOK = { key: 'hello', script: '.github/runbooks/hello.sh', window: '5m' } as const;

/** The policy's text. */
export function composePolicy(first: FirstPolicy): string {
  return `${[head(first), people(first), places(first), rules(), limits(first), leavings(), trust(first)].join('\n\n')}\n`;
}

function head({ schema, repository, branch, manual, public: open, adminBypass }: FirstPolicy): string {
  return `# yaml-language-server: $schema=${schema}
# The policy of ${repository}: who may ask to debug, who must approve, and what exactly may then run.
# Only what stands on ${branch} counts. After each change: debug-approval policy check
# Every key is explained at ${manual}
version: 1

# Everybody who can read the repository reads reasons and records. In a public one that is the whole world: only \`true\`
# allows it.
public: ${open}

# Where administrators could bypass an environment's protection: \`forbid\` refuses to ask, \`show\` says so on each request.
admin-bypass: ${adminBypass}`;
}

function people({ people: all, requesters, approvers }: FirstPolicy): string {
  return `# One entry for each human: nothing else says which accounts are the same person. The next one is added by
#   debug-approval policy add-person LOGIN @HANDLE --group ${FIRST_GROUPS.approvers}
# Whoever has no \`slack\` decides by a comment on the request's issue.
people:
${Object.entries(all)
  .map((entry) => `  ${flow(Object.fromEntries([entry])).slice(2, -2)}`)
  .join('\n')}

groups:
  # Those who may ask.
  ${FIRST_GROUPS.requesters}: { members: ${flow(requesters)} }
  # Those who may approve what others ask: nobody approves their own request.
  ${FIRST_GROUPS.approvers}: { members: ${flow(approvers)} }

requesters: [${FIRST_GROUPS.requesters}]`;
}

function places({ targets, window }: FirstPolicy): string {
  const keys = Object.keys(targets);
  return `# Where a runbook may run. Each target has its protected GitHub environment, which holds the target's secrets. Rules may
# name targets by their tier.
targets:
${Object.entries(targets)
  .map(([key, environment]) => `  ${key}: ${flow({ environment, tier: key })}`)
  .join('\n')}

# The reviewed debug procedures. \`run\` is the command, one element for each argument: no shell reads it. A new one, like a
# new target, also needs its place in the lists of choices in .github/workflows/debug.yml.
runbooks:
  ${FIRST_RUNBOOK.key}:
    title: Say hello, to try everything harmlessly
    run: ${flow([FIRST_RUNBOOK.script])}
    targets: ${flow(keys)}
    risk: low
    window: ${shorter(FIRST_RUNBOOK.window, window)}`;
}

function rules(): string {
  return `# Who must approve: every rule that applies must be met. A stricter one, for what may do harm:
#   - name: Two people look at what is risky
#     when: { risks: [high] }
#     require: { count: 2, of: ${FIRST_GROUPS.approvers} }
rules:
  - name: Somebody else looks at everything
    require: { count: 1, of: ${FIRST_GROUPS.approvers} }

# A reason has at least so many characters.
reason: { min-length: 10 }`;
}

function limits({ expiry, window, channel }: FirstPolicy): string {
  const where =
    channel === null
      ? `# Approvers are asked on the request's issue alone. For Slack, name a channel's id here:
# slack: { channel: C012AB3CD }`
      : `# The channel in which approvers are asked, by its id.
slack: ${flow({ channel })}`;
  return `# The longest that a request waits for approval, and that a debug job may run. The \`timeout-minutes\` of the jobs ask and
# debug in .github/workflows/debug.yml must outlast them.
expiry: ${expiry}
window: ${window}

${where}`;
}

/** What most teams want some time, and nobody wants by surprise. */
function leavings(): string {
  return `# What a request shared beside its issue is deleted by the sweep so long after its end; left out, it stays:
# retention: { slack: 30d, transcript: 30d, run-logs: 90d }
# Secrets and personal data are masked in what commands print; here, values that stay and patterns of your own that go:
# redaction: { allow: [support@example.com], patterns: [{ id: order-number, pattern: 'ORD-[0-9]{8}' }] }`;
}

function trust({ issuer, workflows }: FirstPolicy): string {
  return `# Whose signatures on records count: those of these workflows on the default branch.
signers:
${issuer === null ? '' : `  issuer: ${flow(issuer)}\n`}  workflows: ${flow(workflows)}`;
}

/** On one line, quoted where YAML needs it. */
function flow(value: unknown): string {
  return stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: !Array.isArray(value),
  }).trim();
}

function shorter(one: string, other: string): string {
  return (durationSeconds(other) ?? 0) < (durationSeconds(one) ?? 0) ? other : one;
}
