/** Slack's tokens go to Slack or to this machine, and nowhere else. */
import { expect, test } from 'vitest';
import { Fault } from '../../src/app/fault.ts';
import { slackApiAddress } from '../../src/slack/api-address.ts';

test.each([
  [undefined, 'https://slack.com/api/'],
  ['', 'https://slack.com/api/'],
  ['https://slack.com/api', 'https://slack.com/api/'],
  ['https://slack-gov.com/api/', 'https://slack-gov.com/api/'],
  ['https://www.slack.com/api/', 'https://www.slack.com/api/'],
  ['http://127.0.0.1:4000/api', 'http://127.0.0.1:4000/api/'],
  ['http://localhost:4000/api/', 'http://localhost:4000/api/'],
  ['http://[::1]:4000/api/', 'http://[::1]:4000/api/'],
])('given SLACK_API_URL %s, then calls go to %s', (configured, expected) => {
  expect(slackApiAddress(configured)).toBe(expected);
});

test.each([
  'http://slack.com/api/',
  'https://slack.com.evil.example/api/',
  'https://evilslack.com/api/',
  'https://slack.com@evil.example/api/',
  'https://user:pass@slack.com/api/',
  'https://slack.com:8443/api/',
  'https://slack.com/api/?to=evil',
  'https://evil.example/#slack.com',
  'http://127.0.0.1.evil.example/api/',
  'http://localhost.evil.example/api/',
  'http://10.0.0.1/api/',
  'http://0.0.0.0/api/',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'slack.com',
])('given SLACK_API_URL %s, then it is refused', (configured) => {
  expect(() => slackApiAddress(configured)).toThrow(Fault);
});

test('given an address with credentials, when refused, then the message does not repeat them', () => {
  expect(() => slackApiAddress('https://user:hunter22@evil.example/')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter22') }),
  );
});
