/** The envelope by which the gateway asks for somebody: what they asked in Slack, signed, for one repository and for five minutes. */
import { compactVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { canonicalJson, sha256 } from './canonical.ts';
import type { GatewayKeyPair } from './gateway-token.ts';
import { GATEWAY_ISSUER, type Trust } from './trust.ts';
import { keyFor } from './verifying-keys.ts';

/** No record's audience is this: an envelope signs no record, and no record's signature is an envelope. */
export const ENVELOPE_AUDIENCE = 'debug-approval:request';
/** So long it may begin a run, in seconds. */
const LIFETIME_S = 300;
/** How far the clocks of the gateway and of GitHub may lie apart, in seconds. */
export const SKEW_S = 120;

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Digits = v.pipe(v.string(), v.regex(/^[1-9]\d{0,15}$/), v.transform(Number), v.safeInteger());
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** All that the token says. */
const Payload = v.strictObject({
  iss: v.literal(GATEWAY_ISSUER),
  aud: v.literal(ENVELOPE_AUDIENCE),
  iat: Moment,
  exp: Moment,
  jti: v.pipe(v.string(), v.uuid()),
  repository_id: Digits,
  repository_owner_id: Digits,
  person: Text,
  slack: v.strictObject({ team: Text, user: Text }),
  github: v.strictObject({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), login: Text }),
  request: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
});

/** Who asked, as the policy names them and by both of their accounts, and the hash of what they asked. */
export type Enveloped = Pick<v.InferOutput<typeof Payload>, 'person' | 'slack' | 'github' | 'request' | 'jti'>;

/** What somebody asked in Slack, as the workflow run that it begins must ask it. */
export interface EnvelopedAsk {
  runbook: string;
  target: string;
  /** A JSON object. */
  inputs: unknown;
  reason: string;
  ticket: string;
  urgency: string;
  /** In seconds; null: the runbook's own. */
  duration: number | null;
  wait: string;
}

/** The hash of what is asked: SHA-256 of its RFC 8785 JSON. null: it has no such form (a lone surrogate), so nobody signed it. */
export function askHash(ask: EnvelopedAsk): string | null {
  const { runbook, target, inputs, reason, ticket, urgency, duration, wait } = ask;
  try {
    return sha256(canonicalJson({ duration, inputs, reason, runbook, target, ticket, urgency, wait }));
  } catch {
    // Thrown for nothing but what has no canonical form: that is the answer.
    return null;
  }
}

/** Signs an envelope for one repository. `now` is in ms since 1970. */
export function envelopeToken(
  { name, key }: GatewayKeyPair,
  repository: { id: number; ownerId: number },
  { jti, person, slack, github, request }: Enveloped,
  now: number,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const ids = { repository_id: String(repository.id), repository_owner_id: String(repository.ownerId) };
  return new SignJWT({ ...ids, person, slack, github, request })
    .setProtectedHeader({ alg: 'EdDSA', kid: name })
    .setIssuer(GATEWAY_ISSUER)
    .setAudience(ENVELOPE_AUDIENCE)
    .setJti(jti)
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_S)
    .sign(key);
}

export type EnvelopeResult =
  | {
      ok: true;
      envelope: Enveloped;
      /** Before it nothing can have used it, in ms since 1970. */
      unusedBefore: number;
    }
  | { ok: false; why: string };

/**
 * Whether an envelope may begin a run that GitHub made at `createdAt` (RFC 3339): by a key of the policy that is in use, for this
 * repository, in time. Resolves to a refusal with its reason as the end of a sentence, never rejects; nothing in the token chooses
 * an algorithm or an issuer.
 */
export async function verifyEnvelope(token: string, trust: Trust, createdAt: string): Promise<EnvelopeResult> {
  const verified = await payloadOf(token, trust);
  if (!verified.ok) return verified;
  const parsed = v.safeParse(Payload, verified.payload);
  if (!parsed.success) return no('it is none of the gateway');
  const { iat, exp, repository_id: id, repository_owner_id: owner, ...claims } = parsed.output;
  if (id !== trust.repositoryId || owner !== trust.ownerId) {
    return no(`it is for repository ${id} of owner ${owner}, not for ${trust.repositoryName} (${trust.repositoryId})`);
  }
  const begun = Date.parse(createdAt) / 1000;
  if (exp !== iat + LIFETIME_S) return no(`it would live for ${exp - iat} s, and it must be ${LIFETIME_S} s`);
  if (!(begun <= exp))
    return no(`it was written ${Math.round(begun - iat)} s before this run; ${LIFETIME_S} s are allowed`);
  if (begun < iat - SKEW_S) {
    return no(`it was written ${Math.round(iat - begun)} s after this run began: the gateway's clock is wrong`);
  }
  const { jti, person, slack, github, request } = claims;
  return { ok: true, envelope: { jti, person, slack, github, request }, unusedBefore: (iat - SKEW_S) * 1000 };
}

async function payloadOf(
  token: string,
  trust: Trust,
): Promise<{ ok: true; payload: unknown } | { ok: false; why: string }> {
  try {
    const { payload } = await compactVerify(
      token,
      async ({ kid }) => {
        const found = await keyFor(trust, GATEWAY_ISSUER, kid ?? '');
        if (!found.ok) throw new TypeError(`the policy has no key ${JSON.stringify(kid ?? '').slice(0, 60)}`);
        if (found.until !== null) throw new TypeError(`the key ${kid} is retired`);
        return found.key;
      },
      { algorithms: ['EdDSA'] },
    );
    return { ok: true, payload: JSON.parse(new TextDecoder().decode(payload)) };
  } catch (error) {
    // jose throws for whatever does not verify, JSON.parse for what is no JSON: that is the answer.
    return no(error instanceof Error ? error.message : String(error));
  }
}

function no(why: string): { ok: false; why: string } {
  return { ok: false, why };
}
