/** Asks, on a terminal, for what `init` cannot find out; each answer is a flag that could have been given. */
import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, select, text } from '@clack/prompts';
import { asksSlack, type Missing, type MissingKey } from '../../app/init/missing.ts';
import { type Flags, readWishes } from '../../app/init/wishes.ts';

/** What helps whoever is asked. */
export interface Help {
  /** Whether handles can be looked up in Slack. */
  slackToken: boolean;
  /** The login of whoever is asked; null: not known. */
  self: string | null;
}

/** Where it is asked; the process's own where left out. */
export interface Terminal {
  input?: Readable;
  output?: Writable;
}

interface Question {
  message: string;
  placeholder: string;
  /** The flags that the answer stands for. */
  flags(answer: string, before: Flags): Flags;
}

const words = (answer: string): string[] => answer.split(/[\s,]+/).filter((word) => word !== '');

const QUESTIONS: Partial<Record<MissingKey, Question>> = {
  repository: {
    message: 'Which repository on GitHub is this?',
    placeholder: 'owner/name',
    flags: (repository) => ({ repository: repository.trim() }),
  },
  branch: {
    message: 'What is its default branch?',
    placeholder: 'main',
    flags: (branch) => ({ branch: branch.trim() }),
  },
  action: {
    message: 'Which version of Debug Approval shall the workflows use?',
    placeholder: 'owner/name@full-commit-sha',
    flags: (action) => ({ action: action.trim() }),
  },
  people: {
    message: 'Who asks and approves? GitHub logins, each with :slack-handle where there is one; at least two in all.',
    placeholder: 'login:handle login:handle',
    flags: (answer, { person = [] }) => ({ person: [...person, ...words(answer)] }),
  },
  slack: {
    message: "Where are approvers asked? The Slack channel's id or name; empty: on the issue alone.",
    placeholder: 'C012AB3CD',
    flags: (answer) => (answer.trim() === '' ? { slack: false } : { slackChannel: answer.trim() }),
  },
  issuer: {
    message: "Who signs the jobs' OIDC tokens on this GitHub?",
    placeholder: 'https://github.example.com/_services/token',
    flags: (issuer) => ({ issuer: issuer.trim() }),
  },
};

/** The flags with an answer for each thing that can be asked; null: the person gave up. */
export async function askMissing(
  missing: readonly Missing[],
  flags: Flags,
  { slackToken, self }: Help,
  terminal: Terminal = {},
): Promise<Flags | null> {
  let all = flags;
  for (const { key } of missing) {
    const question = QUESTIONS[key];
    if (question === undefined) continue;
    const before = all;
    const answer = await text({
      ...{ message: question.message, placeholder: question.placeholder, ...terminal },
      ...(key === 'people' && self !== null && before.person === undefined ? { initialValue: `${self} ` } : {}),
      validate: (value) => problemWith(question, value ?? '', before, { key, slackToken }),
    });
    if (isCancel(answer)) return null;
    all = { ...before, ...question.flags(answer ?? '', before) };
  }
  return all;
}

/** The first mistake that the answer would be as a flag. */
function problemWith(
  question: Question,
  answer: string,
  before: Flags,
  { key, slackToken }: { key: MissingKey; slackToken: boolean },
): string | undefined {
  const after = { ...before, ...question.flags(answer, before) };
  const { wishes, mistakes } = readWishes(after);
  const old = readWishes(before).mistakes;
  const fresh = mistakes.find((one) => !old.includes(one));
  if (fresh !== undefined) return fresh;
  if (!slackToken && asksSlack(wishes) && !asksSlack(readWishes(before).wishes)) return NO_SLACK_TOKEN;
  if (key === 'people' && wishes.people.length < 2) return 'At least two people: nobody approves their own request.';
  return answer.trim() === '' && key !== 'slack' ? 'Please answer.' : undefined;
}

const NO_SLACK_TOKEN =
  'Nothing can be looked up in Slack without SLACK_BOT_TOKEN: write ids (login:T…/U…, C…), or leave the handles out.';

/** A yes; giving up is a no. */
export async function agree(message: string, terminal: Terminal = {}): Promise<boolean> {
  const answer = await confirm({ message, initialValue: false, ...terminal });
  return !isCancel(answer) && answer;
}

/** Whether the files may be written; as often as wished all of them are shown first. Giving up is a no. */
export async function agreeToFiles(showAll: () => void, terminal: Terminal = {}): Promise<boolean> {
  for (;;) {
    const choice = await select({
      message: 'Write these files?',
      options: [
        { value: 'leave', label: 'No, write nothing' },
        { value: 'show', label: 'Show the other files in full' },
        { value: 'write', label: 'Yes, write them' },
      ],
      ...terminal,
    });
    if (choice !== 'show') return choice === 'write';
    showAll();
  }
}
