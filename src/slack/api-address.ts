/** Which Slack API address may receive the tokens (DESIGN §4, rule 10). */
import { Fault } from '../app/fault.ts';

const DEFAULT_ADDRESS = 'https://slack.com/api/';
const SLACK_HOSTS = ['slack.com', 'slack-gov.com'];

/**
 * The Slack Web API's base address from `SLACK_API_URL`, ending with `/`; Slack's own when it is empty or absent.
 * Throws a Fault `input` for any other host than Slack's over https or this machine's loopback.
 */
export function slackApiAddress(configured: string | undefined): string {
  const wanted = configured?.trim() ?? '';
  if (wanted === '') return DEFAULT_ADDRESS;
  const url = URL.canParse(wanted) ? new URL(wanted) : null;
  if (url === null || !trusted(url)) {
    throw new Fault(
      'input',
      `SLACK_API_URL points to ${url === null ? 'something that is no address' : `${url.protocol}//${url.host}`}, and Slack tokens go nowhere but to Slack.`,
      'Remove SLACK_API_URL, or set it to https://slack.com/api/, https://slack-gov.com/api/ or an address on 127.0.0.1.',
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function trusted(url: URL): boolean {
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  if (isLoopback(url.hostname)) return url.protocol === 'https:' || url.protocol === 'http:';
  return url.protocol === 'https:' && url.port === '' && isSlack(url.hostname);
}

function isSlack(host: string): boolean {
  return SLACK_HOSTS.some((slack) => host === slack || host.endsWith(`.${slack}`));
}

function isLoopback(host: string): boolean {
  // The URL parser has already turned every spelling of an IPv4 address into four decimal numbers.
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
