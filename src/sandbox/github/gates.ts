/** Jobs that an environment's custom deployment protection rule holds, until its App answers or GitHub gives up. */
import type { GateEnd } from '../host.ts';
import type { AccountOptions } from './options.ts';
import { problem } from './reply.ts';
import type { Job, Run } from './runs.ts';

/** How long GitHub lets a job wait at a gate, in ms (PLATFORM §1). */
const PATIENCE_MS = 30 * 86_400_000;
/** How many status reports GitHub takes for one deployment (PLATFORM §1). */
const MOST_REPORTS = 10;

/** What GitHub shows as the reason of a job that a rule rejected. */
const REJECTED = "The deployment was rejected or didn't satisfy other protection rules.";

export interface Review {
  environment: string;
  /** `pending`: a status report. */
  state: 'approved' | 'rejected' | 'pending';
  by: AccountOptions;
  comment: string;
}

interface Held {
  job: Job;
  environment: string;
  since: number;
  reports: number;
  end(how: GateEnd): void;
}

export interface Gates {
  /** Holds a job; settles when it may start or never will. */
  hold(job: Job, environment: string): { ends: Promise<GateEnd>; cancel(): void };
  /** The jobs of this run that wait now. */
  waiting(run: Run): { job: Job; environment: string }[];
  /** One answer opens or shuts the gate for all jobs of the run that wait at it. Throws a refusal where none waits. */
  review(run: Run, review: Review): void;
  /** All reviews of a run, the oldest first. */
  reviews(run: Run): readonly Review[];
  /** An admin's "Start all waiting jobs". */
  bypass(run: Run): void;
  /** Fails what has waited for too long, or for an environment that is no more. */
  lookAgain(environments: readonly string[]): void;
}

/** No job waits yet; `now` is the clock, ms since 1970. */
export function createGates(now: () => number): Gates {
  const held = new Set<Held>();
  const reviews = new Map<Run, Review[]>();
  const at = (run: Run, environment?: string): Held[] =>
    [...held].filter(({ job, environment: name }) => job.run === run && same(name, environment ?? name));

  return {
    hold(job, environment) {
      const { promise, resolve } = Promise.withResolvers<GateEnd>();
      const one: Held = {
        ...{ job, environment, since: now(), reports: 0 },
        end(how) {
          held.delete(one);
          resolve(how);
        },
      };
      held.add(one);
      return { ends: promise, cancel: () => one.end({ kind: 'cancelled' }) };
    },
    waiting: (run) => at(run),
    review(run, review) {
      const found = at(run, review.environment);
      if (found.length === 0) throw nothingWaits();
      if (review.state === 'pending') report(found);
      reviews.set(run, [...(reviews.get(run) ?? []), review]);
      const ends = { approved: { kind: 'open' }, rejected: { kind: 'refused', reason: REJECTED } } as const;
      if (review.state !== 'pending') for (const one of found) one.end(ends[review.state]);
    },
    reviews: (run) => reviews.get(run) ?? [],
    bypass(run) {
      for (const one of at(run)) one.end({ kind: 'open' });
    },
    lookAgain(environments) {
      for (const one of held) {
        const reason = reasonToFail(one, now(), environments);
        if (reason !== null) one.end({ kind: 'refused', reason });
      }
    },
  };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function report(found: Held[]): void {
  if (found.some(({ reports }) => reports >= MOST_REPORTS))
    throw problem(422, `Only ${MOST_REPORTS} status reports are allowed for a deployment.`);
  for (const one of found) one.reports += 1;
}

function reasonToFail({ since, environment }: Held, now: number, environments: readonly string[]): string | null {
  if (now - since >= PATIENCE_MS) return 'The job waited for 30 days for its deployment protection rules to pass.';
  return environments.some((name) => same(name, environment)) ? null : `The environment ${environment} was deleted.`;
}

/** GitHub documents the status, not the words. */
const nothingWaits = () =>
  problem(422, 'Validation Failed', {
    errors: ['There are no pending custom deployment protection rules to review for this run and environment.'],
  });
