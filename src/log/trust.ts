/** Whose signatures the log's verifier believes. Never taken from the log, a token, or a file that the log names. */
import type { JWK } from 'jose';
import type { APPROVAL_ENVIRONMENT } from './names.ts';

export interface Trust {
  repositoryId: number;
  ownerId: number;
  /** `owner/name` as it is now, for messages; what counts is the ids, so that a renamed repository keeps its logs. */
  repositoryName: string;
  defaultBranch: string;
  /** Issuers of OIDC tokens with their public keys. */
  issuers: { issuer: string; keys: JWK[] }[];
  /** Workflows that may sign: `path` of this repository, or `owner/name/path` of a called workflow elsewhere. */
  workflows: string[];
  /** The environment of the ask, close and sweep jobs. */
  approvalEnvironment: typeof APPROVAL_ENVIRONMENT;
  /** `accept`: a record without a signature counts too, by the word of its writer alone (src/log/unsigned.ts). */
  unsigned: 'refuse' | 'accept';
}
