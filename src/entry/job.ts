/** What a job in GitHub Actions knows of itself from its environment, and the adapters that follow from it. */
import * as core from '@actions/core';
import { context } from '@actions/github';
import { Fault } from '../app/fault.ts';
import type { Clock, Progress, TrustSource } from '../app/ports.ts';
import { type ApiAddress, parseApiAddress } from '../github/api-address.ts';
import { createClient } from '../github/client.ts';
import { trustFor } from '../github/keys.ts';
import { isGranted, ownIdentity, signer } from '../github/oidc.ts';
import { createRepository } from '../github/repository.ts';
import { runnerIdentity } from '../github/runner-identity.ts';
import { clock } from './clock.ts';
import { withoutCommands } from './plain-log.ts';
import { VERSION } from './version.ts';

/** Prints a line of the job log, in which other people's words may stand: core.info alone would let them be commands. */
export function say(message: string): void {
  core.info(withoutCommands(message));
}

export const progress: Progress = {
  info: say,
  warn: (message) => core.warning(message),
};

/** An input's text without surrounding space; an absent input is empty. */
export function input<Name extends string>(name: Name): string {
  return core.getInput(name);
}

/** Masks what must never be shown, before anything else is printed. */
export function maskTokens(...values: string[]): string[] {
  const secrets = [...values, process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''].filter((value) => value !== '');
  for (const value of secrets) core.setSecret(value);
  return secrets;
}

/** Everything that ask, run and sweep need of GitHub. Throws Faults `input` and `oidc`. */
export function githubJob(token: string) {
  const api = parseApiAddress(context.apiUrl);
  const name = process.env['GITHUB_REPOSITORY'] ?? '';
  const client = createClient({ api, token: required('github-token', token), version: VERSION, job: context.job });
  const oidc = {
    url: process.env['ACTIONS_ID_TOKEN_REQUEST_URL'],
    token: process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  };
  return {
    ...{ client, name },
    repository: createRepository(client, name),
    signer: signer(oidc),
    identity: async () => (isGranted(oidc) ? ownIdentity(oidc) : runnerIdentity(process.env)),
    /** Whether what this job records is signed. */
    signs: isGranted(oidc),
    trust: trustSource(api),
    clock: clock satisfies Clock,
    progress,
    place: {
      runId: context.runId,
      job: context.job,
      serverUrl: context.serverUrl.replace(/\/+$/, ''),
      version: VERSION,
      apiIsLoopback: api.loopback,
    },
  };
}

/** Keys of GitHub's issuer, or of the one that the default branch's policy names. */
export function trustSource(api: ApiAddress): TrustSource {
  return {
    trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback: api.loopback }),
  };
}

/** An input that must not be empty. Throws a Fault `input`. */
export function required(name: string, value: string): string {
  if (value !== '') return value;
  throw new Fault('input', `The input \`${name}\` is missing.`, `Write \`${name}:\` under \`with:\` of this step.`);
}

/** Tells a failure: what, why, what to do; then the step ends with exit code 1. */
export function tellFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof Fault) {
    core.error(`${error.message}\n${error.remedy}`, { title: 'Debug Approval' });
    if (error.cause instanceof Error) core.debug(error.cause.message);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  core.error(`Something unexpected went wrong; nothing more runs. ${text}`, { title: 'Debug Approval' });
}

/** Ends the process once what was printed is out: on some systems a pipe is written later than it looks. */
export async function leave(): Promise<never> {
  await new Promise<void>((done) => process.stdout.write('', () => done()));
  process.exit();
}

/** Fires when the runner cancels the job (SIGINT, then SIGTERM 7.5 s later). */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
