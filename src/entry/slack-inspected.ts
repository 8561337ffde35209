/** Slack as `doctor` looks at it, loaded only when there is a token. */
import type { SlackInspector } from '../app/doctor/slack-inspector.ts';
import { clock } from './clock.ts';

/** null: there is no token at all. Throws a Fault `input` for an address that is not Slack's. */
export async function inspectedSlack({ bot, app }: { bot: string; app: string }): Promise<SlackInspector | null> {
  if (bot === '' && app === '') return null;
  const [{ slackInspector }, { slackApiAddress }] = await Promise.all([
    import('../slack/inspect.ts'),
    import('../slack/api-address.ts'),
  ]);
  const apiUrl = slackApiAddress(process.env['SLACK_API_URL']);
  return slackInspector({ botToken: bot || null, appToken: app || null, apiUrl, clock });
}
