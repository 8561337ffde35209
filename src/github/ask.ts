/** One question to GitHub: its failure becomes a Fault, its answer is parsed before anybody uses it. */
import * as v from 'valibot';
import type { GitHubClient } from './client.ts';
import { type Attempt, answerOf, faultOf, misshapen } from './faults.ts';

type Schema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/** The repository that the questions are about. */
export interface Scope extends GitHubClient {
  owner: string;
  name: string;
}

/** Asks and parses. `doing` completes "Could not …". Throws a Fault. */
export async function ask<S extends Schema>(
  client: GitHubClient,
  doing: string,
  schema: S,
  question: () => Promise<unknown>,
): Promise<v.InferOutput<S>> {
  const attempt = { doing, job: client.job };
  let answer: unknown;
  try {
    answer = await question();
  } catch (error) {
    throw faultOf(error, attempt);
  }
  return parsed(schema, answer, attempt);
}

/** The same for what may be missing: null when GitHub answers 404 or 410. */
export async function askMaybe<S extends Schema>(
  client: GitHubClient,
  doing: string,
  schema: S,
  question: () => Promise<unknown>,
): Promise<v.InferOutput<S> | null> {
  const missing = Symbol('missing');
  const answer: unknown = await ask(client, doing, v.unknown(), async () => {
    try {
      return await question();
    } catch (error) {
      const status = answerOf(error)?.status;
      if (status === 404 || status === 410) return missing;
      throw error;
    }
  });
  return answer === missing ? null : parsed(schema, answer, { doing, job: client.job });
}

function parsed<S extends Schema>(schema: S, answer: unknown, attempt: Attempt): v.InferOutput<S> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw misshapen(attempt, `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
}
