/** Whose token it is, for whoever sets a repository up with their own. */
import * as v from 'valibot';
import { Fault } from '../app/fault.ts';
import { askMaybe } from './ask.ts';
import type { GitHubClient } from './client.ts';

const Self = v.looseObject({ login: v.string() });

/** The login of the token's owner; null: it is no person's token (a job's or an app's), or GitHub does not say. */
export async function readTokenOwner(client: GitHubClient): Promise<string | null> {
  try {
    const found = await askMaybe(client, 'ask whose token it is', Self, async () => {
      const answer = await client.octokit.rest.users.getAuthenticated();
      return answer.data;
    });
    return found?.login ?? null;
  } catch (error) {
    // It is a suggestion only: whatever is wrong with the token shows at the first question that matters.
    if (error instanceof Fault) return null;
    throw error;
  }
}
