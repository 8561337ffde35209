/** What others do in an issue, and what is left of them once their accounts are gone, against the log that stands there. */
import { expect, test } from 'vitest';
import type { LogComment } from '../../src/log/chain.ts';
import * as b from './build.ts';

const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);
const honest = await b.eight();
const log = await b.read(honest);

test('a deletion of nobody knows whose comment breaks a log of which no record stands, or one by a deleted account', async () => {
  const deletions = [{ at: b.instant(1), authorId: null }];
  const brokenBy = async (comments: LogComment[]) => codes((await b.read(comments, { deletions })).broken);
  expect(await brokenBy([])).toEqual(['deleted']);
  expect(await brokenBy(honest.map((one, i) => (i === 7 ? { ...one, author: null } : one)))).toEqual(['deleted']);
  const copy = { ...honest[7], id: 99, author: null };
  expect(
    await brokenBy([...honest, { ...b.asComment(b.draft(log, b.ASK, [b.decided('cy')]), 98), author: null }]),
  ).toEqual([]);
  expect(
    await brokenBy([...honest, { ...copy, body: copy.body ?? '', createdAt: b.instant(80), editedAt: null }]),
  ).toEqual([]);
});

test('a stranger’s deleted comment breaks nothing, also once the stranger’s account is deleted', async () => {
  const gone = await b.read(honest, { deletions: [{ at: b.instant(1), authorId: null }] });
  expect([gone.broken, codes(gone.findings)]).toEqual([[], ['deleted']]);
  const harmless = await b.read(honest, { deletions: [{ at: b.instant(1), authorId: b.DI.id }] });
  expect(harmless.broken).toEqual([]);
  expect(codes(harmless.findings)).toEqual(['deleted']);
});

test('a stranger’s comments make no finding many times their size, however much in them is wrong', async () => {
  const block = (json: string) =>
    `x\n\n<details><summary>Record 1</summary>\n\n\`\`\`json\n${json}\n\`\`\`\n\n</details>`;
  const bodies = [
    block(`{"events":[${'{},'.repeat(20_000)}{}]}`),
    block(`{"v":"${'w'.repeat(60_000)}"}`),
    block('{"v":"\\ud800"}'),
  ];
  const written = bodies.map((body, i) => ({
    id: 900 + i,
    author: b.DI,
    createdAt: b.instant(900),
    editedAt: null,
    body,
  }));
  const { findings, broken } = await b.read([...honest, ...written]);
  expect([codes(findings), broken]).toEqual([['malformed', 'malformed', 'malformed'], []]);
  for (const { why } of findings) expect([why.length < 600, why.isWellFormed()]).toEqual([true, true]);
});
