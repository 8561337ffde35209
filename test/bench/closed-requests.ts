/** Closed requests of the sandbox with true logs, a card, a transcript and run logs, made without the jobs that would take minutes. */
import { WebClient } from '@slack/web-api';
import { parseApiAddress } from '../../src/github/api-address.ts';
import { createClient } from '../../src/github/client.ts';
import { issueContent } from '../../src/github/issue.ts';
import { trustFor } from '../../src/github/keys.ts';
import { signer } from '../../src/github/oidc.ts';
import { createRepository } from '../../src/github/repository.ts';
import { nextRecord, readLog } from '../../src/log/chain.ts';
import { renderComment } from '../../src/log/comment.ts';
import { signedRecord } from '../../src/log/record.ts';
import type { Trust } from '../../src/log/trust.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/schema.ts';
import type { Actor, Event, EventOf } from '../../src/request/events.ts';
import { present } from '../../src/request/present.ts';
import { type Request, requestDigest } from '../../src/request/request.ts';
import { fold } from '../../src/request/state.ts';
import { CHANNEL, OWNER, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';

const NAME = `${OWNER}/${REPOSITORY}`;
const PERMISSIONS = { contents: 'read', issues: 'write', actions: 'write', 'id-token': 'write' } as const;
const POLICY = '.github/debug-approval.yml';
const MARKS = ['debug:shared', 'debug:transcript', 'debug:run-logs'];
const ENVIRONMENT = 'staging';

/** A job with all that its adapters need. Throws where an environment does not admit it. */
export function jobOf(town: Town, place: { run: number; key: string; environment: string }) {
  const job = town.github.startJob({ runId: place.run, attempt: 1, ...place, permissions: PERMISSIONS });
  if (job.kind === 'refused' || job.oidc === null) throw new Error('The sandbox gave the job nothing to sign with.');
  const api = parseApiAddress(town.github.apiUrl);
  const client = createClient({ api, token: job.token, version: '0.1.0', job: place.key });
  const oidc = { url: job.oidc.requestUrl, token: job.oidc.requestToken };
  return { ...place, id: job.jobId, client, oidc, repository: createRepository(client, NAME), signer: signer(oidc) };
}
type Job = ReturnType<typeof jobOf>;

/** A run of a workflow on the default branch. */
export function runOf(town: Town, sha: string, workflowPath: string, event: 'workflow_dispatch' | 'schedule'): number {
  const actor = { id: PEOPLE.ana.id, login: PEOPLE.ana.login };
  const { id } = town.github.startRun({
    workflowPath,
    event,
    ref: 'refs/heads/main',
    sha,
    actor,
    triggeringActor: actor,
  });
  return id;
}

/** Makes so many, each approved, run and closed; what each shared stands where it should. */
export async function makeClosed(town: Town, count: number, sha: string): Promise<void> {
  const web = new WebClient(town.slackToken, { slackApiUrl: town.slack.url });
  let trust: Trust | null = null;
  for (let n = 0; n < count; n += 1) {
    const run = runOf(town, sha, '.github/workflows/debug.yml', 'workflow_dispatch');
    const ask = jobOf(town, { run, key: 'ask', environment: 'debug-approval' });
    const debug = jobOf(town, { run, key: 'debug', environment: ENVIRONMENT });
    const facts = await ask.repository.facts({ policyPath: POLICY });
    const loaded = loadPolicy(facts.policy?.text ?? '', { apiIsLoopback: true });
    if (!loaded.ok || facts.policy === null) throw new Error('The sandbox has no policy that holds.');
    trust ??= await trustFor(facts, loaded.policy.signers, { apiIsLoopback: true });
    const asked = requestOf(facts.id, run, sha, facts.policy.blob);
    const { number } = await ask.repository.createIssue({
      ...drawn(loaded.policy, asked),
      labels: ['debug-request', ...MARKS],
    });
    const { ts = '' } = await web.chat.postMessage({ channel: CHANNEL, text: 'The card' });
    await web.chat.postMessage({ channel: CHANNEL, text: 'A reminder', thread_ts: ts });
    for (const [job, by, event] of eventsOf(asked, ts, ask, debug))
      await append(trust, number, asked.id, job, by, event);
    town.github.addArtifact(run, 'transcript-1', `lines of ${run}`);
    await ask.repository.updateIssue(number, { open: false, completed: true });
    await ask.repository.lockIssue(number);
    town.github.updateRun(run, { status: 'completed', conclusion: 'success' });
  }
}

/** The issue as the ask job draws it. */
function drawn(policy: Policy, request: Request): { title: string; body: string } {
  const record = { by: PRODUCT, events: [opened(request, null)], sentence: '' };
  const state = fold(policy, [{ commentId: 0, createdAt: instant(0), record }]);
  if (state.status === 'none') throw new Error('What is planted opens no request.');
  const place = { repository: NAME, serverUrl: 'https://github.com', issue: { number: 0, url: '' } };
  const { title, body } = issueContent(present(policy, state, place, null));
  return { title, body };
}

function opened(request: Request, ts: string | null): EventOf<'requested'> {
  const nothing = { members: {}, links: {}, earlier: [], notices: [] };
  const card = ts === null ? null : { team: 'T1', channel: CHANNEL, ts };
  return { type: 'requested', digest: requestDigest(request), request, approvers: ['bo', 'cy'], card, ...nothing };
}

function requestOf(repositoryId: number, run: number, sha: string, blob: string): Request {
  const who = { id: PEOPLE.ana.id, login: PEOPLE.ana.login, person: 'ana' };
  return {
    ...{
      type: 'debug-approval/request',
      v: 1,
      id: `${repositoryId}/${run}/1`,
      repositoryId,
      run: { id: run, attempt: 1 },
    },
    ...{ commit: sha, workflow: '.github/workflows/debug.yml', policy: { path: POLICY, commit: sha, blob } },
    ...{
      runbook: 'hello',
      argv: ['.github/runbooks/hello.sh'],
      inputs: {},
      target: 'staging',
      environment: ENVIRONMENT,
    },
    ...{ requester: who, actor: who, reason: 'Orders hang again', ticket: '', urgency: 'normal', breakGlass: false },
    ...{ window: 300, askedAt: instant(0), expiresAt: instant(3_600_000), version: '0.1.0' },
  };
}

const instant = (ms: number): string => `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
const PRODUCT: Actor = {
  person: null,
  name: 'Debug Approval',
  github: null,
  slack: null,
  via: 'workflow',
  evidence: {},
};

function eventsOf(request: Request, ts: string, ask: Job, debug: Job): [Job, Actor, Event][] {
  const digest = requestDigest(request);
  const { id, login, name } = PEOPLE.bo;
  const bo: Actor = {
    ...PRODUCT,
    person: 'bo',
    name,
    github: { id, login },
    via: 'issue-comment',
    evidence: { comment: '1' },
  };
  return [
    [ask, PRODUCT, opened(request, ts)],
    [
      ask,
      bo,
      { type: 'decided', decision: 'approve', person: 'bo', comment: '', shown: null, checklist: [], left: [] },
    ],
    [debug, PRODUCT, { type: 'started', digest, run: request.run, checkRun: null, environment: ENVIRONMENT }],
    [
      debug,
      PRODUCT,
      {
        ...{ type: 'ended', outcome: 'finished', reason: 'exit', exitCode: 0, signal: null, durationMs: 10, bytes: 6 },
        ...{ transcript: digest, redactions: {} },
      },
    ],
  ];
}

async function append(trust: Trust, issue: number, request: string, job: Job, by: Actor, event: Event): Promise<void> {
  const log = await readLog(await job.repository.issue(issue), trust);
  const writer = { run: job.run, attempt: 1, job: job.key, environment: job.environment };
  const at = new Date().toISOString();
  const draft = nextRecord(log, { issue, request, at, by, events: [event], sentence: 'It happened.', writer });
  const token = await job.signer.sign(draft.hash);
  const rendered = renderComment(signedRecord(draft, token ?? ''));
  if (!rendered.ok) throw new Error(rendered.message);
  await job.repository.comment(issue, rendered.body);
}
