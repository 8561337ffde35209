/** An answer of the sandbox's GitHub, and GitHub's own words for errors. */

export interface Reply {
  status: number;
  /** undefined: no body. */
  json?: unknown;
  /** HTML, instead of JSON. */
  page?: string;
  headers?: Record<string, string>;
}

/** An error that is an answer; thrown by handlers, sent by the front. */
export class Refusal extends Error {
  readonly reply: Reply;
  /** Whether the call still counts against the limits; one that a limit refused does not. */
  readonly counts: boolean;
  constructor(reply: Reply, counts = true) {
    super(`GitHub answers ${reply.status}`);
    this.reply = reply;
    this.counts = counts;
  }
}

const DOCS = 'https://docs.github.com/rest';

/** GitHub's error body. */
export function problem(
  status: number,
  message: string,
  more: { errors?: unknown[]; headers?: Record<string, string>; docs?: string; counts?: boolean } = {},
): Refusal {
  const { errors, headers = {}, docs = DOCS, counts = true } = more;
  const json = {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: docs,
    status: String(status),
  };
  return new Refusal({ status, json, headers }, counts);
}

export const notFound = (): Refusal => problem(404, 'Not Found');
export const badCredentials = (): Refusal => problem(401, 'Bad credentials');

/** 422 as GitHub words it. */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  return problem(422, 'Validation Failed', {
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });
}
