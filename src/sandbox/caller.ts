/** The sandbox's own HTTP calls on loopback, over kept connections: thousands of them cost little beside what is measured. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { textOf } from './text.ts';

export interface Call {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Until the whole answer must have come, in ms; without it there is no end. */
  patienceMs?: number;
}

export interface Called {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

export interface Caller {
  /** Follows no redirect. Throws where nobody answers whole: an error named `TimeoutError` once the patience is over. */
  call(url: string, call: Call): Promise<Called>;
  /** Cuts what is under way; later calls throw. */
  close(): void;
}

/** Calls over so many connections to one server at most; further calls wait for one, and their patience runs. */
export function createCaller(connections: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let closed = false;
  return {
    call(url, { method, headers, body, patienceMs }) {
      if (closed) return Promise.reject(new Error(`The sandbox is closed and calls ${url} no more.`));
      return new Promise((done, fail) => {
        const sent = request(url, { method, headers, agent });
        const late = patienceMs === undefined ? undefined : setTimeout(() => sent.destroy(tooLate(url)), patienceMs);
        sent.once('error', fail);
        sent.once('response', (answer) => {
          const { statusCode: status = 0, headers: told } = answer;
          textOf(answer).then((text) => done({ status, headers: told, text }), fail);
        });
        sent.once('close', () => clearTimeout(late));
        sent.end(body);
      });
    },
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

const tooLate = (url: string): Error => new DOMException(`${url} has not answered in time.`, 'TimeoutError');
