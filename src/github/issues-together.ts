/** Reads issues that are asked for at nearly the same time by one query: in a rush each would cost a call, and most of its time. */
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { IssueSnapshot } from '../app/ports.ts';
import { ask, type Scope } from './ask.ts';
import { readIssue, snapshot } from './facts.ts';
import { graphqlErrorsOf } from './faults.ts';
import { issuesQuery } from './queries.ts';
import { GraphqlIssue } from './shapes.ts';

/** Between two queries lies so much time, in ms; what is asked meanwhile goes with the second. Nobody waits longer for company. */
const APART_MS = 20;
/** So many issues at most by one query: far from GitHub's limits of nodes and of time. */
const MOST = 10;

type Found = PromiseWithResolvers<IssueSnapshot>;

/** The port's `issue`: as `readIssue`. What is asked is always read after it was asked. */
export function issueReader(scope: Scope): (number: number) => Promise<IssueSnapshot> {
  let waiting = new Map<number, Found>();
  let last = Number.NEGATIVE_INFINITY;
  const send = (): void => {
    last = performance.now();
    const asked = [...waiting];
    waiting = new Map();
    for (let n = 0; n < asked.length; n += MOST) void readAll(scope, asked.slice(n, n + MOST));
  };
  return (number) => {
    const found = waiting.get(number) ?? Promise.withResolvers<IssueSnapshot>();
    const isFirst = waiting.size === 0;
    waiting.set(number, found);
    const early = last + APART_MS - performance.now();
    if (isFirst && early <= 0) send();
    else if (isFirst) void pause(early).then(send);
    return found.promise;
  };
}

/** Never rejects. Whoever cannot be read with the others is read alone: what is wrong with one issue is told of that one. */
async function readAll(scope: Scope, asked: readonly [number: number, found: Found][]): Promise<void> {
  const numbers = asked.map(([number]) => number);
  const together = numbers.length === 1 ? null : readTogether(scope, numbers);
  await Promise.all(
    asked.map(async ([number, { resolve, reject }], n) => {
      try {
        const issue = (await together)?.[n] ?? null;
        resolve(issue === null ? await readIssue(scope, number) : await snapshot(scope, issue));
      } catch (error) {
        reject(error);
      }
    }),
  );
}

const Together = v.looseObject({ repository: v.record(v.string(), v.unknown()) });

/** In the order of the numbers; null: GitHub did not give it, or not whole. Throws a Fault where it gives none. */
async function readTogether(scope: Scope, numbers: readonly number[]): Promise<(GraphqlIssue | null)[]> {
  const variables = Object.fromEntries(numbers.map((number, n) => [`n${n}`, number]));
  const broken = new Set<unknown>();
  const doing = `read the issues ${numbers.map((number) => `#${number}`).join(', ')}`;
  const { repository } = await ask(scope, doing, Together, async () => {
    try {
      const at = { owner: scope.owner, name: scope.name };
      return await scope.octokit.graphql(issuesQuery(numbers.length), { ...at, ...variables });
    } catch (error) {
      const answer = graphqlErrorsOf(error);
      const isOfOne = answer?.errors.every(({ path }) => path?.[0] === 'repository' && path[1] !== undefined);
      if (isOfOne !== true || answer?.data == null) throw error;
      for (const { path } of answer.errors) broken.add(path?.[1]);
      return answer.data;
    }
  });
  return numbers.map((_, n) => {
    const parsed = broken.has(`issue${n}`) ? null : v.safeParse(GraphqlIssue, repository[`issue${n}`]);
    return parsed?.success === true ? parsed.output : null;
  });
}
