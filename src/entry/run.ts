/** action/run: proves the grant and runs the approved command. Exit code 0 only when the command ended with 0. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@actions/core';
import * as v from 'valibot';
import { Fault, messageOf } from '../app/fault.ts';
import { type Ran, type RunInput, run } from '../app/run.ts';
import { UNSIGNED_JOB } from '../app/unsigned.ts';
import { issueContent } from '../github/issue.ts';
import { runSummary } from '../github/summary.ts';
import { Digest } from '../request/request.ts';
import { childEnvironment, secretValues } from '../runner/environment.ts';
import { createRunner } from '../runner/run.ts';
import { workingCopy } from '../runner/working-copy.ts';
import type { RunInputName, RunOutputName } from './contract.ts';
import { cancellation, githubJob, input, leave, maskTokens, required, tellFailure } from './job.ts';
import { STARTED_ISSUE } from './manual-state.ts';
import { keepHeapSmall } from './small-heap.ts';

const output = (name: RunOutputName, value: string | number): void => core.setOutput(name, value);
const Whole = v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number));

async function main(): Promise<void> {
  keepHeapSmall();
  maskTokens(input('github-token'));
  const given = readInputs();
  const { place, signs, ...job } = githubJob(input('github-token'));
  const cwd = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  const transcriptPath = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `debug-approval-${randomUUID()}.log`);
  const runner = createRunner({
    starter: fileURLToPath(new URL('./exec.js', import.meta.url)),
    clock: job.clock,
    progress: job.progress,
    log: process.stdout,
    transcriptPath,
  });
  const ran = await run(
    {
      ...job,
      runner,
      workingCopy: workingCopy(cwd, process.env),
      draw: issueContent,
      onProven: (inputs) => output('inputs', JSON.stringify(inputs)),
      onRan: tell,
      signal: cancellation(),
    },
    given,
    {
      ...place,
      cwd,
      environment: (allowed) => ({
        env: childEnvironment(process.env, allowed),
        secrets: secretValues(process.env, allowed),
      }),
    },
  );
  if (ran === null) core.saveState(STARTED_ISSUE, given.issue);
  if (!signs) core.summary.addRaw(`⚠️ ${UNSIGNED_JOB}\n`);
}

function readInputs(): RunInput {
  const read = (name: RunInputName): string => required(name, input(name));
  const number = (name: RunInputName): number => {
    const parsed = v.safeParse(Whole, read(name));
    if (parsed.success) return parsed.output;
    throw wrong(name, 'a whole number');
  };
  const hash = (name: RunInputName): string => {
    const parsed = v.safeParse(Digest, read(name));
    if (parsed.success) return parsed.output;
    throw wrong(name, 'sha256: and 64 hex digits');
  };
  return {
    issue: number('issue-number'),
    digest: hash('request-digest'),
    head: hash('log-head'),
    length: number('log-length'),
    policyPath: read('policy'),
  };
}

function wrong(name: RunInputName, wanted: string): Fault {
  return new Fault(
    'input',
    `The input \`${name}\` must be ${wanted}, not "${input(name).slice(0, 80)}".`,
    `Write \`${name}: \${{ needs.ask.outputs.${name} }}\`, as .github/workflows/debug.yml does.`,
  );
}

/** A summary that cannot be written changes nothing of how the command ended. */
async function writeSummary(): Promise<void> {
  if (core.summary.isEmptyBuffer()) return;
  try {
    await core.summary.write();
  } catch (error) {
    core.warning(`The job summary could not be written: ${messageOf(error)} How the command ended is in the log.`);
  }
}

function tell({ ended, transcriptPath, lastLines, retentionDays }: Ran): void {
  output('exit-code', ended.exitCode ?? '');
  output('transcript', ended.transcript === null ? '' : transcriptPath);
  output('transcript-digest', ended.transcript ?? '');
  output('retention-days', retentionDays ?? '');
  output('last-lines', lastLines);
  output('redactions', JSON.stringify(ended.redactions));
  core.summary.addRaw(runSummary(ended));
  if (ended.outcome === 'finished') return;
  process.exitCode = 1;
  const how = ended.reason === 'exit' ? `with exit code ${ended.exitCode}` : `(${ended.reason})`;
  core.error(`The approved command failed ${how}.`, { title: 'Debug Approval' });
}

try {
  await main();
} catch (error) {
  tellFailure(error);
}
// The end of the command is told even where it could not be recorded.
await writeSummary();
await leave();
