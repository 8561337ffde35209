/** What a repository's environments show of the plan of its owner: GitHub tells plans to owners only. */
import type { EnvironmentFacts } from './ports.ts';

/**
 * True where one of these has what private repositories get with GitHub Enterprise alone: reviewers, a wait timer, or no
 * bypass for administrators. False shows nothing: an environment may do without them.
 */
export function showsAllProtection(environments: readonly EnvironmentFacts[]): boolean {
  return environments.some(
    ({ adminBypass, reviewers, waitMinutes }) => adminBypass === false || reviewers.length > 0 || waitMinutes > 0,
  );
}
