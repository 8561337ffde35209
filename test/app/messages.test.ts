/** Every message of the ask job that a person can see, as they read it. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { notConfirmed, notWritten } from './fake-github.ts';
import { inDialog, key, oneOf, policyWith, sreFrom } from './policies.ts';
import { account, createWorld, faultOf, type World } from './world.ts';

interface Scene {
  policy?: string;
  prepare?: (w: World) => void;
  ask?: Parameters<World['ask']>[0];
  /** What happens, each ten seconds after the one before. */
  deeds: ((w: World) => unknown)[];
}

const GLASS = key('break-glass: { who: [ana], targets: [production], review: { by: [security], within: 24h } }');
const TEAM = sreFrom('github-team: acme/sre');
const team = (w: World) => void w.teams.teams.set('acme/sre', ['bo', 'cy'].map(account));
const broken =
  (...calls: Parameters<World['slack']['broken']['add']>[0][]) =>
  (w: World) => {
    for (const call of calls) w.slack.broken.add(call);
  };

const SCENES: Record<string, Scene> = {
  'approved by press, reply and comment': {
    deeds: [(w) => w.press('bo'), (w) => w.reply('cy', 'approve')],
  },
  'denied, after the first approval': { deeds: [(w) => w.press('bo'), (w) => w.reply('cy', 'deny not now')] },
  'commands of all kinds': {
    deeds: [
      (w) => w.slash('bo', 'approve', ''),
      (w) => w.slash('bo', 'deny', 'orders'),
      (w) => w.slash('bo', 'deny', '77'),
      (w) => w.slash('ana', 'approve', '1'),
      (w) => w.slash('bo', 'approve', '1 fine'),
      (w) => w.slash('bo', 'approve', '1'),
      (w) => w.slash('cy', 'deny', '1 no'),
    ],
  },
  'dialogs that are not to be': {
    policy: policyWith(...inDialog),
    deeds: [
      (w) => w.pressForDialog('ana'),
      (w) => w.pressForDialog('UNOBODY'),
      (w) => w.press('bo'),
      (w) => w.press('bo', 'approve', { dialog: true, trigger: null }),
      (w) => w.press('bo', 'approve', { dialog: true, trigger: 'at:0' }),
      async (w) => w.submit('bo', await w.pressForDialog('bo'), { shown: ['Approve'] }),
      async (w) => w.submit('cy', await w.pressForDialog('cy'), { ticked: [] }),
      async (w) => w.submit('cy', await w.pressForDialog('cy'), { metadata: '{}' }),
      async (w) => w.submit('cy', await w.pressForDialog('cy')),
      (w) => w.pressForDialog('cy'),
    ],
  },
  'what GitHub does not record': {
    deeds: [
      (w) => w.github.fail('comment', { fault: notWritten() }),
      (w) => w.press('bo'),
      (w) => w.github.fail('comment', { fault: notConfirmed() }),
      (w) => w.reply('bo', 'approve'),
    ],
  },
  'a Slack that fails at everything': {
    policy: policyWith(key('reminders: { after: 1m, times: 1 }')),
    deeds: [broken('say', 'tell', 'update', 'answer', 'openDialog', 'valueOf'), (w) => w.press('ana')],
  },
  'accounts and groups': {
    policy: policyWith(TEAM, oneOf('[sre, di]')),
    prepare(w) {
      team(w);
      w.teams.teams.get('acme/sre')?.push({ id: 999, login: 'stranger' });
    },
    deeds: [
      (w) => void w.slack.barred.set('UDI', 'it is a guest in this workspace'),
      (w) => w.press('di'),
      (w) => w.slack.broken.add('barred'),
      (w) => w.reply('di', 'deny'),
      (w) => w.slack.broken.delete('barred'),
      (w) => w.teams.teams.set('acme/sre', [account('bo')]),
      (w) => w.press('cy'),
      (w) => {
        w.teams.broken = new Fault('permission', 'GitHub answered 403.', 'Give the token the right to read members.');
      },
      (w) => w.press('bo'),
      (w) => w.comment('bo', '/approve'),
    ],
  },
  'a group that cannot be read': { policy: policyWith(TEAM, oneOf('[sre, di]')), deeds: [] },
  'reminded and escalated': {
    policy: policyWith(key('reminders: { after: 10m, times: 1 }\nescalation: { after: 20m, to: [di] }')),
    deeds: [],
  },
  'pre-approved': { policy: policyWith(['require: { count: 2, of: sre }', 'require: none']), deeds: [] },
  'break-glass': {
    policy: policyWith(GLASS),
    ask: { input: { breakGlass: true, reason: 'The checkout is down for everybody' } },
    deeds: [],
  },
  'taken back': {
    deeds: [
      (w) => w.press('bo'),
      (w) => w.reply('bo', 'withdraw'),
      (w) => w.reply('bo', 'cancel'),
      (w) => w.comment('ana', '/cancel found it'),
    ],
  },
};

async function played(scene: Scene): Promise<string[]> {
  const w = await createWorld(scene.policy);
  scene.prepare?.(w);
  const asking = w.ask(scene.ask);
  const answers = scene.deeds.map((deed, index) => w.after(10 * (index + 1), () => deed(w)));
  const { view } = await asking.result;
  const acks = (await Promise.all(answers)).flatMap((ack) =>
    typeof ack === 'object' && ack !== null && 'text' in ack ? [`ack: ${ack.text}`] : [],
  );
  return [
    ...view.notices.map((text) => `notice: ${text}`),
    ...asking.told.map((text) => `log: ${text}`),
    ...acks,
    ...w.slack.dialogs.flatMap(({ content }) => (content?.kind === 'message' ? [`dialog: ${content.text}`] : [])),
    ...w.slack.answers.map(({ user, text }) => `${user} alone: ${text}`),
    ...w.slack.said.map(({ text, pinged }) => `thread, pinging ${pinged.join(' ')}: ${text}`),
    ...w.slack.told.map(({ user, text }) => `${user} in person: ${text}`),
  ];
}

test('what people read while they ask and decide', async () => {
  const read: string[] = [];
  for (const [name, scene] of Object.entries(SCENES)) read.push(`# ${name}`, ...(await played(scene)), '');
  await expect(read.join('\n')).toMatchFileSnapshot('golden/messages.txt');
});

test('what is read by whoever may not ask for want of a directory', async () => {
  const policies = [
    policyWith(['developers: { members: [ana, bo] }', 'developers: { github-team: acme/devs }']),
    policyWith(['developers: { members: [ana, bo] }', 'developers: { slack-group: S0DEVS }']),
    policyWith(TEAM),
    policyWith(GLASS).replace('who: [ana]', 'who: [bo]'),
  ];
  const read: string[] = [];
  for (const policy of policies) {
    const input = { breakGlass: policy.includes('break-glass'), reason: 'The checkout is down for everybody' };
    const { code, message, remedy } = await faultOf((await createWorld(policy)).ask({ input }).result);
    read.push(`# ${code}`, message, `→ ${remedy}`, '');
  }
  await expect(read.join('\n')).toMatchFileSnapshot('golden/not-asked.txt');
});
