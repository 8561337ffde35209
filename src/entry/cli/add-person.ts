/** `policy add-person`: reads the file and the tokens, writes the file, and shows what changed. */
import { readFile, writeFile } from 'node:fs/promises';
import { type AddedPerson, addToPolicy } from '../../app/add-person.ts';
import { Fault } from '../../app/fault.ts';
import { told } from '../../app/find-member.ts';
import { readProfile } from '../../github/profile.ts';
import type { Change } from '../../policy/insert.ts';
import { formatProblems } from '../../policy/load.ts';
import { githubFromShell } from './github.ts';
import type { AddPersonOptions } from './policy.ts';
import { slackFromShell } from './slack.ts';
import { readOrTell, tell } from './tell.ts';

/** Adds the person and tells. Throws Faults. */
export async function addPersonCommand(login: string, slack: string | null, options: AddPersonOptions): Promise<void> {
  const { file, json, group: groups = [] } = options;
  const text = await readOrTell(file, json);
  if (text === null) return;
  const { api, client } = githubFromShell();
  const result = await addToPolicy(
    { account: (name) => readProfile(client, name), directory: slackFromShell },
    {
      login: login.replace(/^@/, ''),
      slack,
      ...{ key: options.key ?? null, name: options.name ?? null, groups },
      ...{ text, apiIsLoopback: api.loopback },
    },
  );
  if (result.kind === 'problems') return tell(1, mistakes(file, result), json, { problems: result.problems });
  await write(file, text, result.text);
  const { key, person } = result.added;
  tell(0, summary(file, result), json, { file, key, person, groups, changes: result.changes });
}

/** Looking people up takes a while: what somebody saved meanwhile is not written over. */
async function write(file: string, before: string, after: string): Promise<void> {
  try {
    if ((await readFile(file, 'utf8')) === before) return await writeFile(file, after);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'input',
      `${file} cannot be written: ${why}`,
      'Check its permissions; look at it before you go on.',
    );
  }
  throw new Fault('input', `${file} was changed by somebody else meanwhile; nothing was written.`, 'Try again.');
}

function mistakes(file: string, { when, problems }: Extract<AddedPerson, { kind: 'problems' }>): string {
  const lead =
    when === 'before'
      ? `${file} has mistakes; nothing was written. Mend them first:`
      : `${file} would have mistakes with this person in it; nothing was written. The lines are counted with the new ones:`;
  return `${lead}\n${formatProblems(file, problems)}`;
}

function summary(file: string, { changes, added, member }: Extract<AddedPerson, { kind: 'added' }>): string {
  const { key, person, groups } = added;
  const { login, id } = person.github;
  const slack = member === null ? 'without Slack: decides on GitHub only' : `Slack ${told(member)}`;
  return [
    file,
    ...changes.flatMap(hunk),
    `${person.name}: GitHub ${login} (id ${id}), ${slack}. Check that this is one and the same human.`,
    groups.length === 0 ? `${key} is in no group yet (--group adds to one).` : `Member of ${groups.join(', ')}.`,
    'It counts once it is merged to the default branch.',
  ].join('\n');
}

function hunk({ line, removed, added }: Change): string[] {
  const at = `@@ ${removed.length > 0 ? 'line' : 'after line'} ${line} @@`;
  return [at, ...removed.map((one) => `-${one}`), ...added.map((one) => `+${one}`)];
}
