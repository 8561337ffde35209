/** What the sandbox's people do on GitHub, each with their own token. */
import * as v from 'valibot';
import { OWNER, PEOPLE, type PersonKey, REPOSITORY, type Town } from './town.ts';

const Comments = v.array(v.object({ id: v.number(), body: v.string() }));

export interface Person {
  comments(issue: number): Promise<{ id: number; body: string }[]>;
  comment(issue: number, body: string): Promise<void>;
  edit(comment: number, body: string): Promise<void>;
  remove(comment: number): Promise<void>;
}

/** Acts as one person. Throws when GitHub refuses. */
export function githubAs({ github }: Town, person: PersonKey): Person {
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${github.url}/repos/${OWNER}/${REPOSITORY}/${path}`, {
      method,
      headers: { authorization: `Bearer ${github.userToken(PEOPLE[person].login)}`, accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  return {
    comments: async (issue) => v.parse(Comments, await send('GET', `issues/${issue}/comments?per_page=100`)),
    comment: async (issue, body) => void (await send('POST', `issues/${issue}/comments`, { body })),
    edit: async (comment, body) => void (await send('PATCH', `issues/comments/${comment}`, { body })),
    remove: async (comment) => void (await send('DELETE', `issues/comments/${comment}`)),
  };
}
