/** Presses while GitHub or Slack fail at each call that a press leads to: what is on record, what people are told, and what may start. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evidenceOf } from '../../src/sandbox/evidence.ts';
import type { FaultRule } from '../../src/sandbox/github/faults.ts';
import type { SlackFault } from '../../src/sandbox/slack/faults.ts';
import { type Approver, approversOf } from '../bench/crowd-policy.ts';
import type { OpenedCard } from '../bench/open-requests.ts';
import { type Click, judge } from '../bench/truth.ts';
import { openRig, type Rig, type Under } from './fault-rig.ts';

// A silent GitHub is waited for as long as the product does.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

type Fault = Omit<FaultRule, 'method' | 'path' | 'times' | 'when'>;

const limited = (status: number, message: string, headers: Record<string, string>): Fault => ({
  ...{ status, headers },
  body: { message },
});
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

/** How GitHub fails without doing anything. */
const FAULTS: Record<string, Fault> = {
  '500': { status: 500, body: { message: 'Server Error' } },
  '502 with a page': { status: 502, page: '<html><h1>Unicorn!</h1></html>' },
  '429': limited(429, 'Too many requests', { 'retry-after': '60' }),
  'the secondary limit': limited(403, SECONDARY, { 'retry-after': '60' }),
  'the hourly limit': limited(403, 'API rate limit exceeded for installation ID 1.', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '4102444800',
  }),
  silence: { silent: 'before' },
  'a reset': { drop: 'before' },
};
/** How it fails though it did what it was asked for. */
const DONE: Record<string, Fault> = {
  'silence after': { silent: 'after' },
  'a reset after': { drop: 'after' },
  'an answer that breaks off': { drop: 'within' },
  '502 with a page after': { status: 502, done: true, page: '<html><h1>Unicorn!</h1></html>' },
};

type Call = Pick<FaultRule, 'method' | 'path'> & { query?: string };

const RECORD: Call = { method: 'POST', path: /\/issues\/\d+\/comments$/ };
/** What a press needs before its record stands; those of a gateway that was just started come first. */
const BEFORE: Record<string, Call> = {
  'the token': { method: 'POST', path: /\/access_tokens$/ },
  'where the app is installed': { method: 'GET', path: /^\/app\/installations$/ },
  'its repositories': { method: 'GET', path: /^\/installation\/repositories$/ },
  'the policy': { method: 'POST', path: /^\/graphql$/, query: 'query facts' },
  'the request': { method: 'POST', path: /^\/graphql$/, query: 'query snapshot' },
};
const COLD = 3;
/** What follows from a record. */
const AFTER: Record<string, Call> = {
  'the run': { method: 'GET', path: /\/actions\/runs\/\d+$/ },
  'the gate': { method: 'POST', path: /\/deployment_protection_rule$/ },
  'the issue’s text': { method: 'PATCH', path: /\/issues\/\d+$/ },
};

const SLACK: Record<string, Omit<SlackFault, 'method'>> = {
  '429': { status: 429, retryAfter: 60 },
  '500': { status: 500 },
  'an error': { error: 'internal_error' },
  silence: { silent: 'before' },
  'a reset': { drop: 'before' },
};

const people = approversOf(2);
const [bob, eve] = people as [Approver, Approver];
const CARDS = 60;
const clicks: Click[] = [];
let rig: Rig;
let left: OpenedCard[];
beforeAll(async () => {
  rig = await openRig(CARDS, people);
  left = [...rig.cards];
});
afterAll(() => rig.close());

const take = (): OpenedCard => left.shift() ?? expect.unreachable('There are too few requests.');

/** Orders a fault for a gateway's calls, and moves its clock past a press's two seconds at each. */
function order(under: Under, call: Call, fault: Fault, times = Number.POSITIVE_INFINITY): () => void {
  const { query, ...where } = call;
  return rig.town.github.fault({
    ...{ ...where, ...fault, times },
    when(called) {
      if (!under.own(called) || (query !== undefined && !JSON.stringify(called.body).includes(query))) return false;
      under.clock.pass(2_001);
      return true;
    },
  });
}

async function standing({ issue }: OpenedCard): Promise<number> {
  const { state } = await evidenceOf(rig.town, issue);
  return state.status === 'none' ? 0 : state.decisions.length;
}

/** Presses under one fault after the other: each is told. Then once more, without. */
async function pressThrough(
  card: OpenedCard,
  under: Under,
  orders: (() => () => void)[],
  going?: Under,
): Promise<void> {
  const acknowledged: boolean[] = [];
  for (const begin of orders) {
    const end = begin();
    acknowledged.push(await rig.press(card, bob, going));
    end();
  }
  expect(acknowledged).toEqual(orders.map(() => false));
  expect([await standing(card), rig.ends.get(card.run)]).toEqual([0, undefined]);
  await recorded(card, under);
}

async function recorded(card: OpenedCard, under: Under): Promise<void> {
  const acknowledged = await rig.press(card, bob);
  clicks.push({ card, person: bob, acknowledged, presses: 1 });
  expect([acknowledged, await rig.ended(under, card)]).toEqual([true, 'open']);
}

// One after the other: what runs in one process shares the tokens that it waits for.
describe('GitHub fails', () => {
  const needed = Object.entries(BEFORE).map(([what, call], n) => ({ what, call, cold: n < COLD }));
  test.each(needed)(
    'in 8 ways at $what: 8 of 8 presses are told, 0 recorded, and the next one is recorded',
    async ({ call, cold }) => {
      const card = take();
      const under = await rig.open([card], cold ? 'cold' : undefined);
      const faults = Object.values({ ...FAULTS, 'an answer that breaks off': { drop: 'within' as const } });
      await pressThrough(
        card,
        under,
        faults.map((fault) => () => order(under, call, fault)),
      );
    },
  );

  test('or refuses in 7 ways to take the record: 7 of 7 presses are told, 0 recorded, and the next one is recorded', async () => {
    const card = take();
    const under = await rig.open([card]);
    await pressThrough(
      card,
      under,
      Object.values(FAULTS).map((fault) => () => order(under, RECORD, fault)),
    );
  });

  test.each(Object.keys(DONE))(
    'by %s once it took the record: the press is told as unconfirmed, 1 record stands, and the job is let go though nobody presses again',
    async (how) => {
      const card = take();
      const under = await rig.open([card]);
      const end = order(under, RECORD, DONE[how] ?? {}, 1);
      const acknowledged = await rig.press(card, eve);
      end();
      expect([acknowledged, await standing(card)]).toEqual([false, 1]);
      const told = rig.town.slack.ephemerals(eve.slack).map(({ text }) => text);
      expect(told).toContainEqual(expect.stringMatching(new RegExp(`not confirmed: .*/${card.issue}\\b`)));
      expect(await rig.ended(under, card)).toBe('open');
      clicks.push({ card, person: eve, acknowledged, presses: 1 });
    },
  );
});

describe.concurrent('GitHub fails', () => {
  const behind = Object.entries(AFTER).flatMap(([what, call]) =>
    Object.entries({ ...FAULTS, ...DONE }).map(([how, fault]) => ({ what, how, call, fault })),
  );
  test.each(behind)(
    'by $how at $what, twice: the press is acknowledged, and its job let go',
    async ({ call, fault }) => {
      const card = take();
      const under = await rig.open([card]);
      order(under, call, fault, 2);
      await recorded(card, under);
    },
  );
});

describe('Slack fails', () => {
  const ORDERS = Object.values(SLACK);
  const NOT_RECORDED = /Your decision was not recorded: |You may not approve .* could not be looked up: /;
  test('in 5 ways to say who presses: 5 of 5 presses are told, 0 recorded, and the next one is recorded', async () => {
    const card = take();
    const under = await rig.open([card]);
    const told = () => rig.town.slack.ephemerals(bob.slack).map(({ text }) => text);
    for (const [n, fault] of ORDERS.entries()) {
      const before = told().length;
      const end = rig.town.slack.fault({ method: 'users.info', ...fault, times: 100 });
      await rig.press(card, bob, under);
      await vi.waitFor(() => expect(told().slice(before).join(), String(n)).toMatch(NOT_RECORDED), { timeout: 10_000 });
      end();
    }
    expect([await standing(card), rig.ends.get(card.run)]).toEqual([0, undefined]);
    // The silent call is still waited for; whoever starts anew waits for nothing.
    await recorded(card, await rig.open([card]));
  });

  test.each(Object.keys(SLACK))(
    'by %s to change the card, twice: the press is acknowledged, its job let go, and the buttons go later',
    async (how) => {
      const card = take();
      const under = await rig.open([card]);
      rig.town.slack.fault({ method: 'chat.update', ...SLACK[how], times: 2 });
      await recorded(card, under);
      const goOn = () => {
        under.clock.pass(5_000);
        return rig.hasButtons(card);
      };
      await expect.poll(goOn, { timeout: 15_000 }).toBe(false);
    },
  );
});

test('after all of these faults each acknowledged press stands once, none stands for another, and no job started without approval', async () => {
  const cards = [...new Set(clicks.map(({ card }) => card))];
  expect(await judge(rig.town, cards, clicks)).toMatchObject({ crossed: 0, lost: 0, twice: 0, untrue: 0 });
  expect(rig.ends.size).toBe(cards.length);
  expect(rig.town.github.violations).toEqual([]);
});
