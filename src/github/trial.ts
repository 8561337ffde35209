/** The issue on which `doctor` tries its writes: one for ever, closed, and with no label of a request. */
import * as v from 'valibot';
import { ask, type Scope } from './ask.ts';
import { changeIssue, commentWriter } from './write.ts';

export const TRIAL_LABEL = 'debug-approval-doctor';
const TITLE = "Debug Approval: doctor's trial";

const Issue = v.looseObject({ number: v.number(), html_url: v.string() });
const Listed = v.array(v.looseObject({ ...Issue.entries, title: v.string(), pull_request: v.optional(v.unknown()) }));

/**
 * Opens the issue where there is none, changes and closes it, and writes a comment. `time` is RFC 3339. Gives the issue's address.
 * Throws a Fault `permission` where this token may not write, else as any write does.
 */
export async function tryWrites(scope: Scope, time: string): Promise<string> {
  const issue = (await find(scope)) ?? (await open(scope));
  await changeIssue(scope, issue.number, { body: bodyAt(time), open: false, completed: true });
  await commentWriter(scope)(issue.number, `\`debug-approval doctor\` may write comments here: ${time}.`);
  return issue.html_url;
}

const at = ({ owner, name }: Scope): { owner: string; repo: string } => ({ owner, repo: name });

function bodyAt(time: string): string {
  return [
    'No request: `debug-approval doctor` keeps this one issue to try whether it may write issues and comments.',
    `Last tried at ${time}. It may be deleted; the next trial opens another.`,
  ].join('\n\n');
}

async function find(scope: Scope): Promise<v.InferOutput<typeof Issue> | null> {
  const found = await ask(scope, "look for doctor's trial issue", Listed, async () => {
    const search = { labels: TRIAL_LABEL, state: 'all', per_page: 100 } as const;
    const answer = await scope.octokit.rest.issues.listForRepo({ ...at(scope), ...search });
    return answer.data;
  });
  return found.find(({ title, pull_request }) => title === TITLE && pull_request === undefined) ?? null;
}

/** Sent once: an issue that came to stand after all is found by the next trial. */
async function open(scope: Scope): Promise<v.InferOutput<typeof Issue>> {
  return ask(scope, "open doctor's trial issue", Issue, async () => {
    const content = { title: TITLE, body: 'No request: see below.', labels: [TRIAL_LABEL] };
    const answer = await scope.once.rest.issues.create({ ...at(scope), ...content });
    return answer.data;
  });
}
