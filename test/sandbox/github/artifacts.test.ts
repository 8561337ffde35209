/** Artifacts of runs: one of a name in each attempt, for so many days, and listed as expired after that. */
import { expect, test } from 'vitest';
import { R, start } from './fixture.ts';

const DAY_MS = 86_400_000;
const upload = { name: 'transcript-1', size: 5, digest: `sha256:${'a'.repeat(64)}`, retentionDays: null };

async function given() {
  const { gh, job, run, as } = await start();
  const { jobId, token } = job({ actions: 'write' });
  const rest = as(token).rest.actions;
  const listed = async () => (await rest.listArtifactsForRepo(R)).data.artifacts;
  return { gh, job, run, rest, jobId, listed };
}

test('an attempt has one artifact of a name; other attempts and runs may use it too', async () => {
  const { gh, run, jobId, rest, listed } = await given();
  const first = gh.storeArtifact(jobId, upload);
  expect(first).toMatchObject({ kind: 'stored' });
  expect(gh.storeArtifact(jobId, upload)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('(409) Conflict: an artifact with this name already exists on the workflow run'),
  });
  const [{ workflow_run } = { workflow_run: null }] = await listed();
  const runId = workflow_run?.id ?? 0;
  const attempt = gh.startAttempt(runId, { id: 11, login: 'ana' });
  const next = gh.startJob({ runId, attempt, key: 'debug', environment: null, permissions: {} });
  if (next.kind === 'refused') throw new Error(next.reason);
  expect(gh.storeArtifact(next.jobId, upload)).toMatchObject({ kind: 'stored' });
  gh.addArtifact(run(), 'transcript-1', 'lines');
  expect((await listed()).map(({ name }) => name)).toEqual(['transcript-1', 'transcript-1', 'transcript-1']);
  const { data } = await rest.listWorkflowRunArtifacts({ ...R, run_id: runId });
  expect(data).toMatchObject({ total_count: 2, artifacts: [{ size_in_bytes: 5, digest: upload.digest }, {}] });
  expect(gh.violations).toEqual([]);
});

test('a job that is over uploads nothing', async () => {
  const { gh, jobId } = await given();
  gh.endJob(jobId, 'success');
  expect(() => gh.storeArtifact(jobId, upload)).toThrow('no running job');
});

test.each([
  [1, 1],
  [400, 90],
  [null, 90],
])('an artifact that is to stay %s days expires after %s', async (retentionDays, days) => {
  const { gh, jobId, listed } = await given();
  gh.storeArtifact(jobId, { ...upload, retentionDays });
  const [{ created_at, expires_at, expired } = { created_at: '', expires_at: '', expired: true }] = await listed();
  expect(Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')).toBe(days * DAY_MS);
  expect(expired).toBe(false);
});

test('an artifact whose time is over is listed as expired', async () => {
  const { gh, run, listed } = await given();
  gh.expireArtifact(gh.addArtifact(run(), 'transcript-1', 'lines'));
  expect(await listed()).toMatchObject([{ name: 'transcript-1', expired: true }]);
  expect(gh.violations).toEqual([]);
});
