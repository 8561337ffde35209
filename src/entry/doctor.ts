/** action/doctor: looks at the set-up with this job's own rights. Exit code 1 where something is wrong or could not be looked at at all. */
import * as core from '@actions/core';
import { context } from '@actions/github';
import { summaryOf } from '../app/doctor/summary.ts';
import { examine } from '../app/doctor.ts';
import { parseApiAddress } from '../github/api-address.ts';
import { createClient } from '../github/client.ts';
import { createInspector } from '../github/inspect.ts';
import { probeIdentity } from '../github/probe.ts';
import { createRepository } from '../github/repository.ts';
import { clock } from './clock.ts';
import { doctorAnnotation, doctorMarkdown, doctorTable } from './doctor-table.ts';
import { input, leave, maskTokens, required, say, tellFailure } from './job.ts';
import { inspectedSlack } from './slack-inspected.ts';
import { teamsFor } from './teams.ts';
import { VERSION } from './version.ts';

/** Where the runner took this action from; empty for one of the workspace. */
const originOf = (repository: string | undefined): { name: string } | null =>
  repository === undefined || repository === '' ? null : { name: repository };

async function main(): Promise<void> {
  const tokens = { bot: input('slack-bot-token'), app: input('slack-app-token') };
  maskTokens(input('github-token'), input('directory-token'), tokens.bot, tokens.app);
  const tryWrites = core.getBooleanInput('try-writes');
  const api = parseApiAddress(context.apiUrl);
  const token = required('github-token', input('github-token'));
  const client = createClient({ api, token, version: VERSION, job: context.job });
  const name = process.env['GITHUB_REPOSITORY'] ?? '';
  const oidc = {
    url: process.env['ACTIONS_ID_TOKEN_REQUEST_URL'],
    token: process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  };
  const findings = await examine(
    {
      repository: createRepository(client, name),
      inspector: createInspector(client, name),
      slack: await inspectedSlack(tokens),
      teams: teamsFor(input('directory-token')),
      job: { identity: (signers) => probeIdentity(oidc, signers, { apiIsLoopback: api.loopback }) },
      clock,
    },
    {
      policyPath: input('policy'),
      ...{ api, version: VERSION, tryWrites, origin: originOf(process.env['GITHUB_ACTION_REPOSITORY']) },
      tokens: { bot: tokens.bot !== '', app: tokens.app !== '' },
    },
  );
  const summary = summaryOf(findings);
  for (const line of doctorTable(findings, summary).split('\n')) say(line);
  await core.summary.addRaw(doctorMarkdown(findings, summary)).write();
  for (const { health, what, remedy } of findings) {
    if (health === 'wrong')
      core.error(doctorAnnotation(`${what}\n${remedy ?? ''}`), { title: 'Debug Approval doctor' });
  }
  if (summary.exitCode === 0) return;
  process.exitCode = 1;
  // What could not be looked at at all is no finding that is wrong, and yet must show.
  if (summary.exitCode === 2) core.error(doctorAnnotation(summary.sentence), { title: 'Debug Approval doctor' });
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
await leave();
