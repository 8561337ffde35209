/** Who may read a repository, for whoever sets it up: works where it has no commit yet, too. */
import * as v from 'valibot';
import { askMaybe } from './ask.ts';
import type { GitHubClient } from './client.ts';

const Repository = v.looseObject({ private: v.boolean(), default_branch: v.string() });

/** Whether everybody in the world may read `owner/name`; null: GitHub shows none of that name to this token. Throws a Fault. */
export async function readVisibility(
  client: GitHubClient,
  fullName: string,
): Promise<{ public: boolean; defaultBranch: string } | null> {
  const [owner = '', repo = ''] = fullName.split('/');
  const found = await askMaybe(client, `read the repository ${fullName}`, Repository, async () => {
    const answer = await client.octokit.rest.repos.get({ owner, repo });
    return answer.data;
  });
  return found === null ? null : { public: !found.private, defaultBranch: found.default_branch };
}
