/** Posts a policy's guidelines to its channel, for `init` and `policy guidelines`. */
import { type Guidelines, guidelineParagraphs } from '../../policy/guidelines.ts';
import { slackApiAddress } from '../../slack/api-address.ts';
import { guidelinesMessage, postGuidelines } from '../../slack/guidelines.ts';
import { slackTokenFromShell } from './slack.ts';

/** What was posted, as JSON tells it. */
export interface Posted {
  link: string | null;
  pinned: boolean;
}

/** Posts and pins with SLACK_BOT_TOKEN. Gives a sentence about it. Throws a Fault where they could not be posted. */
export async function postToChannel(channel: string, text: Guidelines): Promise<{ words: string; posted: Posted }> {
  const token = slackTokenFromShell("Set it to the bot token (xoxb-…) of the repository's Slack app.");
  const message = guidelinesMessage(text.title, guidelineParagraphs(text));
  const apiUrl = slackApiAddress(process.env['SLACK_API_URL']);
  const { link, posted, pinned, why } = await postGuidelines({ ...message, token, apiUrl, channel });
  const what = posted ? 'were posted' : 'stood there already and were brought up to date';
  const words = `The guidelines ${what} in the channel ${channel}${pinned ? ', pinned' : ''}${link === null ? '' : `: ${link}`}${why === undefined ? '.' : `\n${why}`}`;
  return { words, posted: { link, pinned } };
}
