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
    settings: v.looseObject({
      interactivity: v.strictObject({ is_enabled: v.boolean() }),
      socket_mode_enabled: v.boolean(),
      token_rotation_enabled: v.boolean(),
    }),
  }),
  parse(text),
);
const scopes = manifest.oauth_config.scopes.bot;

test('the bot may ask, look and pin, and can read no message', () => {
  expect(scopes).toEqual(['chat:write', 'channels:read', 'groups:read', 'users:read', 'pins:write', 'pins:read']);
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
