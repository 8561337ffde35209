/** The issue on which `doctor` tries its writes: one for ever, closed, and with no label of a request. */
import * as v from 'valibot';
import { ask, type Scope } from './ask.ts';
import { readTokenOwner } from './token-owner.ts';
import { changeIssue, commentWriter } from './write.ts';

export const TRIAL_LABEL = 'debug-approval-doctor';
const TITLE = "Debug Approval: doctor's trial";

const Issue = v.looseObject({ number: v.number(), html_url: v.string() });
const Labels = v.array(v.union([v.string(), v.looseObject({ name: v.nullish(v.string(), '') })]));
const Author = v.nullable(v.looseObject({ login: v.string(), type: v.string() }));
const Found = v.looseObject({
  ...Issue.entries,
  title: v.string(),
  labels: Labels,
  user: Author,
  pull_request: v.optional(v.unknown()),
});

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

/** One that a job or this token's owner opened: a writer can give title and label to any issue, a request's too. */
async function find(scope: Scope): Promise<v.InferOutput<typeof Issue> | null> {
  const found = await ask(scope, "look for doctor's trial issue", v.array(Found), async () => {
    const search = { labels: TRIAL_LABEL, state: 'all', per_page: 100 } as const;
    const answer = await scope.octokit.rest.issues.listForRepo({ ...at(scope), ...search });
    return answer.data;
  });
  const trials = found.filter(isTrial);
  const byBot = trials.find(({ user }) => user?.type === 'Bot');
  if (byBot !== undefined || trials.length === 0) return byBot ?? null;
  const self = await readTokenOwner(scope);
  return trials.find(({ user }) => self !== null && user?.login === self) ?? null;
}

function isTrial({ title, labels, pull_request }: v.InferOutput<typeof Found>): boolean {
  const names = labels.map((label) => (typeof label === 'string' ? label : label.name));
  return title === TITLE && pull_request === undefined && !names.includes('debug-request');
}

/** Sent once: an issue that came to stand after all is found by the next trial. */
async function open(scope: Scope): Promise<v.InferOutput<typeof Issue>> {
  return ask(scope, "open doctor's trial issue", Issue, async () => {
    const content = { title: TITLE, body: 'No request: see below.', labels: [TRIAL_LABEL] };
    const answer = await scope.once.rest.issues.create({ ...at(scope), ...content });
    return answer.data;
  });
}
