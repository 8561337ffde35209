/** What must be known of a policy under which records count that carry no signature. */

/** What `policy check` and `doctor` say of it; `path` is the policy's. */
export function unsignedWarning(path: string): string {
  return (
    `${path} accepts records without a signature (\`signers.unsigned\`): whoever may write comments as a bot in the repository, a ` +
    'workflow or an approved command with `issues: write`, can open requests, approve them and end them.'
  );
}
