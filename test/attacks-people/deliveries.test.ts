/** Deeds that fail, come again or come together: none counts behind its author's back, and none waits for another that cannot be judged. */
import { expect, test } from 'vitest';
import { textsOf } from '../../src/request/dialog.ts';
import { notWritten, unavailable } from '../app/fake-github.ts';
import { inDialog, oneOf, policyWith, sreFrom } from '../app/policies.ts';
import { account, createWorld, eventsOf } from '../app/world.ts';

const TS = '1740909700.000100';

test('§4.6 an approval of which its author was told that it was not recorded, and which they took back, stays away', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  void w.after(10, () => w.reply('bo', 'approve', { ts: TS }));
  void w.after(20, () => w.reply('bo', 'withdraw'));
  // Slack brings what was not acknowledged in time again, a minute and five minutes later.
  void w.after(70, () => w.reply('bo', 'approve', { ts: TS }));
  void w.after(310, () => w.reply('bo', 'approve', { ts: TS }));
  const asked = await asking.result;
  expect(w.slack.answers[0]?.text).toContain('was not recorded');
  expect(asked.approved).toBe(false);
});

test('§4.6 whoever was told that an approval was not recorded approves by another reply', async () => {
  const w = await createWorld(policyWith(oneOf('sre')));
  const asking = w.ask();
  void w.after(9, () => w.github.fail('comment', { fault: notWritten() }));
  void w.after(10, () => w.reply('bo', 'approve', { ts: TS }));
  void w.after(20, () => w.reply('bo', 'approve'));
  expect((await asking.result).approved).toBe(true);
});

test('§4.6 a denial that could not be recorded is not acknowledged: Slack says so where nobody else can', async () => {
  const w = await createWorld(policyWith(sreFrom('slack-group: S0SRE')));
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  const asking = w.ask();
  await w.after(5, () => void w.slack.broken.add('members').add('answer'));
  const ack = w.after(10, () => w.press('bo', 'deny'));
  await asking.result;
  expect(eventsOf(w)).toEqual(['requested', 'expired']);
  expect(await ack).toBe(false);
});

test('§4.6 a denial by comment does not wait behind an approval whose team cannot be read', async () => {
  const w = await createWorld(policyWith(sreFrom('github-team: acme/sre'), oneOf('[sre, di]')));
  w.teams.teams.set('acme/sre', ['bo', 'cy'].map(account));
  const asking = w.ask();
  void w.after(5, () => (w.teams.broken = unavailable()));
  void w.after(10, () => w.comment('bo', '/approve'));
  void w.after(20, () => w.comment('di', '/deny'));
  void w.after(300, asking.cancel);
  expect((await asking.result).view.status).toBe('denied');
  expect(asking.told.join('\n')).toContain('is not recorded yet');
});

test('§4.6 another approver’s denial is recorded in time while a directory takes its time over somebody’s press', async () => {
  const w = await createWorld(policyWith(sreFrom('slack-group: S0SRE'), oneOf('[sre, di]')));
  w.slack.groups.set('S0SRE', ['UBO', 'UCY']);
  w.github.slow = { issue: 400, comment: 400 };
  const asking = w.ask();
  await w.after(5, () => w.slack.slow.set('members', 20_000));
  void w.after(10, () => w.press('bo'));
  void w.after(10.1, () => w.press('cy'));
  expect(await w.after(10.2, () => w.press('di', 'deny'))).toBe(true);
  expect((await asking.result).view.status).toBe('denied');
});

test('§4.1 two dialogs that one person sends off at once are judged each by what it showed', async () => {
  const w = await createWorld(policyWith(...inDialog));
  const asking = w.ask();
  const acks = await w.after(10, async () => {
    const content = await w.pressForDialog('bo');
    if (content?.kind !== 'approval') throw new Error('No dialog.');
    const forged = textsOf(content.dialog).map((text) => text.replace('web', 'api'));
    return Promise.all([w.submit('bo', content, { shown: forged }), w.submit('bo', content)]);
  });
  asking.cancel();
  await asking.result;
  expect(acks.map((ack) => ack?.kind)).toEqual(['kept', 'done']);
});
