/** The policy's `retention`: for how long after its end what a request shared stays where it was shared. */
import * as v from 'valibot';
import { closed, duration } from './schema-parts.ts';

/** What a request shares beside its issue, as the policy's keys. */
export const SHARED_PARTS = ['slack', 'transcript', 'run-logs'] as const;
export type SharedPart = (typeof SHARED_PARTS)[number];

/** In seconds after the request's end; null: it stays. */
export type Retention = Readonly<Record<SharedPart, number | null>>;

const YEAR_S = 31_536_000;
const part = (description: string) => v.exactOptional(duration(YEAR_S, '365d', description));

/** As it is written. */
export const RetentionSchema = v.pipe(
  closed({
    slack: part(
      'How long after its end a request stays in Slack, such as 30d: then its card becomes one line, and what the app wrote into the thread is deleted. Left out: it stays.',
    ),
    transcript: part(
      'How long after its end a request’s transcript stays, such as 7d; also for how many whole days GitHub is told to keep it. Left out: as long as GitHub keeps it.',
    ),
    'run-logs': part(
      'How long after its end the logs of a request’s workflow run stay, such as 30d. Left out: as long as GitHub keeps them.',
    ),
  }),
  v.check((parts) => Object.keys(parts).length > 0, 'must name at least one of slack, transcript, run-logs'),
);

/** For every part, whether it was written or not. */
export function retentionOf(written: v.InferOutput<typeof RetentionSchema> | undefined): Retention {
  return {
    slack: written?.slack ?? null,
    transcript: written?.transcript ?? null,
    'run-logs': written?.['run-logs'] ?? null,
  };
}

const DAY_S = 86_400;

/** For how many whole days GitHub must keep something so that it stays that long; null: as long as it does by itself. */
export function retentionDays(seconds: number | null): number | null {
  return seconds === null ? null : Math.ceil(seconds / DAY_S);
}
