/** The port {@link KeyArchive}, filled in with GitHub's API, and what the archive's issue says to people. */
import type { IssueContent, KeyArchive } from '../app/ports.ts';
import { ARCHIVE_LABEL, ARCHIVE_TITLE } from '../log/archive-record.ts';
import { createAuditSource } from './audit.ts';
import type { GitHubClient } from './client.ts';
import { scopeOf } from './repository.ts';
import { openIssue } from './write.ts';

/** The archive of keys in the repository `owner/name`. Throws a Fault `input` for any other form of name. */
export function createKeyArchive(client: GitHubClient, fullName: string): KeyArchive {
  const scope = scopeOf(client, fullName);
  const { archive } = createAuditSource(client, fullName);
  return { issues: archive, open: () => openIssue(scope, archiveContent(fullName)) };
}

/** Title, body and label of the archive's issue. `fullName` is `owner/name`. */
export function archiveContent(fullName: string): IssueContent {
  const body = [
    // GitHub shows each line break of an issue: a paragraph is one line.
    'GitHub signs every record of a debug request with a key, and replaces its keys from time to time. The comments below ' +
      'keep the public part of each, so that old requests can still be verified once GitHub publishes their keys no more. ' +
      'The scheduled sweep writes and signs them; whatever anybody else writes here counts for nothing.',
    '',
    'Nobody needs to read this issue or to answer here: it is closed and locked.',
    '',
    '**Do not delete it, change its comments, or take its label away.** What was signed with a key that stands only here ' +
      'could not be verified any more.',
    '',
    'This issue alone proves nothing to people who do not trust those with rights in this repository. For them, keep an ' +
      'export where nobody of this repository can change it:',
    '',
    '```sh',
    `debug-approval audit export --repository ${fullName} --output FILE`,
    '```',
    '',
    'and verify with it, years later:',
    '',
    '```sh',
    `debug-approval audit verify ${fullName} --trust FILE --require proven`,
    '```',
  ].join('\n');
  return { title: ARCHIVE_TITLE, body, labels: [ARCHIVE_LABEL] };
}
