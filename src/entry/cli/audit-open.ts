/** Opens an audit of a repository on GitHub for a command. */
import { type Auditor, openAudit } from '../../app/audit.ts';
import { serverOf } from '../../app/init/server.ts';
import type { TrustSource } from '../../app/ports.ts';
import { createAuditSource } from '../../github/audit.ts';
import { issueContent } from '../../github/issue.ts';
import { GITHUB_ISSUER, trustFor } from '../../github/keys.ts';
import { createRepository } from '../../github/repository.ts';
import { clock } from '../clock.ts';
import { VERSION } from '../version.ts';
import type { ProgressLine } from './audit-progress.ts';
import { trustedKeys } from './audit-trust.ts';
import { githubFromShell } from './github.ts';

/**
 * An audit of a repository on GitHub with the keys that these exports vouch for; `onWait` is told of GitHub's limits. Throws
 * Faults.
 */
export async function auditorFor(
  name: string,
  options: {
    policy: string;
    trust?: string[];
    issuer?: string;
    gatewayKey?: string[];
    onWait: (seconds: number) => void;
  },
): Promise<Auditor> {
  const { api, client } = githubFromShell({ onWait: options.onWait });
  const apiIsLoopback = api.loopback;
  const trust: TrustSource = { trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback }) };
  const deps = {
    repository: createRepository(client, name),
    source: createAuditSource(client, name),
    trust,
    clock,
    draw: issueContent,
    version: VERSION,
  };
  const vouched = await trustedKeys(options.trust ?? []);
  const { issuer, issuerKnown } = serverOf(api);
  const own = issuerKnown ? [issuer ?? GITHUB_ISSUER] : [];
  const issuers = options.issuer === undefined ? own : [...own, options.issuer];
  const gatewayKeys = options.gatewayKey ?? [];
  return openAudit(deps, { policyPath: options.policy, apiIsLoopback, vouched, issuers, gatewayKeys });
}

/** Says on the line of progress that GitHub wants a pause. */
export const waiting = (progress: ProgressLine) => (seconds: number) =>
  progress.say(`GitHub's rate limit is reached; going on in ${seconds} s`);
