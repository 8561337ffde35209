/** What the policy says of redaction holds for every text of a request, and whoever asks is told what was masked. */
import { expect, test } from 'vitest';
import { key, policyWith } from './policies.ts';
import { createWorld, faultOf } from './world.ts';

const CHOSEN = policyWith(
  key("redaction: { off: [ipv4], patterns: [{ id: order, pattern: 'ORD-[0-9]{8}' }], allow: [help@example.com] }"),
);
const TOKEN = `ghp_${'0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX'}`;
const TEXT = 'ORD-12345678 of bo@example.com at 10.20.30.40; ask help@example.com';
const MASKED = '‹order#1› of ‹email#1› at 10.20.30.40; ask help@example.com';

test('reason, comments and the command’s output are masked by the policy’s choice; of an input only what is a key to something', async () => {
  const w = await createWorld(CHOSEN);
  const asking = w.ask({ input: { reason: TEXT, inputs: { service: 'web', note: `ORD-12345678 10.0.0.5 ${TOKEN}` } } });
  void w.after(10, () => w.comment('bo', `/approve ${TEXT}`));
  void w.after(20, () => w.press('cy'));
  const asked = await asking.result;
  expect(asked.view.request).toMatchObject({
    reason: MASKED,
    inputs: { note: 'ORD-12345678 10.0.0.5 ‹github-token#1›' },
  });
  expect(asked.view.decisions[0]).toMatchObject({ comment: MASKED });
  await w.debug(asked);
  expect(w.commands[0]?.argv.at(-1)).toBe('--note=ORD-12345678 10.0.0.5 ‹github-token#1›');
  expect(w.choices).toMatchObject([{ off: ['ipv4'], allow: ['help@example.com'], patterns: [{ id: 'order' }] }]);
});

test('whoever asks reads in the job’s log what was masked where, by detector and count, and no value', async () => {
  const w = await createWorld(CHOSEN);
  const note = TOKEN;
  const asking = w.ask({ input: { reason: `${TEXT} or ed@example.com`, inputs: { service: 'web', note } } });
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  expect(asking.told).toContain(
    '! Masked before anybody sees it: reason (email 2, order 1); input note (github-token 1). The command gets its inputs so, too. What must stay, `redaction` in the policy can allow.',
  );
  expect(asking.told.join('\n')).not.toMatch(/ORD-\d|(bo|ed)@example|ghp_/);
});

test('what the policy lets stay, stays in inputs, too, as the message says to whom one was masked', async () => {
  const policy = (redaction: string) => policyWith(key(`redaction: { ${redaction} }`));
  for (const redaction of [`allow: [${TOKEN}]`, 'off: [github-token]']) {
    const w = await createWorld(policy(redaction));
    const asking = w.ask({ input: { inputs: { service: 'web', note: TOKEN } } });
    void w.after(10, () => w.press('bo', 'deny'));
    expect((await asking.result).view.request.inputs).toMatchObject({ note: TOKEN });
  }
});

test('where nothing was masked nothing is said of it', async () => {
  const w = await createWorld();
  const asking = w.ask();
  void w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  expect(asking.told.join('\n')).not.toContain('Masked');
});

test('whoever asks wrongly because a value was masked reads that it was', async () => {
  const w = await createWorld();
  const input = { inputs: { service: TOKEN } };
  const { message } = await faultOf(w.ask({ input }).result);
  expect(message).toContain('Masked before anybody sees it: input service (github-token 1).');
  expect(message).not.toContain('ghp_');
});

test('the last lines that the debug job hands over are masked anew by the policy’s choice before they are said', async () => {
  const w = await createWorld(
    CHOSEN.replace('slack: { channel: C0APPROVE }', 'slack: { channel: C0APPROVE, last-lines: 3 }'),
  );
  const asking = w.ask();
  void w.after(10, () => w.press('bo'));
  void w.after(20, () => w.press('cy'));
  await w.debug(await asking.result);
  const what = { what: { kind: 'own-run' as const }, debugResult: 'success' as const };
  const workflow = { path: '.github/workflows/debug.yml', ref: 'refs/heads/main' };
  await w.sweep({ ...what, lastLines: TEXT }, { run: { id: 9001, attempt: 1 }, event: 'workflow_dispatch', workflow });
  expect(w.slack.said.map(({ text }) => text)).toEqual([
    `The debug job finished with exit code 0. Its last lines, masked:\n${MASKED}`,
  ]);
});
