/** The chat when Slack does not answer as wished: what is repeated, and what failures say. */
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import type { Chat } from '../../src/app/ports.ts';
import { type SlackSandbox, startSlack } from '../../src/sandbox/slack/server.ts';
import { slackChat } from '../../src/slack/chat.ts';
import { sampleView } from './sample-view.ts';
import { BOT_TOKEN, CHANNEL, hastyClock, slackOptions } from './sandbox.ts';

let slack: SlackSandbox;
let clock: ReturnType<typeof hastyClock>;
beforeEach(async () => {
  slack = await startSlack(slackOptions());
  clock = hastyClock();
});
afterEach(() => slack.close());

const chatIn = (channel: string, token = BOT_TOKEN): Chat => slackChat({ token, apiUrl: slack.url, channel, clock });
const chat = (): Chat => chatIn(CHANNEL);

async function fault(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw new Error(`Expected a Fault, got ${String(error)}`);
}

describe('what is repeated', () => {
  test('given an answer that was lost, when posting, then the card is not posted again', async () => {
    slack.fault({ method: 'chat.postMessage', drop: 'after' });
    const error = await fault(chat().post(sampleView({ button: null })));
    expect(error.message).toContain('may have arrived');
    expect((await slack.messages(CHANNEL)).length).toBe(1);
  });

  test('given an answer that was lost, when updating, then it is tried again', async () => {
    const card = await chat().post(sampleView({ button: null }));
    slack.fault({ method: 'chat.update', drop: 'before' });
    await chat().update(card, sampleView());
    expect(slack.counts().byMethod['chat.update']).toBe(2);
  });

  test('given a rate limit of a second, when posting, then it waits as long as Slack asks and posts once', async () => {
    slack.fault({ method: 'chat.postMessage', status: 429 });
    await chat().post(sampleView({ button: null }));
    expect(clock.slept).toEqual([1000]);
    expect((await slack.messages(CHANNEL)).length).toBe(1);
  });

  test('given a rate limit, when a person waits for an answer, then nothing is waited for', async () => {
    const card = await chat().post(sampleView({ button: null }));
    slack.fault({ method: 'chat.postEphemeral', status: 429 });
    expect((await fault(chat().answer(card, 'U0BO', 'No.'))).message).toContain('ratelimited');
    expect(clock.slept).toEqual([]);
  });
});

describe('failures', () => {
  const codes = [
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'invalid_auth',
    'token_revoked',
    'not_allowed_token_type',
    'msg_too_long',
    'message_not_found',
    'link_disabled',
    'internal_error',
    'some_new_error',
  ];
  const dialogCodes = [
    'expired_trigger_id',
    'exchanged_trigger_id',
    'invalid_trigger_id',
    'not_found',
    'view_too_large',
  ];
  const personCodes = ['channel_not_found', 'user_disabled', 'cannot_dm_bot', 'messages_tab_disabled'];

  test('given each failure of Slack, then the message says what, why and what to do, as the golden file has it', async () => {
    const lines: string[] = [];
    const note = async (name: string, error: Promise<Fault>): Promise<void> => {
      const { code, message, remedy } = await error;
      expect(code).toBe('slack');
      expect(`${message} ${remedy}`).not.toContain(BOT_TOKEN);
      lines.push(`## ${name}\n\n${message}\n\n${remedy}\n`);
    };
    for (const error of codes) {
      slack.fault({ method: 'chat.postMessage', error });
      await note(error, fault(chat().post(sampleView({ button: null }))));
    }
    for (const error of dialogCodes) {
      slack.fault({ method: 'views.open', error });
      await note(`${error} (dialog)`, fault(chat().openDialog('1.2.3')));
    }
    await note('not_found (filling a dialog)', fault(chat().fillDialog('V0GONE', { kind: 'message', text: 'No.' })));
    for (const error of personCodes) {
      slack.fault({ method: 'chat.postMessage', error });
      await note(`${error} (in person)`, fault(chat().tell('U0ANA', 'Approved.')));
    }
    await note('missing_scope (replies)', fault(chat().valueOf({ team: 'T0TEAM', channel: CHANNEL, ts: '1.000001' })));
    slack.fault({ method: 'chat.postMessage', status: 503 });
    await note('HTTP 503', fault(chat().post(sampleView({ button: null }))));
    await note(
      'missing_scope',
      fault(answerOf({ ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'users:read' })),
    );
    await note(
      'invalid_blocks',
      fault(
        answerOf({
          ok: false,
          error: 'invalid_blocks',
          response_metadata: { messages: ['[ERROR] failed to match "secret" [json-pointer:/blocks/3/text]'] },
        }),
      ),
    );
    await note('an answer that is no JSON', fault(answerOf('<html>proxy</html>')));
    const nobody = slackChat({ token: BOT_TOKEN, apiUrl: await deserted(), channel: CHANNEL, clock });
    await note('nobody listens', fault(nobody.post(sampleView())));
    await expect(lines.join('\n')).toMatchFileSnapshot('golden/failures.md');
  });

  test('given a channel without the bot, when posting, then the remedy is the invitation', async () => {
    expect((await fault(chatIn('C0ELSE').post(sampleView({ button: null })))).remedy).toContain(
      '/invite @Debug Approval',
    );
  });

  test('given a wrong token, when posting, then the remedy names where the right one is', async () => {
    expect((await fault(chatIn(CHANNEL, 'xoxb-wrong').post(sampleView({ button: null })))).remedy).toContain(
      'slack-bot-token',
    );
  });
});

/** An address where a server stood a moment ago. */
async function deserted(): Promise<string> {
  const gone = await startSlack(slackOptions());
  await gone.close();
  return gone.url;
}

/** Posts to a server that gives one fixed answer. */
async function answerOf(body: unknown): Promise<unknown> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const apiUrl = `http://127.0.0.1:${port}/api/`;
    return await slackChat({ token: BOT_TOKEN, apiUrl, channel: CHANNEL, clock }).post(sampleView());
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
