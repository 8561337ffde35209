/** Slack's rate limits: calls a minute of a method, and one message a second in a channel with short bursts. */

/** How many messages may come at once before one a second holds. Slack promises "short bursts" and no number. */
const BURST = 5;
const MINUTE = 60_000;

export interface Limiter {
  /** Seconds until the call may be repeated, 0 if it may go on now. */
  take(method: string, limit: number | 'posting', channel: string): number;
}

/** Counts calls by the given clock (ms). Source of the numbers: Slack's "Rate limits" and PLATFORM §5. */
export function createLimiter(now: () => number): Limiter {
  const calls = new Map<string, number[]>();
  const buckets = new Map<string, { left: number; at: number }>();

  const posting = (channel: string): number => {
    const bucket = buckets.get(channel) ?? { left: BURST, at: now() };
    const left = Math.min(BURST, bucket.left + (now() - bucket.at) / 1000);
    buckets.set(channel, { left: left >= 1 ? left - 1 : left, at: now() });
    return left >= 1 ? 0 : 1;
  };

  const perMinute = (method: string, limit: number): number => {
    const recent = (calls.get(method) ?? []).filter((at) => at > now() - MINUTE);
    const oldest = recent[0];
    calls.set(method, recent);
    if (recent.length >= limit && oldest !== undefined) return Math.max(1, Math.ceil((oldest + MINUTE - now()) / 1000));
    recent.push(now());
    return 0;
  };

  return { take: (method, limit, channel) => (limit === 'posting' ? posting(channel) : perMinute(method, limit)) };
}
