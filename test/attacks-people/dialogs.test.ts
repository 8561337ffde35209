/** What comes from a dialog that somebody was not shown, or comes once more: it puts no word into anybody's mouth. */
import { expect, test } from 'vitest';
import { inDialog, oneOf, policyWith } from '../app/policies.ts';
import { createWorld } from '../app/world.ts';

test('§4.1 words that another holder of the bot token put into the dialog’s metadata are nobody’s comment', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    if (content?.kind !== 'approval') throw new Error('No dialog.');
    const metadata = JSON.stringify({ ...JSON.parse(content.metadata), comment: 'I checked the backups myself' });
    await w.submit('bo', content, { metadata });
  });
  void w.after(60, asking.cancel);
  await asking.result;
  expect(JSON.stringify(w.records())).not.toContain('I checked the backups myself');
});

test('§4.4 a dialog that arrives once more after its approval was withdrawn approves nothing', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    const evidence = { view: 'V0ONCE' };
    await w.submit('bo', content, { evidence });
    await w.reply('bo', 'withdraw');
    await w.clock.sleep(1_000);
    await w.submit('bo', content, { evidence });
  });
  void w.after(60, asking.cancel);
  expect((await asking.result).reading.state.decisions).toEqual([]);
});

test('a dialog that was refused stays open, and approves once it is sent off as it should be', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  void w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    const evidence = { view: 'V0ONCE' };
    expect(await w.submit('bo', content, { evidence, shown: [] })).toMatchObject({ kind: 'kept' });
    await w.submit('bo', content, { evidence });
  });
  void w.after(60, asking.cancel);
  expect((await asking.result).reading.state.decisions).toMatchObject([{ person: 'bo' }]);
});

test('§4.9 a secret is masked before what somebody wrote is cut: no part of it gets on record', async () => {
  const secret = 'hunter2-correct-horse';
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask({ secrets: [secret] });
  void w.after(10, () => w.reply('bo', `approve ${'x'.repeat(1_990)} ${secret}`));
  await asking.result;
  expect(w.records().flatMap(({ events }) => events.map(({ type }) => type))).toContain('decided');
  expect(JSON.stringify(w.records())).not.toContain('hunter2');
});

test('§4.9 a secret in a slash command is masked before its field in the dialog is filled', async () => {
  const secret = 'hunter2-correct-horse';
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask({ secrets: [secret] });
  void w.after(10, () => w.slash('bo', 'approve', `1 ${'x'.repeat(1_990)} ${secret}`));
  void w.after(60, asking.cancel);
  await asking.result;
  const [dialog] = w.slack.dialogs;
  expect(dialog?.content).toMatchObject({ kind: 'approval', comment: expect.stringContaining('xxx') });
  expect(JSON.stringify(dialog)).not.toContain('hunter2');
});
