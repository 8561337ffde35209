/** The listener against the sandbox's Socket Mode with the real SDK: no press is lost, none is acknowledged unrecorded. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../src/app/fault.ts';
import type { Listener, OnSlack, SlackAck, SlackDeed } from '../../src/app/ports.ts';
import type { Card } from '../../src/request/events.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { type ListenerState, socketListener } from '../../src/slack/listener.ts';
import { sampleView } from './sample-view.ts';
import { APP_TOKEN, BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

let slack: SlackSandbox;
let listeners: Listener[];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  process.on('unhandledRejection', onUnhandled);
  // Slack waits 3 s for an acknowledgement; whether it comes at all shows sooner.
  slack = await startSlack(slackOptions({ ackMs: 1000 }));
  listeners = [];
});
afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.stop()));
  await slack.close();
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled.splice(0)).toEqual([]);
});

interface Heard {
  listener: Listener;
  states: ListenerState[];
  faults: (Fault | null)[];
}

function listen(appToken = APP_TOKEN): Heard {
  const states: ListenerState[] = [];
  const faults: (Fault | null)[] = [];
  const listener = socketListener({
    appToken,
    apiUrl: slack.url,
    clock: hastyClock(),
    onState: (state, fault) => {
      states.push(state);
      faults.push(fault);
    },
  });
  listeners.push(listener);
  return { listener, states, faults };
}

async function postCard(): Promise<Card> {
  const chat = slackChat({ token: BOT_TOKEN, apiUrl: slack.url, channel: CHANNEL, clock: hastyClock() });
  const card = await chat.post(sampleView({ button: null }));
  await chat.update(card, sampleView());
  return card;
}

const DONE: SlackAck = { kind: 'done' };
const taken: OnSlack = async () => DONE;
/** Takes what comes, and keeps it. */
function taking(deeds: SlackDeed[]): OnSlack {
  return async (deed) => {
    deeds.push(deed);
    return DONE;
  };
}

const pressOn = (card: Card, decision: 'approve' | 'deny' = 'approve') =>
  slack.press({ member: 'U0BO', channel: CHANNEL, ts: card.ts, actionId: `debug-approval:${decision}` });

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 4000, interval: 10 });
const connectionsAre = (count: number): Promise<void> => until(() => expect(slack.connections()).toBe(count));

describe('a press', () => {
  test('given a card that was posted and updated, when Bo presses Deny, then it is recorded and acknowledged', async () => {
    const card = await postCard();
    const presses: SlackDeed[] = [];
    await listen().listener.start(taking(presses));
    expect(await pressOn(card, 'deny')).toMatchObject({ delivered: true, acknowledged: true });
    expect(presses).toMatchObject([
      { decision: 'deny', card, slack: { team: 'T0TEAM', user: 'U0BO' }, value: sampleView().button },
    ]);
  });

  test('given a record that is still being written, when Bo presses, then nothing is acknowledged before it stands', async () => {
    const card = await postCard();
    const recording = Promise.withResolvers<SlackAck>();
    const order: string[] = [];
    await listen().listener.start(async () => {
      order.push('pressed');
      return recording.promise;
    });
    const delivery = pressOn(card).then(() => order.push('acknowledged'));
    await until(() => expect(order).toEqual(['pressed']));
    order.push('recorded');
    recording.resolve(DONE);
    await delivery;
    expect(order).toEqual(['pressed', 'recorded', 'acknowledged']);
  });

  test('given a record that failed, when Bo presses, then it is not acknowledged', async () => {
    const card = await postCard();
    await listen().listener.start(async () => ({ kind: 'none' }));
    expect(await pressOn(card)).toMatchObject({ delivered: true, acknowledged: false });
  });

  test('given a recorder that throws, when Bo presses, then it is not acknowledged and the failure is told', async () => {
    const card = await postCard();
    const { listener, faults } = listen();
    await listener.start(async () => {
      throw new TypeError('broken');
    });
    expect(await pressOn(card)).toMatchObject({ acknowledged: false });
    expect(faults.at(-1)?.code).toBe('not-written');
  });

  test('given another app’s payload, when it arrives, then nobody records or acknowledges it', async () => {
    const card = await postCard();
    const presses: SlackDeed[] = [];
    await listen().listener.start(taking(presses));
    const forged = { member: 'U0BO', channel: CHANNEL, ts: card.ts, actionId: 'debug-approval:approve', value: 'x' };
    expect(await slack.pressForged({ ...forged, overrides: { api_app_id: 'A0OTHER' } })).toMatchObject({
      acknowledged: false,
    });
    expect(presses).toEqual([]);
  });
});

describe('the connection', () => {
  test.each(['warning', 'refresh_requested'] as const)(
    'given %s, when Slack renews the connection, then the successor stands first and no press is lost',
    async (reason) => {
      const card = await postCard();
      const presses: SlackDeed[] = [];
      await listen().listener.start(taking(presses));
      let least = 1;
      slack.disconnect(0, reason);
      for (let count = 0; count < 20; count += 1) {
        least = Math.min(least, slack.connections());
        expect(await pressOn(card)).toMatchObject({ delivered: true, acknowledged: true });
      }
      await connectionsAre(1);
      expect({ presses: presses.length, least }).toEqual({ presses: 20, least: 1 });
    },
  );

  test('given a press that is being recorded, when Slack renews the connection, then it is still acknowledged', async () => {
    const card = await postCard();
    const recording = Promise.withResolvers<SlackAck>();
    let pressed = false;
    await listen().listener.start(() => {
      pressed = true;
      return recording.promise;
    });
    const delivery = pressOn(card);
    await until(() => expect(pressed).toBe(true));
    slack.disconnect(0, 'warning');
    await connectionsAre(2);
    recording.resolve(DONE);
    expect(await delivery).toMatchObject({ acknowledged: true });
    await connectionsAre(1);
  });

  test('given sockets that are cut, then the connection comes back and presses arrive', async () => {
    const card = await postCard();
    const { listener, states } = listen();
    await listener.start(taken);
    slack.dropSockets();
    await until(() => expect(states).toEqual(['connected', 'reconnecting', 'connected']));
    expect(await pressOn(card)).toMatchObject({ acknowledged: true });
  });

  test('given a Slack that is down at first, then the listener starts anyway and connects later', async () => {
    slack.fault({ method: 'apps.connections.open', status: 503, times: 2 });
    const { listener, states } = listen();
    await listener.start(taken);
    await until(() => expect(states).toEqual(['reconnecting', 'connected']));
  });

  test('given ten connections, when an eleventh run listens, then it waits without failing and gets in when one is freed', async () => {
    const ten = Array.from({ length: 10 }, () => listen());
    for (const { listener } of ten) await listener.start(taken);
    const eleventh = listen();
    await eleventh.listener.start(taken);
    expect(eleventh.states).toEqual(['waiting for a free socket']);
    await ten[0]?.listener.stop();
    await until(() => expect(eleventh.states).toEqual(['waiting for a free socket', 'connected']));
    expect(slack.connections()).toBe(10);
  });

  test('given Socket Mode switched off meanwhile, then the listener says so and tries no more', async () => {
    const { listener, states, faults } = listen();
    await listener.start(taken);
    slack.resetCounts();
    slack.disconnect(0, 'link_disabled');
    await until(() => expect(states).toEqual(['connected', 'stopped']));
    expect(faults.at(-1)?.message).toContain('link_disabled');
    expect(slack.counts().calls).toBe(0);
  });

  test('given a wrong app token, when started, then it fails at once and names the app token', async () => {
    await expect(listen('xapp-wrong').listener.start(taken)).rejects.toMatchObject({
      code: 'slack',
      remedy: expect.stringContaining('slack-app-token'),
    });
  });

  test('given a connection that stands, when presses arrive, then Slack’s API is not called for it', async () => {
    const card = await postCard();
    await listen().listener.start(taken);
    slack.resetCounts();
    expect(await pressOn(card)).toMatchObject({ acknowledged: true });
    expect(await pressOn(card, 'deny')).toMatchObject({ acknowledged: true });
    expect(slack.counts().calls).toBe(0);
  });
});

describe('the end', () => {
  test('given an open connection, when stopped, then none is left', async () => {
    const { listener } = listen();
    await listener.start(taken);
    expect(slack.connections()).toBe(1);
    await listener.stop();
    await connectionsAre(0);
  });

  test('given a press that is being recorded, when stopped, then it is acknowledged before the connection goes', async () => {
    const card = await postCard();
    const recording = Promise.withResolvers<SlackAck>();
    let pressed = false;
    const { listener } = listen();
    await listener.start(() => {
      pressed = true;
      return recording.promise;
    });
    const delivery = pressOn(card);
    await until(() => expect(pressed).toBe(true));
    const stopped = listener.stop();
    recording.resolve(DONE);
    await stopped;
    expect(await delivery).toMatchObject({ acknowledged: true });
    await connectionsAre(0);
  });

  test('given a renewal under way, when stopped, then neither connection is left', async () => {
    const { listener } = listen();
    await listener.start(taken);
    slack.disconnect(0, 'warning');
    await listener.stop();
    await connectionsAre(0);
  });

  test('given a connection that is just being opened, when stopped, then none is left', async () => {
    slack.fault({ method: 'apps.connections.open', delayMs: 100 });
    const { listener } = listen();
    const started = listener.start(taken);
    await listener.stop();
    await started;
    await connectionsAre(0);
  });

  test('given a listener that waits for a free socket, when stopped, then it tries no more', async () => {
    slack.fault({ method: 'apps.connections.open', error: 'too_many_websockets', times: 1000 });
    const { listener, states } = listen();
    await listener.start(taken);
    await listener.stop();
    slack.resetCounts();
    expect(states).toEqual(['waiting for a free socket']);
    await listener.stop();
    expect(slack.counts().calls).toBe(0);
  });
});
