/** Attacks on the log: floods that push records onto further pages, look-alikes by bots, unknown events, torn pages. */
import { expect, test } from 'vitest';
import { createWorld, eventsOf } from '../app/world.ts';
import {
  ASK,
  asComment,
  BOT,
  comment,
  DEBUG,
  decided,
  draft,
  eight,
  history,
  opening,
  read,
  started,
} from '../log/build.ts';

const STRANGER = { id: 666, login: 'nobody', bot: false };
const OTHER_BOT = { id: 777, login: 'helper[bot]', bot: true };

test('§4.8 a thousand comments of strangers, records pasted among them, leave the log as it is', async () => {
  const honest = await eight();
  const bodies = honest.map(({ body }) => body);
  const flood = Array.from({ length: 1_000 }, (_, n) => ({
    ...{ id: 1_000 + n, author: n % 2 === 0 ? STRANGER : OTHER_BOT, createdAt: '2026-03-02T12:00:00Z', editedAt: null },
    body: bodies[n % bodies.length] ?? '',
  }));
  const [alone, flooded] = await Promise.all([read(honest), read([...honest, ...flood])]);
  expect(flooded).toMatchObject({
    broken: [],
    head: alone.head,
    length: alone.length,
    seq: alone.seq,
    tips: alone.tips,
  });
  expect(flooded.findings).toHaveLength(1_000);
});

test('§4.8 a record with an event that this version does not know is reported and changes nothing', async () => {
  const honest = await history([[ASK, [opening()]]]);
  const strange = (honest[0]?.body ?? '').replace('"type":"requested"', '"type":"overruled"');
  const added = { id: 50, author: BOT, createdAt: '2026-03-02T10:00:50Z', editedAt: null, body: strange };
  expect(await read([...honest, added])).toMatchObject({ broken: [], findings: [{ code: 'malformed' }] });
});

test('§4.2 what the debug job may sign neither decides nor opens, whatever else stands in its record', async () => {
  const honest = await history([[ASK, [opening()]]]);
  const log = await read(honest);
  for (const events of [[decided('bo')], [started(), decided('bo')], [opening()], [{ type: 'expired' as const }]]) {
    const forged = await comment(draft(log, DEBUG, events), DEBUG, 20);
    const after = await read([...honest, forged]);
    expect(after.entries).toHaveLength(1);
    expect(after.broken).toEqual([]);
  }
});

test('§4.8 an unsigned look-alike that claims to follow a lost record stops nothing, by whichever account', async () => {
  const honest = await history([[ASK, [opening()]]]);
  const log = await read(honest);
  const record = { ...draft(log, ASK, [decided('bo')]), sig: null };
  for (const author of [BOT, OTHER_BOT, STRANGER, null]) {
    expect(await read([...honest, asComment(record, 20, { author })])).toMatchObject({ broken: [], length: 1 });
  }
});

test('§4.6 a request whose issue holds hundreds of comments is still decided on, and runs', async () => {
  const w = await createWorld();
  const asking = w.ask();
  await w.after(5, () => {
    for (let n = 0; n < 400; n += 1) w.comment('nobody', `Nice weather ${n}\n\n<details><summary>Record 2</summary>`);
  });
  void w.after(20, () => w.press('bo'));
  void w.after(30, () => w.comment('cy', '/approve'));
  const asked = await asking.result;
  expect(asked.approved).toBe(true);
  await w.debug(asked);
  expect(eventsOf(w)).toEqual(['requested', 'decided', 'decided', 'started', 'ended']);
});
