/** POST requests to an app, as GitHub and Slack send them: over connections that are kept, without following redirects. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Posted {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Poster {
  /** Gives the answer; rejects with the signal's reason where that came first, else with why there was none. */
  post(url: string, sent: { headers: Record<string, string>; body: string; signal: AbortSignal }): Promise<Posted>;
  /** Drops the connections that wait for nothing. */
  close(): void;
}

/** `fetch` costs as much processor time as all else that a delivery does, and thousands are sent under load. */
export function createPoster(): Poster {
  const agent = new Agent({ keepAlive: true });
  return {
    post: (url, { headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const failed = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
        const bytes = Buffer.from(body);
        const length = { 'content-length': String(bytes.length) };
        const sent = request(url, { method: 'POST', agent, signal, headers: { ...headers, ...length } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', failed);
          answer.on('end', () => {
            const { statusCode: status = 0, headers: said } = answer;
            resolve({ status, headers: said, text: Buffer.concat(chunks).toString() });
          });
        });
        sent.on('error', failed);
        sent.end(bytes);
      }),
    close: () => agent.destroy(),
  };
}
