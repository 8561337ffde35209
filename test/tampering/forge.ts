/** Records that attackers make up for the first request, well formed and chained, and the tokens that sign them. */
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Log, nextRecord, readLog } from '../../src/log/chain.ts';
import { renderComment } from '../../src/log/comment.ts';
import {
  type Draft,
  type Record as LogRecord,
  sealRecord,
  signatureAudience,
  signedRecord,
} from '../../src/log/record.ts';
import type { Event } from '../../src/request/events.ts';
import type { FakeGithub } from '../app/fake-github.ts';
import { askClaims, type Place } from './place.ts';

/** What most of them say: a denial by Di, who may decide. */
export const DENIAL: Event = {
  ...{ type: 'decided', decision: 'deny', person: 'di', comment: '', shown: null, checklist: [], left: [] },
};

/** Who writes: what the record says of it, and what the token does where that differs. */
export interface Forgery {
  events?: Event[];
  writer?: Partial<Draft['writer']>;
  claims?: Record<string, unknown>;
  /** Left out: the issuer's own key. */
  key?: { privateKey: Parameters<SignJWT['sign']>[0]; kid: string };
  /** Changes the record before it is sealed. */
  change?: Partial<Draft>;
}

/** The log of the first request as it stands in the replay. */
export function logOf({ believed }: Place, github: FakeGithub): Promise<Log> {
  return readLog(github.snapshot(1), believed);
}

/** The comment of a made up record that follows those that are there. */
export async function forged(place: Place, github: FakeGithub, how: Forgery = {}): Promise<string> {
  const log = await logOf(place, github);
  const record = { ...nextRecord(log, contentOf(place.run, how)) };
  const sealed = sealRecord({ ...unsealed(record), ...how.change });
  const claims = { ...askClaims(place.run), ...how.claims };
  const token = await place.town.github.mintOidc(claims, signatureAudience(sealed.hash));
  return commentOf(signedRecord(sealed, how.key === undefined ? token : await signedAnew(token, how.key)));
}

export function commentOf(record: LogRecord): string {
  const rendered = renderComment(record);
  if (!rendered.ok) throw new Error(rendered.message);
  return rendered.body;
}

/** A record that claims to open nothing and to follow nothing: what a key signed before the request was there. */
export function stale(run: number): LogRecord {
  return sealRecord({ v: 1, seq: 1, prev: [], ...contentOf(run, {}) });
}

/** The same token by another key. */
async function signedAnew(token: string, { privateKey, kid }: NonNullable<Forgery['key']>): Promise<string> {
  return new SignJWT(decodeJwt(token)).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}

/** A key that the issuer never had. */
export async function foreignKey() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
}

function unsealed({ hash: _, sig: __, ...draft }: LogRecord): Draft {
  return draft;
}

function contentOf(run: number, { events = [DENIAL], writer }: Forgery): Omit<Draft, 'v' | 'seq' | 'prev'> {
  return {
    ...{ issue: 1, request: `870000001/${run}/1`, at: new Date().toISOString(), events },
    by: {
      person: 'di',
      name: 'Di',
      github: { id: 104, login: 'di-dev' },
      slack: null,
      via: 'issue-comment',
      evidence: {},
    },
    sentence: 'Di denied this request.',
    writer: { run, attempt: 1, job: 'ask', environment: 'debug-approval', ...writer },
  };
}
