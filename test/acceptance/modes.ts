/** The two ways to wait for a decision: a scenario that depends on them is written once and played in both. */
import { expect } from 'vitest';
import { openTown, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { startGateway } from './gateway-service.ts';

/** Who waits: the ask job, or the service while GitHub holds the debug job. */
export type Mode = 'runner' | 'gateway';
export const MODES: readonly Mode[] = ['runner', 'gateway'];

/** How the jobs of a request end that is not approved: with the gateway ask is long over, and GitHub refuses the debug job. */
export const UNAPPROVED: Readonly<Record<Mode, string>> = {
  runner: 'ask failure, debug skipped, close success',
  gateway: 'ask success, debug failure, close success',
};

export interface Place {
  town: Town;
  /** Ends all, and fails where something was asked of GitHub that GitHub does not have. */
  close(): Promise<void>;
}

/** A town in which requests wait as the mode says. */
export async function openPlace(mode: Mode, options: TownOptions = {}): Promise<Place> {
  const town = await openTown({ ...options, ...(mode === 'gateway' ? { gateway: true } : {}) });
  const gateway = mode === 'gateway' ? await startGateway(town) : null;
  return {
    town,
    async close() {
      await gateway?.stop();
      expect(town.github.violations).toEqual([]);
      await town.close();
    },
  };
}
