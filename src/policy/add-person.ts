/** Adds a person to a policy's text, and to groups of it; refuses who is there already. */
import { isMap, isSeq, parseDocument } from 'yaml';
import { type Draft, draftOf } from './draft.ts';
import { sourceText } from './group-source.ts';
import { type Change, changesOf, type Insertion, insertAll, intoList, intoMap } from './insert.ts';
import type { Problem } from './problems.ts';
import type { Person } from './schema.ts';
import { readYaml } from './yaml-source.ts';

export interface NewPerson {
  /** The key under `people`. */
  key: string;
  person: Person;
  /** Groups that the person joins. */
  groups: readonly string[];
}

/** The edited text, or why not: who is there already, what is missing, or the mistakes of a text that is no YAML. */
export type Added =
  | { kind: 'added'; text: string; changes: Change[] }
  | { kind: 'refused'; why: string; remedy: string }
  | { kind: 'problems'; problems: Problem[] };

/**
 * The policy's text with one more person. Comments, order and layout stay; the result says exactly what the old text said
 * and the person, or nothing is given. It is not checked any further: that is `loadPolicy`'s part.
 */
export function addPerson(text: string, added: NewPerson): Added {
  const source = readYaml(text);
  if (source.problems.length > 0) return { kind: 'problems', problems: source.problems };
  const draft = draftOf(source.data);
  const refusal = missing(draft, added) ?? taken(draft, added);
  if (refusal !== null) return { kind: 'refused', ...refusal };
  const insertions = insertionsFor(text, added);
  const edited = insertAll(text, insertions);
  if (insertions.length === 0 || !saysOnlyMore(text, edited, added)) return { kind: 'refused', ...unusual(added) };
  return { kind: 'added', text: edited, changes: changesOf(text, insertions) };
}

interface Refusal {
  why: string;
  remedy: string;
}

function missing({ names, groups: sound }: Draft, { groups }: NewPerson): Refusal | null {
  if (names.people === null) {
    return { why: 'The policy has no people to add to.', remedy: 'Write the line `people: {}` first.' };
  }
  const known = names.groups ?? [];
  const unknown = groups.find((group) => !known.includes(group));
  if (unknown === undefined) return elsewhere(sound, groups);
  return {
    why: `The policy has no group "${unknown}"; it has: ${known.join(', ') || 'none'}.`,
    remedy: 'Name one of these, or write the group first.',
  };
}

function elsewhere(sound: Draft['groups'], groups: readonly string[]): Refusal | null {
  for (const group of groups) {
    const directory = sourceText(sound[group]?.source ?? { kind: 'listed' });
    if (directory === null) continue;
    return {
      why: `Who is in ${group} does not stand in the policy: it is ${directory}.`,
      remedy: `Add the person without --group ${group}, and add them to ${directory}.`,
    };
  }
  return null;
}

function taken({ names, accounts }: Draft, { key, person }: NewPerson): Refusal | null {
  const { github, slack } = person;
  for (const [other, known] of Object.entries(accounts)) {
    const who = known.name === undefined ? other : `${known.name} (${other})`;
    const there = (what: string): Refusal => ({
      why: `The person is there already: ${who} has ${what}.`,
      remedy: `One human has one entry: change that of ${other} by hand where it is wrong.`,
    });
    if (known.github?.id === github.id) return there(`the GitHub account ${github.login} (id ${github.id})`);
    if (slack !== undefined && known.slack?.team === slack.team && known.slack.user === slack.user) {
      return there(`the Slack account ${slack.user} of ${slack.team}`);
    }
  }
  if (names.people?.includes(key) || names.groups?.includes(key)) {
    const kind = names.people?.includes(key) ? 'person' : 'group';
    return { why: `The policy has another ${kind} with the key "${key}".`, remedy: 'Give another with --key.' };
  }
  return null;
}

function insertionsFor(text: string, { key, person, groups }: NewPerson): Insertion[] {
  const document = parseDocument(text);
  const people = document.getIn(['people']);
  const parts = [
    isMap(people) ? intoMap(text, people, key, person) : [],
    ...[...new Set(groups)].map((group) => {
      const members = document.getIn(['groups', group, 'members']);
      return isSeq(members) ? intoList(text, members, key) : [];
    }),
  ];
  return parts.some((part) => part.length === 0) ? [] : parts.flat();
}

/** Whether the edited text is the old one's meaning with the person added, and nothing else. */
function saysOnlyMore(text: string, edited: string, { key, person, groups }: NewPerson): boolean {
  const wanted = parseDocument(text);
  wanted.setIn(['people', key], wanted.createNode(person));
  for (const group of new Set(groups)) wanted.addIn(['groups', group, 'members'], key);
  const got = parseDocument(edited);
  return got.errors.length === 0 && JSON.stringify(got.toJS()) === JSON.stringify(wanted.toJS());
}

function unusual({ key, person, groups }: NewPerson): Refusal {
  const { github, slack } = person;
  const link = slack === undefined ? '' : `, slack: { team: ${slack.team}, user: ${slack.user} }`;
  const joins = groups.length === 0 ? '' : `, and ${key} to the members of ${groups.join(', ')}`;
  return {
    why: 'The policy is laid out in a way that is not edited here without risk to what else it says.',
    remedy: `Add by hand under people: ${key}: { name: ${JSON.stringify(person.name)}, github: { id: ${github.id}, login: ${github.login} }${link} }${joins}.`,
  };
}
