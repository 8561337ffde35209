/** Slack for the command line: the bot token that a person's shell has, and nothing that is none. */
import { KINDS } from '../../app/doctor/slack-tokens.ts';
import { Fault } from '../../app/fault.ts';
import type { Directory } from '../../app/ports.ts';
import { slackApiAddress } from '../../slack/api-address.ts';
import { slackDirectory } from '../../slack/directory.ts';
import { tokenKind } from '../../slack/token-kind.ts';
import { clock } from '../clock.ts';

/**
 * The token in SLACK_BOT_TOKEN. Throws a Fault `input` where there is none, and where it is of another kind: such a one is
 * sent nowhere. `why` says what it is needed for, or how to do without.
 */
export function slackTokenFromShell(why: string): string {
  const token = process.env['SLACK_BOT_TOKEN'] || null;
  const kind = tokenKind(token);
  if (token !== null && kind === 'bot') return token;
  const what =
    token === null
      ? 'There is no Slack token: SLACK_BOT_TOKEN is not set.'
      : `SLACK_BOT_TOKEN is ${KINDS[kind]}; give the bot token (xoxb-…).`;
  throw new Fault('input', what, why);
}

/** The directory of the workspace of SLACK_BOT_TOKEN. Throws a Fault `input` where there is no such token. */
export function slackFromShell(): Directory {
  const token = slackTokenFromShell(
    'Set it to a bot token (xoxb-…) with the scope users:read, or leave the Slack handle out: then this person decides on GitHub only.',
  );
  return slackDirectory({ token, apiUrl: slackApiAddress(process.env['SLACK_API_URL']), clock });
}
