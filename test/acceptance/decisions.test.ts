/** Who decides, where, and whose word counts: whole runs with the built bundles. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { slackAs } from '../../src/sandbox/members.ts';
import { githubAs } from '../../src/sandbox/people.ts';
import type { SlackOptions } from '../../src/sandbox/slack/server.ts';
import { OWNER, PEOPLE, REPOSITORY, type Town } from '../../src/sandbox/town.ts';
import { MODES, openPlace, type Place, UNAPPROVED } from './modes.ts';
import { audit, cardOf, endings, FIND_ORDER, logOf, press, SIDE_BY_SIDE, start, TICKED } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

function cyAsGuest(sound: SlackOptions): SlackOptions {
  const members = sound.members.map((member) => (member.id === PEOPLE.cy.slack ? { ...member, guest: true } : member));
  return { ...sound, members };
}

const DONE = 'ask success, debug success, close success';

/** A comment that an app writes with a person's right. */
async function throughApp(at: Town, login: string, issue: number, body: string): Promise<void> {
  const answer = await fetch(`${at.github.apiUrl}/repos/${OWNER}/${REPOSITORY}/issues/${issue}/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${at.github.appUserToken(login)}` },
    body: JSON.stringify({ body }),
  });
  expect(answer.status).toBe(201);
}

/** A dialog's text that somebody changed on its way, as Slack would have to say that it showed it. */
function redrawn(view: Record<string, unknown>, from: string, to: string): Record<string, unknown> {
  const text = JSON.stringify(view);
  expect(text).toContain(from);
  return { ...JSON.parse(text.replaceAll(from, to)), state: { values: {} } };
}

describe.each(MODES)('with the %s waiting,', (mode) => {
  let town: Town;
  /** Where Cy is but a guest in Slack, and what people do there comes over the socket of the run that asked first. */
  let apart: Town;
  let places: [Place, Place];
  beforeAll(async () => {
    places = await Promise.all([
      openPlace(mode, { limits: false, policy: SIDE_BY_SIDE }),
      openPlace(mode, { limits: false, slack: cyAsGuest }),
    ]);
    [{ town }, { town: apart }] = places;
    apart.slack.pickConnection = () => 0;
  });
  afterAll(async () => {
    await Promise.all(places.map(({ close }) => close()));
  });

  describe('a request that waits', () => {
    let issue = 0;
    let run: ReturnType<typeof start>;
    beforeAll(async () => {
      run = start(town);
      issue = await run.asked;
    });

    test('refuses a stranger and the requester privately, and records the first attempt of each', async () => {
      for (const person of ['ed', 'ed', 'ana'] as const) {
        expect(await press(town, person, 'approve', issue)).toMatchObject({ acknowledged: true });
      }
      await githubAs(town, 'ana').comment(issue, '/approve');
      const told = (person: 'ana' | 'ed') => town.slack.ephemerals(PEOPLE[person].slack).at(-1)?.text;
      await vi.waitFor(() => expect(told('ana')).toMatch(/You may not approve this request: you asked for it/));
      expect(told('ed')).toMatch(
        /You may not approve this request: .* links your Slack account \(\w+\/\w+\) with nobody/,
      );
    });

    test('is decided by no comment that was edited, written through an app, or only looks like a decision; /deny ends it', async () => {
      const cy = githubAs(town, 'cy');
      await cy.comment(issue, 'hm');
      const words = (await cy.comments(issue)).find(({ body }) => body === 'hm');
      await cy.edit(words?.id ?? 0, '/approve');
      await throughApp(town, PEOPLE.cy.login, issue, '/approve');
      await cy.comment(issue, '/approved, or so I heard');
      await cy.comment(issue, 'I would /approve');
      await githubAs(town, 'bo').comment(issue, '/deny not during the sale');
      expect(endings(await run.result)).toBe(UNAPPROVED[mode]);
      const { status, approvedBy, events, open } = await audit(town, issue);
      expect({ status, approvedBy, open }).toEqual({ status: 'denied', approvedBy: [], open: false });
      const refused = events.flatMap((event) => (event.type === 'refused' ? [event.account] : []));
      const inSlack = refused.filter((account) => account.startsWith('slack:')).toSorted();
      expect(inSlack).toEqual(['slack:T1/UANA', 'slack:T1/UED']);
      expect((await cardOf(town, issue)).buttons).toBe(false);
    });
  });

  test('re-running everything asks anew and says which attempt it is', async () => {
    const first = start(town);
    const before = await first.asked;
    await press(town, 'bo', 'approve', before);
    const of = await first.result;
    const again = start(town, { rerun: { of, mode: 'all' } });
    const issue = await again.asked;
    expect(issue).not.toBe(before);
    expect(await press(town, 'cy', 'approve', issue)).toMatchObject({ acknowledged: true });
    expect(endings(await again.result)).toBe(DONE);
    const { opening, approvedBy } = await audit(town, issue);
    expect(approvedBy).toEqual(['Cy']);
    expect(opening?.notices.join()).toContain(`This is attempt 2 of run ${of.id}`);
    expect(opening?.earlier.map((one) => one.issue)).toContain(before);
  });

  describe('a request with a checklist, and another run beside it', () => {
    let issue = 0;
    let first: ReturnType<typeof start>;
    beforeAll(async () => {
      first = start(apart, { inputs: FIND_ORDER });
      issue = await first.asked;
    });

    test('a reply in the thread decides, whoever of them hears it; other words, and a guest’s, do not', async () => {
      const run = start(apart);
      const other = await run.asked;
      const { ts } = await cardOf(apart, other);
      await slackAs(apart, 'bo').reply(ts, 'not approved');
      expect(await slackAs(apart, 'cy').reply(ts, 'approve')).toMatchObject({
        acknowledged: true,
        connection: mode === 'gateway' ? null : 0,
      });
      expect((await audit(apart, other)).status).toBe('pending');
      await vi.waitFor(() => expect(apart.slack.ephemerals(PEOPLE.cy.slack).at(-1)?.text).toMatch(/guest/));
      await slackAs(apart, 'bo').reply(ts, 'approve: the graphs look right');
      expect(endings(await run.result)).toBe(DONE);
      const { approvedBy, log } = await audit(apart, other);
      expect(approvedBy).toEqual(['Bo']);
      expect(log.entries.map(({ record }) => record.by.via)).toContain('slack-thread');
    });

    test('a slash command opens the dialog; one that showed something else buys nothing; two rules need two people', async () => {
      const bo = slackAs(apart, 'bo');
      expect(await bo.slash(`/approve-debug ${issue} as the ticket says`)).toMatchObject({ acknowledged: true });
      const dialog = await bo.dialog();
      if (dialog === null) throw new Error('The dialog was not filled.');
      expect(JSON.stringify(dialog.view)).toContain('AB-1234');
      const { viewId, view } = dialog;
      const forged = await apart.slack.submit({
        member: PEOPLE.bo.slack,
        viewId,
        values: {},
        forged: true,
        overrides: { view: redrawn(view, 'AB-1234', 'AB-9999') },
      });
      expect(JSON.stringify(forged.answer)).toMatch(
        /"response_action":"errors".*what it showed is not what the log says/,
      );
      expect(await bo.fillIn(dialog, { tick: (item) => !item.startsWith('Nothing') })).toMatchObject({
        kept: expect.stringContaining('Nothing of it leaves the job'),
      });
      expect((await audit(apart, issue)).approvedBy).toEqual([]);
      expect(await bo.fillIn(dialog)).toMatchObject({ kept: null });
      expect(await audit(apart, issue)).toMatchObject({ status: 'pending', approvedBy: ['Bo'] });
      await githubAs(apart, 'di').comment(issue, TICKED);
      const result = await first.result;
      expect(endings(result)).toBe(DONE);
      expect((await audit(apart, issue)).approvedBy).toEqual(['Bo', 'Di']);
      expect(logOf(result, 'debug')).toContain('Would look up order AB-1234');
    });
  });
});
