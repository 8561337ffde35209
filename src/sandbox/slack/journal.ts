/** What the sandbox's Slack was asked, for tests: counts and requests, without tokens. */

import type { Arguments } from './answer.ts';

export interface SlackRequest {
  method: string;
  args: Arguments;
}

export interface Counts {
  calls: number;
  byMethod: Record<string, number>;
}

export interface Journal {
  requests: SlackRequest[];
  note(method: string, args: Arguments): void;
  counts(): Counts;
  reset(): void;
}

/** Keeps requests; the given secrets are replaced wherever they stand in the arguments. */
export function createJournal(secrets: string[]): Journal {
  const requests: SlackRequest[] = [];
  let byMethod = new Map<string, number>();

  const redact = (value: unknown): unknown => {
    if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '[token]'), value);
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value !== 'object' || value === null) return value;
    return redactFields(value);
  };
  const redactFields = (fields: object): Arguments =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, key === 'token' ? '[token]' : redact(value)]),
    );

  return {
    requests,
    note(method, args) {
      requests.push({ method, args: redactFields(args) });
      byMethod.set(method, (byMethod.get(method) ?? 0) + 1);
    },
    counts: () => ({
      calls: [...byMethod.values()].reduce((sum, n) => sum + n, 0),
      byMethod: Object.fromEntries(byMethod),
    }),
    reset() {
      byMethod = new Map();
      requests.length = 0;
    },
  };
}
