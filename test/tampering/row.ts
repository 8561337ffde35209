/** What a row of the matrix is, who the attackers are, and what they do to the first request's issue. */
import { parseComment } from '../../src/log/comment.ts';
import { PEOPLE } from '../../src/sandbox/town.ts';
import type { FakeGithub } from '../app/fake-github.ts';
import type { Place } from './place.ts';

/** What an attack has at hand. */
export interface At {
  place: Place;
  github: FakeGithub;
}

export interface Row {
  /** Completes "somebody …". */
  attack: string;
  /** Whoever can do this. */
  by: string;
  act: (at: At) => void | Promise<void>;
  /**
   * `stops`: nothing runs, and the log is broken from then on. `ignored`: what was added counts for nothing and is named.
   * `reported`: nothing that counts was changed, and it is named.
   */
  rule: 'stops' | 'ignored' | 'reported';
}

export const CY = { id: PEOPLE.cy.id, login: PEOPLE.cy.login, bot: false };
export const APP = { id: 777, login: 'helper[bot]', bot: true };

export const WRITER = 'a writer';
export const WRITERS_JOB = "a writer's own workflow";
export const NO_TRACE = 'whoever can change what GitHub keeps';

/** The comment of the record with this number; of the first request unless said otherwise. */
export function held(github: FakeGithub, seq: number, issue = 1) {
  const found = github.issue(issue).comments.find(({ body }) => {
    const parsed = parseComment(body);
    return parsed.kind === 'record' && parsed.record.seq === seq;
  });
  if (found === undefined) throw new Error(`There is no record ${seq} in issue ${issue}.`);
  return found;
}

export const last = (github: FakeGithub) => github.issue().comments.filter(({ author }) => author?.bot === true).length;

export function edit(github: FakeGithub, seq: number, change: (body: string) => string): void {
  const { id, body } = held(github, seq);
  const changed = change(body);
  if (changed === body) throw new Error('The attack changes nothing.');
  github.edit(id, changed, CY.id);
}

export const remove = (github: FakeGithub, ...seqs: number[]): void => {
  for (const { id } of seqs.map((seq) => held(github, seq))) github.remove(id, CY.id);
};

export const traceless = (github: FakeGithub): void => {
  github.issue().deletions.length = 0;
};

export const all = (github: FakeGithub): number[] => Array.from({ length: last(github) }, (_, index) => index + 1);
