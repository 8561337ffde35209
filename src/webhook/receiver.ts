/** The policy's webhook: one signed POST for each record, to its own address and to no other. */
import { Webhook } from 'standardwebhooks';
import { Fault } from '../app/fault.ts';
import type { Answer, Clock, Receiver } from '../app/ports.ts';
import { retryAfterMs } from './retry-after.ts';

export interface ReceiverOptions {
  /** As the policy has it, which was checked when the policy was loaded. */
  url: string;
  /** `whsec_` and the key in base64. */
  secret: string;
  /** This action's version, for the user agent. */
  version: string;
  clock: Pick<Clock, 'now'>;
  /** How long one try may take, in ms. */
  tryMs?: number;
}

/** A server that cannot take a small JSON text in so long a time is in trouble. */
const TRY_MS = 5_000;

/** 24 to 64 bytes in base64, as Standard Webhooks wants them; what is longer or shorter was hardly meant as a key. */
const SECRET = /^whsec_(?=.{32,88}$)[A-Za-z0-9+/]+={0,2}$/;

/** A {@link Receiver} that signs by the scheme of Standard Webhooks. Throws a Fault `input` for a secret of another form. */
export function webhookReceiver({ url, secret, version, clock, tryMs = TRY_MS }: ReceiverOptions): Receiver {
  const signer = signerWith(secret);
  const { host } = new URL(url);
  return {
    async deliver({ id, contentType, body }, signal) {
      const at = new Date(clock.now());
      const limit = AbortSignal.timeout(tryMs);
      const headers = {
        'content-type': contentType,
        'user-agent': `debug-approval/${version}`,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signer.sign(id, at, body),
      };
      try {
        // What it answers says nothing to us but its status: an unread body is not waited for.
        const {
          status,
          headers: said,
          body: unread,
        } = await fetch(url, {
          ...{ method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.any([signal, limit]) },
        });
        await unread?.cancel();
        return judge(host, status, retryAfterMs(said.get('retry-after'), clock.now()));
      } catch (error) {
        const late = `${host} did not answer within ${tryMs / 1000} s`;
        return {
          kind: 'busy',
          why: limit.aborted ? late : `${host} cannot be reached (${reasonOf(error)})`,
          afterMs: null,
        };
      }
    },
  };
}

function signerWith(secret: string): Webhook {
  if (SECRET.test(secret)) return new Webhook(secret);
  throw new Fault(
    'input',
    'The input `webhook-secret` is no secret of Standard Webhooks.',
    'Make one with: echo "whsec_$(openssl rand -base64 32)". Store it in the environment debug-approval and give it to the receiver.',
  );
}

/** What may be over in a while, besides all that a server says of itself (5xx). */
const PASSING = [408, 425, 429];

/** What a server says of a text that it cannot take, too long for instance; of an address or a secret it says other things. */
const ABOUT_ONE = [400, 409, 413, 415, 422];

function judge(host: string, status: number, afterMs: number | null): Answer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status >= 300 && status < 400) {
    const why = `${host} redirects (${status}), and records go to no other address than the policy's`;
    return { kind: 'refused', why, what: 'all' };
  }
  if (status === 410)
    return { kind: 'refused', why: `${host} answered 410: it wants no records any more`, what: 'all' };
  const why = `${host} answered ${status}`;
  if (status >= 500 || PASSING.includes(status)) return { kind: 'busy', why, afterMs };
  return { kind: 'refused', why, what: ABOUT_ONE.includes(status) ? 'this' : 'all' };
}

/** The code of a failed connection, such as ECONNREFUSED; never more, since an address may stand in the rest. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}
