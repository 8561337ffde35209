/** Looks up accounts by login, for people who write policies. */
import type { AccountFacts } from '../app/ports.ts';
import { askMaybe } from './ask.ts';
import type { GitHubClient } from './client.ts';
import { RestProfile } from './shapes.ts';

/** The account that has this login now; null: none has. Throws a Fault. */
export async function readProfile(client: GitHubClient, login: string): Promise<AccountFacts | null> {
  const found = await askMaybe(client, `look up the GitHub login ${JSON.stringify(login)}`, RestProfile, async () => {
    const answer = await client.octokit.rest.users.getByUsername({ username: login });
    return answer.data;
  });
  return found === null ? null : { id: found.id, login: found.login, type: found.type, name: found.name };
}
