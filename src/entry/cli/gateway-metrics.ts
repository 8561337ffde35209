/** The gateway's figures for Prometheus. Labels hold nothing that people choose, so that their number stays small. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Served, ServedRepositories } from '../../app/gateway/ports.ts';
import type { OnSlack } from '../../app/ports.ts';

export interface GatewayMetrics {
  registry: Registry;
  /** Counts what becomes of deeds, and how long that takes. */
  counted(onSlack: OnSlack): OnSlack;
  slackRequest(outcome: string): void;
  webhook(event: string, outcome: string): void;
  /** A GitHub answer, by the installation whose token asked; null: the app's own. */
  github(answer: Response, installation: number | null): void;
  /** Counts the jobs that are answered. */
  watched(repositories: ServedRepositories): ServedRepositories;
}

/** Slack waits 3 s, and a record has 2 s. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 5];

/** `open`: how many requests are looked after; `ready`: whether the gateway is. */
export function gatewayMetrics(read: { open(): number; ready(): boolean }): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value());
      },
    });
  gauge('debug_approval_open_requests', 'Open requests that this replica looks after.', read.open);
  gauge('debug_approval_ready', '1 while this replica is ready.', () => (read.ready() ? 1 : 0));
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const deeds = counter('debug_approval_deeds_total', 'What people did in Slack, by what became of it.', [
    'kind',
    'outcome',
  ]);
  const seconds = new Histogram({
    name: 'debug_approval_deed_seconds',
    help: 'How long a deed in Slack took until it was on record, or was not.',
    ...{ labelNames: ['kind'], buckets: SECONDS, registers },
  });
  const slackRequests = counter(
    'debug_approval_slack_requests_total',
    'Requests of Slack, by how they were answered.',
    ['outcome'],
  );
  const webhooks = counter('debug_approval_webhooks_total', 'Deliveries of GitHub, by event and what became of them.', [
    'event',
    'outcome',
  ]);
  const calls = counter('debug_approval_github_requests_total', "GitHub's answers, by status.", ['status']);
  const left = new Gauge({
    name: 'debug_approval_github_rate_limit_remaining',
    help: 'Calls that are left of a limit until it begins anew, as GitHub said last.',
    ...{ labelNames: ['installation', 'resource'], registers },
  });
  const jobs = counter('debug_approval_held_jobs_answered_total', 'Held jobs that were answered, by verdict.', [
    'verdict',
  ]);

  return {
    registry,
    counted: (onSlack) => async (deed) => {
      const done = seconds.startTimer({ kind: deed.kind });
      try {
        const ack = await onSlack(deed);
        deeds.inc({ kind: deed.kind, outcome: ack.kind });
        return ack;
      } catch (error) {
        deeds.inc({ kind: deed.kind, outcome: 'failed' });
        throw error;
      } finally {
        done();
      }
    },
    slackRequest: (outcome) => slackRequests.inc({ outcome }),
    webhook: (event, outcome) => webhooks.inc({ event, outcome }),
    github({ status, headers }, installation) {
      calls.inc({ status });
      const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
      const resource = headers.get('x-ratelimit-resource') ?? 'core';
      if (!Number.isNaN(remaining)) left.set({ installation: installation ?? 'app', resource }, remaining);
    },
    watched: (repositories) => watched(repositories, (verdict) => jobs.inc({ verdict })),
  };
}

function watched(repositories: ServedRepositories, onAnswered: (verdict: string) => void): ServedRepositories {
  const one = <S extends Served | null>(served: S): S =>
    served === null ? served : { ...served, gate: { ...served.gate, review: answered(served, onAnswered) } };
  return {
    byId: async (id) => one(await repositories.byId(id)),
    byName: async (name) => one(await repositories.byName(name)),
    all: async () => (await repositories.all()).map(one),
    withOpenRequests: async () => (await repositories.withOpenRequests()).map(one),
  };
}

function answered({ gate }: Served, onAnswered: (verdict: string) => void): Served['gate']['review'] {
  return async (held, verdict, comment) => {
    const became = await gate.review(held, verdict, comment);
    onAnswered(became === 'done' ? verdict : 'gone');
    return became;
  };
}
