/** Plans of honest histories: jobs that write at once by lists that lag and clocks that are off, among strangers who come and go. */
import fc from 'fast-check';

export type JobName = 'ask' | 'other' | 'debug' | 'close' | 'sweep';
const PEOPLE = ['ana', 'bo', 'cy', 'di', 'ed'] as const;

/** What happens next, so many seconds after what was before. */
export type Step = { after: number } & (
  | {
      kind: 'write';
      job: JobName;
      does: 'decide' | 'talk' | 'start' | 'end' | 'expire' | 'cancel' | 'fail';
      who: string;
      decision: 'approve' | 'deny' | 'withdraw' | 'cancel';
      /** How many of the newest comments the job's list lacks. */
      lag: number;
      /** How far its clock is off, in seconds. */
      skew: number;
      /** How long its comment takes after it was signed, in seconds. */
      takes: number;
    }
  | { kind: 'redraw'; lag: number; byApp: boolean }
  | { kind: 'comment'; who: string; pasted: number | null }
  | { kind: 'edit' | 'delete'; which: number }
  | { kind: 'rotate' | 'rename' | 'plain' }
);

const after = fc.oneof({ weight: 19, arbitrary: fc.nat(40) }, fc.constant(4_000));
const lag = fc.nat(4);
const who = fc.constantFrom(...PEOPLE, 'bo', 'cy', 'cy', 'di', 'nobody');
export type Write = Extract<Step, { kind: 'write' }>;
const write = (job: fc.Arbitrary<Write['job']>, does: fc.Arbitrary<Write['does']>) =>
  fc.record<Write>({
    ...{ after, lag, kind: fc.constant('write'), job, does, who, skew: fc.constantFrom(-30, -1, 0, 1, 30) },
    decision: fc.oneof({ weight: 6, arbitrary: fc.constant('approve') }, fc.constantFrom('deny', 'withdraw', 'cancel')),
    takes: fc.constantFrom(0, 0, 0, 1, 80),
  });

const deciding = write(fc.constantFrom('ask', 'other'), fc.constantFrom('decide', 'decide', 'decide', 'talk'));

/** Two who write at once: the second one's list lacks what the first one writes. */
const race = fc
  .tuple(deciding, deciding, fc.constantFrom('approve', 'approve', 'deny'))
  .map(([one, other, decision]): Step[] => [
    { ...one, job: 'ask', after: 5, does: 'decide', who: 'bo', decision: 'approve' },
    {
      ...other,
      job: 'other',
      after: 0,
      does: other.does === 'talk' ? 'talk' : 'decide',
      who: 'cy',
      decision,
      lag: Math.max(1, other.lag),
    },
  ]);

const more: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: deciding },
    { weight: 3, arbitrary: write(fc.constant('debug'), fc.constantFrom('start', 'end')) },
    { weight: 3, arbitrary: write(fc.constantFrom('close', 'sweep'), fc.constantFrom('expire', 'cancel', 'fail')) },
    { weight: 3, arbitrary: fc.record({ after, lag, kind: fc.constant('redraw'), byApp: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ after, kind: fc.constant('comment'), who, pasted: fc.option(fc.nat(5)) }) },
    { weight: 2, arbitrary: fc.record({ after, kind: fc.constantFrom('edit', 'delete'), which: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ after, kind: fc.constantFrom('rotate', 'rename', 'plain') }) },
  ),
  { minLength: 1, maxLength: 5, size: 'max' },
);

/** The debug job, where it may start. */
const runs = fc
  .tuple(write(fc.constant('debug'), fc.constant('start')), write(fc.constant('debug'), fc.constant('end')))
  .map(([start, end]): Step[] => [{ ...start, lag: 0 }, end]);

/** A sweep, when the time is over, or at once after the run was cancelled. */
const swept = fc
  .tuple(write(fc.constantFrom('close', 'sweep'), fc.constantFrom('expire', 'cancel')), lag)
  .map(([step, less]): Step[] => [{ ...step, after: step.does === 'expire' ? 4_000 : 5, lag: Math.min(less, 1) }]);

/** What happens after a request was opened: two race, then all else, races among it. */
export const steps: fc.Arbitrary<Step[]> = fc
  .tuple(race, more, fc.oneof(runs, swept, fc.constant([])))
  .map((parts) => parts.flat());

/** How a list lags: by how many of the newest comments, which later one than the opening it lacks besides, whether the count is right. */
export interface Look {
  by: number;
  lacks: number | null;
  counted: boolean;
}
export const look: fc.Arbitrary<Look> = fc.record({
  by: lag,
  lacks: fc.option(fc.integer({ min: 1, max: 6 })),
  counted: fc.boolean(),
});
