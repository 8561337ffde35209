/** Who gets in and what they may do, as strict as the real GitHub. */
import { describe, expect, test } from 'vitest';
import { R, start } from './fixture.ts';

const ISSUES = `/repos/${R.owner}/${R.repo}/issues`;

describe('tokens', () => {
  test.each(['/repos/acme/shop', '/rate_limit', '/repos/acme/shop/issues/1'])(
    'an unknown or absent token is refused at %s, and counts against nothing',
    async (path) => {
      const { gh, ask } = await start();
      for (const options of [{}, { token: 'ghs_invented' }]) {
        const answer = await ask('GET', path, options);
        expect(answer).toMatchObject({ status: 401, json: { message: 'Bad credentials' } });
      }
      expect(gh.counts().counted).toBe(0);
    },
  );

  test("a job's token works until the job ends", async () => {
    const { gh, ask, job } = await start();
    const { token, jobId } = job({ issues: 'read' });
    expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 200 });
    gh.endJob(jobId, 'success');
    expect(await ask('GET', ISSUES, { token })).toMatchObject({ status: 401 });
  });

  test("a job's token has its permissions and no others", async () => {
    const { gh, ask, job } = await start();
    const { token } = job({ issues: 'read' });
    const refused = await ask('POST', ISSUES, { token, body: { title: 'x' } });
    expect(refused).toMatchObject({ status: 403, json: { message: 'Resource not accessible by integration' } });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write');
    const { id } = gh.startRun({
      workflowPath: '.github/workflows/debug.yml',
      event: 'schedule',
      ref: 'refs/heads/main',
      sha: '0'.repeat(40),
      actor: { id: 11, login: 'ana' },
      triggeringActor: { id: 11, login: 'ana' },
    });
    expect(await ask('GET', `/repos/acme/shop/actions/runs/${id}`, { token })).toMatchObject({ status: 403 });
    expect(await ask('GET', '/repos/acme/shop/contents/.github', { token })).toMatchObject({ status: 403 });
  });
});

describe('people', () => {
  test('a private repository does not exist for a person without access', async () => {
    const { gh, ask } = await start();
    const token = gh.userToken('cy');
    expect(await ask('GET', '/repos/acme/shop', { token })).toMatchObject({ status: 404 });
    expect(await ask('POST', ISSUES, { token, body: { title: 'x' } })).toMatchObject({ status: 404 });
  });

  test('anybody with write permission edits and deletes any comment; a reader only their own', async () => {
    const { gh, as, ask, job } = await start();
    const bot = as(job({ issues: 'write' }).token);
    const issue = (await bot.issues.create({ ...R, title: 'x' })).data.number;
    const { id } = (await bot.issues.createComment({ ...R, issue_number: issue, body: 'a record' })).data;
    const path = `${ISSUES}/comments/${id}`;
    expect(await ask('PATCH', path, { token: gh.userToken('bo'), body: { body: 'forged' } })).toMatchObject({
      status: 403,
    });
    expect(await ask('DELETE', path, { token: gh.userToken('bo') })).toMatchObject({ status: 403 });
    const own = (await as(gh.userToken('bo')).issues.createComment({ ...R, issue_number: issue, body: 'mine' })).data;
    await as(gh.userToken('bo')).issues.updateComment({ ...R, comment_id: own.id, body: 'still mine' });
    expect(await ask('PATCH', path, { token: gh.userToken('ana'), body: { body: 'forged' } })).toMatchObject({
      status: 200,
    });
    expect(await ask('DELETE', path, { token: gh.userToken('ana') })).toMatchObject({ status: 204 });
  });

  test("in a locked issue only people with write permission comment, and no job's token until the job unlocks it", async () => {
    const { gh, as, ask, job } = await start();
    const { token } = job({ issues: 'write' });
    const bot = as(token);
    const issue = (await bot.issues.create({ ...R, title: 'x' })).data.number;
    await bot.issues.lock({ ...R, issue_number: issue, lock_reason: 'resolved' });
    const write = (by: string) => ask('POST', `${ISSUES}/${issue}/comments`, { token: by, body: { body: 'hi' } });
    const refused = { status: 403, json: { message: 'Unable to create comment because issue is locked.' } };
    expect(await write(gh.userToken('bo'))).toMatchObject(refused);
    expect(await write(token)).toMatchObject(refused);
    expect(await write(gh.userToken('ana'))).toMatchObject({ status: 201 });
    expect((await bot.issues.update({ ...R, issue_number: issue, title: 'y' })).data).toMatchObject({
      title: 'y',
      locked: true,
      active_lock_reason: 'resolved',
    });
    await bot.issues.unlock({ ...R, issue_number: issue });
    expect(await write(token)).toMatchObject({ status: 201 });
    expect((await bot.issues.get({ ...R, issue_number: issue })).data).toMatchObject({
      locked: false,
      active_lock_reason: null,
    });
    await bot.issues.lock({ ...R, issue_number: issue });
    expect((await bot.issues.get({ ...R, issue_number: issue })).data.locked).toBe(true);
    expect(gh.violations).toEqual([]);
  });

  test('locking and unlocking take permission to write', async () => {
    const { gh, as, ask, job } = await start();
    const issue = (await as(job({ issues: 'write' }).token).issues.create({ ...R, title: 'x' })).data.number;
    for (const method of ['PUT', 'DELETE']) {
      for (const token of [gh.userToken('bo'), job({ issues: 'read' }).token]) {
        expect(await ask(method, `${ISSUES}/${issue}/lock`, { token })).toMatchObject({ status: 403 });
      }
    }
  });

  test("a person's role on the repository is told to those with write permission", async () => {
    const { gh, as, ask } = await start();
    const { data } = await as(gh.userToken('ana')).repos.getCollaboratorPermissionLevel({ ...R, username: 'di' });
    expect(data).toMatchObject({ permission: 'admin', role_name: 'admin', user: { id: 14, login: 'di' } });
    const path = '/repos/acme/shop/collaborators/di/permission';
    expect(await ask('GET', path, { token: gh.userToken('bo') })).toMatchObject({ status: 403 });
  });
});
