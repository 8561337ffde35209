/** Tries whether a job can sign: an ID token that signs no record, held against the keys of the issuer that is trusted. */
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Fault } from '../app/fault.ts';
import type { IdentityProbe } from '../app/ports.ts';
import { reasonOf } from './faults.ts';
import { fetchKeys, GITHUB_ISSUER, type KeyOptions } from './keys.ts';
import { jobIdentity, type OidcEndpoint, signer } from './oidc.ts';

/** No hash: a token for it can stand in no record. */
const NOTHING = 'doctor';

/**
 * What the job's token says, once verified; null: the job may not ask for one. Throws a Fault `oidc` where there is none all the
 * same, or its issuer's keys do not fit.
 */
export async function probeIdentity(
  endpoint: OidcEndpoint,
  signers: { issuer?: string },
  options: KeyOptions,
): Promise<IdentityProbe | null> {
  const trusted = signers.issuer ?? GITHUB_ISSUER;
  const token = await signer(endpoint).sign(NOTHING);
  if (token === null) return null;
  const { repositoryId, environment, workflow } = jobIdentity(token);
  const issuer = decodeJwt(token).iss ?? '';
  // Another issuer's keys are not even asked for: the finding is that it is another.
  if (issuer === trusted) await verify(token, issuer, options);
  return { issuer, trusted, repositoryId, environment, workflow };
}

async function verify(token: string, issuer: string, options: KeyOptions): Promise<void> {
  const keys = await fetchKeys(issuer, options);
  try {
    await jwtVerify(token, createLocalJWKSet({ keys }), { issuer, audience: `debug-approval:${NOTHING}` });
  } catch (error) {
    throw new Fault(
      'oidc',
      `The keys of ${issuer} do not verify the token that it has just signed: ${reasonOf(error)}.`,
      'Try again; if it stays, look at https://www.githubstatus.com.',
      { cause: error },
    );
  }
}
