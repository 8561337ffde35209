/** The Slack app's manifest: it gives what the product needs, and nothing that would let its bot do more. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { SCOPES_OF_USE } from '../../src/app/doctor/slack-tokens.ts';

const text = readFileSync(new URL('../../slack-app-manifest.yml', import.meta.url), 'utf8');
const manifest = v.parse(
  v.looseObject({
    oauth_config: v.strictObject({ scopes: v.strictObject({ bot: v.array(v.string()) }) }),
    features: v.looseObject({
      app_home: v.strictObject({
        home_tab_enabled: v.boolean(),
        messages_tab_enabled: v.boolean(),
        messages_tab_read_only_enabled: v.boolean(),
      }),
      slash_commands: v.array(
        v.strictObject({
          command: v.string(),
          description: v.string(),
          usage_hint: v.string(),
          should_escape: v.boolean(),
        }),
      ),
    }),
    settings: v.looseObject({
      event_subscriptions: v.strictObject({ bot_events: v.array(v.string()) }),
      interactivity: v.strictObject({ is_enabled: v.boolean() }),
      socket_mode_enabled: v.boolean(),
      token_rotation_enabled: v.boolean(),
    }),
  }),
  parse(text),
);
const scopes = manifest.oauth_config.scopes.bot;

test('the bot may ask, hear replies and commands where it was invited, look, pin, and nothing more', () => {
  expect(scopes).toEqual([
    'chat:write',
    'users:read',
    'commands',
    'channels:history',
    'groups:history',
    'channels:read',
    'groups:read',
    'users:read.email',
    'usergroups:read',
    'pins:write',
    'pins:read',
  ]);
});

test('each event has the scope without which Slack sends none', () => {
  const needed = manifest.settings.event_subscriptions.bot_events.map((event) => event.replace('message.', ''));
  expect(needed).toEqual(['channels', 'groups']);
  for (const kind of needed) expect(scopes).toContain(`${kind}:history`);
});

test('a request is approved and denied by slash commands that say what they take', () => {
  expect(manifest.features.slash_commands.map(({ command, usage_hint }) => `${command} ${usage_hint}`)).toEqual([
    '/approve-debug <issue> [comment]',
    '/reject-debug <issue> [reason]',
  ]);
});

test('the bot may write to one person, who cannot write to it', () => {
  expect(manifest.features.app_home).toEqual({
    home_tab_enabled: false,
    messages_tab_enabled: true,
    messages_tab_read_only_enabled: true,
  });
});

test('each scope has a comment that says which calls need it', () => {
  const lines = text.split('\n');
  for (const scope of scopes) {
    const at = lines.findIndex((line) => line.trim() === `- ${scope}`);
    expect(lines[at - 1]?.trim()).toMatch(/^# /);
  }
});

test('doctor finds nothing of it too much', () => {
  expect(scopes.filter((scope) => !SCOPES_OF_USE.includes(scope))).toEqual([]);
});

test('presses arrive by Socket Mode, and the tokens do not expire', () => {
  expect(manifest.settings).toMatchObject({
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  });
});
