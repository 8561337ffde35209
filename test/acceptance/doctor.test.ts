/** Doctor against set-ups of the sandbox: silent about right ones, and right about each wrong one. */
import { describe, expect, test, vi } from 'vitest';
import { clock } from '../../src/entry/clock.ts';
import { openTown, type TownOptions } from '../../src/sandbox/town.ts';
import { slackApiAddress } from '../../src/slack/api-address.ts';
import { slackInspector } from '../../src/slack/inspect.ts';
import { ENVIRONMENT_BREAKS, PEOPLE_BREAKS, POLICY_BREAKS, REPOSITORY_BREAKS } from './doctor-breaks.ts';
import { diagnosed } from './doctor-diagnosed.ts';
import { diagnosis, examined, idsOf, openPinned } from './doctor-stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe('a right set-up', () => {
  const forbidden = { path: ['admin-bypass'], value: 'forbid' };
  const RIGHT: [string, TownOptions][] = [
    ['in a private repository on the Team plan', {}],
    ['on Enterprise, where administrators may not bypass', { plan: 'enterprise', policy: [forbidden] }],
    [
      'in a public repository on the Free plan',
      { public: true, plan: 'free', policy: [{ path: ['public'], value: true }, forbidden] },
    ],
    ['without Slack', { withSlack: false }],
    ['with forty people', { crowd: 36 }],
  ];
  test.each(RIGHT)('has nothing wrong: %s', async (_, options) => {
    const town = await openPinned(options);
    const findings = await examined(town);
    expect({ wrong: diagnosis(findings, town), violations: town.github.violations }).toEqual({
      wrong: '',
      violations: [],
    });
    await town.close();
  });

  test('has nothing wrong where the repository holds the actions itself, and with its own Slack looked at', async () => {
    const town = await openTown();
    const tokens = { botToken: town.slackToken, appToken: town.slackAppToken };
    const slack = slackInspector({ ...tokens, apiUrl: slackApiAddress(town.slack.url), clock });
    const findings = await examined(town, { deps: { slack } });
    expect({ wrong: diagnosis(findings, town), violations: town.github.violations }).toEqual({
      wrong: '',
      violations: [],
    });
    expect(idsOf(findings, 'unknown')).toEqual(['repository.actions', 'job.issues-write', 'job.oidc']);
    await town.close();
  });
});

diagnosed(
  'a set-up with one thing wrong',
  [...REPOSITORY_BREAKS, ...POLICY_BREAKS, ...ENVIRONMENT_BREAKS, ...PEOPLE_BREAKS],
  'golden/doctor.txt',
);
