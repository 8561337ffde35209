/** `policy add-person`: who a GitHub login and a Slack handle are, and the policy's text with that human in it. */
import * as v from 'valibot';
import { addPerson, type NewPerson } from '../policy/add-person.ts';
import type { Change } from '../policy/insert.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Problem } from '../policy/problems.ts';
import { Person } from '../policy/schema.ts';
import { Key } from '../policy/schema-parts.ts';
import { Fault } from './fault.ts';
import { findMember } from './find-member.ts';
import type { AccountFacts, Directory, MemberFacts } from './ports.ts';

export interface AddPersonDeps {
  /** The account that has a login; null: none has. */
  account: (login: string) => Promise<AccountFacts | null>;
  /** Called only where a Slack handle is given. */
  directory: () => Directory;
}

export interface AddPersonInput {
  login: string;
  /** A handle, display name or member id; null: this person decides on GitHub only. */
  slack: string | null;
  /** null: made of the login. */
  key: string | null;
  /** null: the name of the GitHub profile or, where that is no plain name, of Slack's. */
  name: string | null;
  groups: readonly string[];
  /** The policy. */
  text: string;
  /** Whether the GitHub API in use is on this machine (the sandbox). */
  apiIsLoopback: boolean;
}

/** The new text of a policy that holds, or the mistakes that it would have (`before`: has already). */
export type AddedPerson =
  | { kind: 'added'; text: string; changes: Change[]; added: NewPerson; member: MemberFacts | null }
  | { kind: 'problems'; when: 'before' | 'after'; problems: Problem[] };

/**
 * Resolves the accounts and edits the text; writes nothing. Throws a Fault `refused` where the answer is no (unknown or
 * unfit account, somebody there already), `input` for what cannot be meant, and the adapters' Faults.
 */
export async function addToPolicy(deps: AddPersonDeps, input: AddPersonInput): Promise<AddedPerson> {
  checkWords(input);
  const account = await humanAccount(deps, input.login);
  const member = input.slack === null ? null : await findMember(deps.directory(), input.slack);
  const added = { key: keyFor(input, account), person: personOf(input, account, member), groups: input.groups };
  const edited = addPerson(input.text, added);
  if (edited.kind === 'refused') throw new Fault('refused', edited.why, edited.remedy);
  if (edited.kind === 'problems') return { ...edited, when: 'before' };
  const loaded = loadPolicy(edited.text, { apiIsLoopback: input.apiIsLoopback });
  if (loaded.ok) return { ...edited, added, member };
  const before = loadPolicy(input.text, { apiIsLoopback: input.apiIsLoopback });
  // Mistakes that stand there already are told with the lines that they have now.
  return before.ok
    ? { kind: 'problems', when: 'after', problems: loaded.problems }
    : { kind: 'problems', when: 'before', problems: before.problems };
}

function checkWords({ login, key, name }: AddPersonInput): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/.test(login)) {
    throw new Fault('input', `${JSON.stringify(login)} is no GitHub login.`, 'Write it as in github.com/<login>.');
  }
  for (const [option, schema, value] of [
    ['--key', Key, key],
    ['--name', Person.entries.name, name],
  ] as const) {
    const result = value === null ? null : v.safeParse(schema, value);
    if (result?.success !== false) continue;
    throw new Fault('input', `${option} ${JSON.stringify(value)}: ${result.issues[0].message}.`, 'Give another.');
  }
}

/** The account of a human. Throws a Fault `refused` for a login that nobody or no human has. */
export async function humanAccount({ account }: Pick<AddPersonDeps, 'account'>, login: string): Promise<AccountFacts> {
  const found = await account(login);
  if (found === null) {
    throw new Fault(
      'refused',
      `GitHub has no account with the login ${login}.`,
      'Check the spelling; a login that its owner changed is gone.',
    );
  }
  if (found.type === 'User') return found;
  const what = { Bot: 'a bot', Organization: 'an organization' }[found.type] ?? `no person's account (${found.type})`;
  throw new Fault('refused', `${found.login} is ${what} on GitHub.`, "Name a human's own account: only humans decide.");
}

function keyFor({ key }: AddPersonInput, { login }: AccountFacts): string {
  const made = key ?? login.toLowerCase().replaceAll('_', '-').slice(0, 63);
  if (v.is(Key, made)) return made;
  throw new Fault('input', `No key can be made of the login ${login}.`, 'Give one with --key, such as --key ana.');
}

function personOf(input: AddPersonInput, account: AccountFacts, member: MemberFacts | null): Person {
  const candidates = [input.name, account.name?.trim(), member?.realName.trim(), account.login];
  const name = candidates.find((one) => v.is(Person.entries.name, one));
  if (name == null) {
    throw new Fault('input', `No name for people is to be had of ${account.login}.`, 'Give one with --name "Ana".');
  }
  return {
    name,
    github: { id: account.id, login: account.login },
    ...(member === null ? {} : { slack: { team: member.team, user: member.id } }),
  };
}
