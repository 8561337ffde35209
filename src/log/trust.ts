/** Whose signatures the log's verifier believes. Never taken from the log, a token, or a file that the log names. */
import type { JWK } from 'jose';
import type { APPROVAL_ENVIRONMENT } from './names.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** The name under which the gateway's keys stand among the issuers: it is no address, so no OIDC issuer can have it. */
export const GATEWAY_ISSUER = 'debug-approval-gateway';

/** A public key. `until` (RFC 3339): what was signed later does not count; only a gateway's keys have it. */
export type TrustedKey = JWK & { until?: string };

export interface Trust {
  repositoryId: number;
  ownerId: number;
  /** `owner/name` as it is now, for messages; what counts is the ids, so that a renamed repository keeps its logs. */
  repositoryName: string;
  defaultBranch: string;
  /** Issuers of OIDC tokens with their public keys; the gateway too, where the policy names one. */
  issuers: { issuer: string; keys: TrustedKey[] }[];
  /** Workflows that may sign: `path` of this repository, or `owner/name/path` of a called workflow elsewhere. */
  workflows: string[];
  /** The environment of the ask, close and sweep jobs. */
  approvalEnvironment: typeof APPROVAL_ENVIRONMENT;
  /** `accept`: a record without a signature counts too, by the word of its writer alone (src/log/unsigned.ts). */
  unsigned: 'refuse' | 'accept';
  /** Tokens that were verified before; absent: each is verified whenever it is read. */
  verified?: VerifiedTokens;
}
