/** GitHub's primary and secondary limits (PLATFORM §2), as sliding windows per token holder. */
import type { Principal } from './accounts.ts';
import { problem, type Refusal } from './reply.ts';

export interface LimitNumbers {
  /** Calls of all job tokens of the repository, per hour. */
  repositoryPerHour: number;
  userPerHour: number;
  /** Calls of all tokens of an App's installation, per hour. */
  installationPerHour: number;
  /** A read costs 1, a write 5. */
  pointsPerMinute: number;
  contentPerMinute: number;
  contentPerHour: number;
}

const GITHUB: LimitNumbers = {
  repositoryPerHour: 1000,
  userPerHour: 5000,
  installationPerHour: 5000,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  contentPerHour: 500,
};
/** What an installation of an organization on GitHub Enterprise Cloud has. */
const ENTERPRISE_PER_HOUR = 15_000;
/** GraphQL has its own allowance per minute. */
const GRAPHQL_POINTS = 2000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DOCS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/** Searches are counted by themselves, by the minute. */
const SEARCHES = 30;

export type Resource = 'core' | 'graphql' | 'search';

const spanOf = (resource: Resource): number => (resource === 'search' ? MINUTE : HOUR);
export interface Holder {
  key: string;
  kind: Principal['kind'];
}

export interface Limits {
  /** Refuses what is over a limit; a 403 as GitHub words it. */
  check(holder: Holder, resource: Resource, call: { points: number; creating: boolean }): Refusal | null;
  /** Counts a call that was answered otherwise than 304. */
  count(holder: Holder, resource: Resource, call: { points: number; creating: boolean }): void;
  headers(holder: Holder, resource: Resource): Record<string, string>;
  state(holder: Holder, resource: Resource): { limit: number; used: number; remaining: number; reset: number };
  /** From now on they hold, or not; what was done while they did not is forgotten. */
  enforce(on: boolean): void;
}

interface Window {
  startedAt: number;
  used: number;
}

/** Limits as GitHub has them on this plan; with `false` calls are counted and nothing is refused. */
export function createLimits(option: boolean | Partial<LimitNumbers>, plan: 'free' | 'team' | 'enterprise'): Limits {
  const onPlan = plan === 'enterprise' ? { installationPerHour: ENTERPRISE_PER_HOUR } : {};
  const numbers = { ...GITHUB, ...onPlan, ...(typeof option === 'object' ? option : {}) };
  const windows = new Map<string, Window>();
  const points = new Map<string, { at: number; points: number }[]>();
  const content = new Map<string, number[]>();
  let off = option === false;

  const windowOf = (holder: Holder, resource: Resource): Window => {
    const key = `${resource} ${holder.key}`;
    const known = windows.get(key);
    if (known !== undefined && Date.now() - known.startedAt < spanOf(resource)) return known;
    const fresh = { startedAt: Date.now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  };
  const state: Limits['state'] = (holder, resource) => {
    const { used, startedAt } = windowOf(holder, resource);
    const limit = resource === 'search' ? SEARCHES : perHour(numbers, holder);
    const reset = Math.ceil((startedAt + spanOf(resource)) / 1000);
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  };
  const headers: Limits['headers'] = (holder, resource) => {
    const { limit, used, remaining, reset } = state(holder, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': resource,
    };
  };
  const spent = (key: string): number =>
    (points.get(key) ?? []).filter(({ at }) => Date.now() - at < MINUTE).reduce((sum, entry) => sum + entry.points, 0);
  const created = (key: string, ms: number): number =>
    (content.get(key) ?? []).filter((at) => Date.now() - at < ms).length;

  return {
    state,
    headers,
    enforce(on) {
      off = !on;
      for (const counted of [windows, points, content]) counted.clear();
    },
    check(holder, resource, call) {
      if (off) return null;
      if (state(holder, resource).remaining === 0) return primary(holder, headers(holder, resource));
      const points = resource === 'graphql' ? GRAPHQL_POINTS : numbers.pointsPerMinute;
      if (spent(`${resource} ${holder.key}`) + call.points > points) return secondary(headers(holder, resource));
      const full =
        created(holder.key, MINUTE) >= numbers.contentPerMinute || created(holder.key, HOUR) >= numbers.contentPerHour;
      return call.creating && full ? contentLimit(headers(holder, resource)) : null;
    },
    count(holder, resource, call) {
      windowOf(holder, resource).used += 1;
      // Each second holds hundreds of calls where nothing limits them: what nobody asks for is not kept.
      if (off) return;
      const key = `${resource} ${holder.key}`;
      points.set(key, [
        ...(points.get(key) ?? []).filter(({ at }) => Date.now() - at < MINUTE),
        { at: Date.now(), points: call.points },
      ]);
      if (call.creating) content.set(holder.key, [...(content.get(holder.key) ?? []), Date.now()]);
    },
  };
}

function perHour(numbers: LimitNumbers, { kind }: Holder): number {
  if (kind === 'job') return numbers.repositoryPerHour;
  return kind === 'person' ? numbers.userPerHour : numbers.installationPerHour;
}

function primary(holder: Holder, headers: Record<string, string>): Refusal {
  const whom = holder.kind === 'person' ? `user ID ${holder.key}` : 'installation ID 41898282';
  return problem(403, `API rate limit exceeded for ${whom}.`, { headers, docs: DOCS, counts: false });
}

const RETRY = { 'retry-after': '60' };

function secondary(headers: Record<string, string>): Refusal {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return problem(403, message, {
    headers: { ...headers, ...RETRY },
    docs: `${DOCS}#about-secondary-rate-limits`,
    counts: false,
  });
}

function contentLimit(headers: Record<string, string>): Refusal {
  const message =
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.';
  return problem(403, message, {
    headers: { ...headers, ...RETRY },
    docs: `${DOCS}#about-secondary-rate-limits`,
    counts: false,
  });
}
