/** The gateway's records: its own key signs them, the policy says which keys count, and only some events are its to sign. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Log, type LogComment, readLog, type SignatureCache } from '../../src/log/chain.ts';
import type { ParsedComments } from '../../src/log/comment.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { gatewayKey, gatewayToken } from '../../src/log/gateway-token.ts';
import { gradeOf } from '../../src/log/grade.ts';
import { type Record as LogRecord, signedRecord } from '../../src/log/record.ts';
import { ROLES } from '../../src/log/roles.ts';
import { GATEWAY_ISSUER, type Trust, type TrustedKey } from '../../src/log/trust.ts';
import type { VerifiedTokens } from '../../src/log/verified-tokens.ts';
import { rawKey } from '../../src/policy/gateway.ts';
import type { Event } from '../../src/request/events.ts';
import * as b from './build.ts';
import * as x from './export-build.ts';

function pair(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const jwk: TrustedKey = { kty: 'OKP', crv: 'Ed25519', x: rawKey(spki) ?? '', kid: name, alg: 'EdDSA', use: 'sig' };
  return { jwk, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
const acme = pair('acme');
const other = pair('acme');
const trust: Trust = { ...b.trust, issuers: [...b.trust.issuers, { issuer: GATEWAY_ISSUER, keys: [acme.jwk] }] };
const APP = { id: 77, login: 'debug-approval-acme[bot]', bot: true };
const REPOSITORY = { id: trust.repositoryId, ownerId: trust.ownerId };
const JOB = { run: 9001, attempt: 1, job: 'ask', environment: 'debug-approval' };

interface Forged {
  pem?: string;
  writer?: LogRecord['writer'];
  repository?: typeof REPOSITORY;
  hash?: string;
  /** Where the token counts as verified from its signing on. */
  known?: VerifiedTokens;
  /** How many seconds after the token the comment was created. */
  late?: number;
}

/** A log with an opening that the ask job wrote, and one record of the gateway. */
async function logWith(events: Event[], how: Forged = {}, believed: Trust = trust): Promise<Log> {
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  const opened = await readLog(b.issueOf([first]), trust);
  return readLog(b.issueOf([first, await written(opened, events, how)]), believed);
}

async function written(log: Log, events: Event[], how: Forged): Promise<LogComment> {
  const record = b.draft(log, b.ASK, events, { at: b.instant(60), writer: how.writer ?? { gateway: 'acme' } });
  const key = await gatewayKey('acme', how.pem ?? acme.pem);
  if (key === null) throw new Error('This is no key.');
  const signedAt = Date.parse(b.instant(60));
  const token = await gatewayToken(key, how.repository ?? REPOSITORY, how.hash ?? record.hash, signedAt, how.known);
  return b.asComment(signedRecord(record, token), 2, { author: APP, createdAt: b.instant(60 + (how.late ?? 1)) });
}

const typesOf = (log: Log) => log.entries.flatMap(({ record }) => record.events.map(({ type }) => type));

test('a decision that the gateway signed with a key of the policy counts', async () => {
  const log = await logWith([b.decided('bo')]);
  expect(typesOf(log)).toEqual(['requested', 'decided']);
  expect(log.entries[1]?.claims).toEqual({ gateway: 'acme', issuedAt: Date.parse(b.instant(60)) / 1000 });
  expect([log.broken, log.findings]).toEqual([[], []]);
});

test.each<[string, Forged, string]>([
  ['with another key under its name', { pem: other.pem }, 'does not verify'],
  ['for another repository', { repository: { id: 71, ownerId: 7 } }, 'its token is of repository 71'],
  ['for another owner', { repository: { id: 70, ownerId: 8 } }, 'of owner 8'],
  ['for another record', { hash: `sha256:${'0'.repeat(64)}` }, 'unexpected "aud"'],
  ['as another key of its own', { writer: { gateway: 'old' } }, 'is from the key old'],
  ['more than two minutes before the comment', { late: 121 }, 'at most 120 s'],
])('what the gateway signed %s does not count', async (_, how, why) => {
  const log = await logWith([b.decided('bo')], how);
  expect(typesOf(log)).toEqual(['requested']);
  expect(log.findings.map((one) => one.why).join()).toContain(why);
});

test('a token that was verified before is believed for its own record, key and form alone', async () => {
  const verified = new Map();
  const remembering = { ...trust, verified };
  expect(typesOf(await logWith([b.decided('bo')], {}, remembering))).toEqual(['requested', 'decided']);
  const remembered = verified.size;
  expect(typesOf(await logWith([b.decided('bo')], {}, remembering))).toEqual(['requested', 'decided']);
  expect(verified.size).toBe(remembered);
  const another = {
    ...b.trust,
    issuers: [...b.trust.issuers, { issuer: GATEWAY_ISSUER, keys: [other.jwk] }],
    verified,
  };
  expect(typesOf(await logWith([b.decided('bo')], {}, another))).toEqual(['requested']);
  expect(typesOf(await logWith([b.decided('bo')], { late: 121 }, remembering))).toEqual(['requested']);
  expect(typesOf(await logWith([b.decided('cy')], { hash: `sha256:${'0'.repeat(64)}` }, remembering))).toEqual([
    'requested',
  ]);
  expect(verified.size).toBe(remembered);
});

test('a token that the gateway made itself is remembered as verifying would, and believed for its own record and key alone', async () => {
  const known: VerifiedTokens = new Map();
  const verified: VerifiedTokens = new Map();
  const log = await logWith([b.decided('bo')], { known }, { ...trust, verified });
  expect(typesOf(log)).toEqual(['requested', 'decided']);
  expect(known.size).toBe(1);
  expect([...verified]).toEqual(expect.arrayContaining([...known]));
  const attacks: Forged[] = [{ pem: other.pem }, { hash: `sha256:${'0'.repeat(64)}` }, { late: 121 }, { writer: JOB }];
  for (const how of attacks) {
    const forged: VerifiedTokens = new Map();
    const read = await logWith([b.decided('bo')], { ...how, known: forged }, { ...trust, verified: forged });
    expect(typesOf(read)).toEqual(['requested']);
  }
});

test('what was read before spares no check: a late comment, another key or another kind of token is judged anew', async () => {
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  const opened = await readLog(b.issueOf([first]), trust);
  const second = await written(opened, [b.decided('bo')], {});
  const signatures: SignatureCache = new Map();
  const comments: ParsedComments = new Map();
  const read = async (comment: LogComment, believed = trust) =>
    typesOf(await readLog(b.issueOf([first, comment]), believed, signatures, comments));
  const both = ['requested', 'decided'];
  expect(await read(second)).toEqual(both);
  expect(await read({ ...second, createdAt: b.instant(60 + 121) })).toEqual(['requested']);
  expect(await read({ ...second, body: second.body.replace('"type":"gateway"', '"type":"oidc"') })).toEqual([
    'requested',
  ]);
  expect(await read({ ...second, body: second.body.replace(/"name":"\w+"/, '"name":"Di"') })).toEqual(['requested']);
  expect(await read({ ...second, author: null })).toEqual(['requested']);
  expect(
    await read(second, { ...trust, issuers: [...b.trust.issuers, { issuer: GATEWAY_ISSUER, keys: [other.jwk] }] }),
  ).toEqual(['requested']);
  expect(await read(second)).toEqual(both);
  expect([signatures.size, comments.size]).toEqual([6, 4]);
});

test('what says that a job wrote it does not count with the signature of the gateway', async () => {
  const log = await logWith([b.decided('bo')], { writer: JOB });
  expect(typesOf(log)).toEqual(['requested']);
});

test('without its key in the policy of now nothing of the gateway counts', async () => {
  const log = await logWith([b.decided('bo')], {}, b.trust);
  expect(typesOf(log)).toEqual(['requested']);
});

test.each([
  ['before its end', 61, ['requested', 'decided']],
  ['after its end', 59, ['requested']],
])('of a retired key counts what it signed %s', async (_, seconds, types) => {
  const retired = {
    ...trust,
    issuers: [...b.trust.issuers, { issuer: GATEWAY_ISSUER, keys: [{ ...acme.jwk, until: b.instant(seconds) }] }],
  };
  expect(typesOf(await logWith([b.decided('bo')], {}, retired))).toEqual(types);
});

test('a key of an OIDC issuer never verifies for the gateway, nor the other way round', async () => {
  const swapped = {
    ...trust,
    issuers: [
      { issuer: b.ISSUER, keys: [b.jwk, acme.jwk] },
      { issuer: GATEWAY_ISSUER, keys: [b.jwk] },
    ],
  };
  expect(typesOf(await logWith([b.decided('bo')], {}, swapped))).toEqual(['requested']);
});

test.each([
  ['opens no request', b.opening()],
  ['starts nothing', b.started()],
  ['ends nothing', b.ended()],
  ['tells of no interruption', b.ended('interrupted')],
])('the gateway %s', async (_, event) => {
  const log = await logWith([event]);
  expect(typesOf(log)).toEqual(['requested']);
});

test('the gateway signs what people decide and what the clock brings, and nothing of the debug job', () => {
  const may = Object.entries(ROLES).flatMap(([type, roles]) => (roles.includes('gateway') ? [type] : []));
  expect(may.sort()).toEqual([
    ...['cancelled', 'decided', 'discussed', 'errored', 'expired', 'purge', 'purged', 'refusals-counted'],
    ...['refused', 'reminded', 'review-overdue', 'reviewed', 'withdrawn'],
  ]);
});

test('a log with records of the gateway is proven only for those who know its key', async () => {
  const log = await logWith([b.decided('bo')]);
  const thumbprints = log.entries.map(({ key }) => key?.thumbprint ?? '');
  const github = new Set(thumbprints.slice(0, 1));
  const byPolicy = gradeOf(log.entries, { live: github, vouched: new Set(), foreign: new Set([GATEWAY_ISSUER]) });
  expect(byPolicy).toMatchObject({ grade: 'unproven' });
  expect(byPolicy.why).toContain("an issuer that only the repository's policy vouches for");
  expect(gradeOf(log.entries, { live: new Set(thumbprints), vouched: new Set() }).grade).toBe('live');
  expect((await gatewayKey('acme', acme.pem))?.thumbprint).toBe(thumbprints[1]);
});

test('an export carries the keys of the gateway, retired ones with their end, and verifies by itself', async () => {
  const until = b.instant(61);
  const retired = {
    ...trust,
    issuers: [...b.trust.issuers, { issuer: GATEWAY_ISSUER, keys: [{ ...acme.jwk, until }] }],
  };
  const log = await logWith([b.decided('bo')], {}, retired);
  const text = await x.fileOf([x.exported(b.ISSUE, log)], { trust: retired });
  expect(JSON.parse(text.split('\n')[0] ?? '').issuers[1].keys).toEqual([{ ...acme.jwk, until, live: true }]);
  const verdict = await verifyExport(text);
  expect(verdict.status).toBe('whole');
});

/** An opening, and what somebody made of the only record of the gateway: GitHub shows no other comment of its account. */
async function touched(change: { editedAt?: string; editorId?: number }, believed = trust): Promise<Log> {
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  const denial = await written(await readLog(b.issueOf([first]), trust), [b.decided('bo')], {});
  const body = denial.body.replace('Bo', 'Cy');
  return readLog(b.issueOf([first, { ...denial, body, editedAt: b.instant(90), ...change }]), believed);
}

test('the only record of the gateway, edited by a person or nobody knows whom, stops the request', async () => {
  for (const by of [{ editorId: b.DI.id }, {}]) expect((await touched(by)).broken).toMatchObject([{ code: 'edited' }]);
});

test('the only record of the gateway, deleted by a person or nobody knows whom, stops the request', async () => {
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  for (const by of [{ actorId: b.DI.id }, {}]) {
    const deletions = [{ at: b.instant(90), authorId: APP.id, authorIsBot: true, ...by }];
    expect((await readLog(b.issueOf([first], { deletions }), trust)).broken).toMatchObject([{ code: 'deleted' }]);
  }
});

test('what another app does to its own comments, and what becomes of what a person wrote, stops nothing', async () => {
  expect((await touched({ editorId: APP.id })).broken).toEqual([]);
  const deletions = [
    { at: b.instant(90), authorId: APP.id, authorIsBot: true, actorId: APP.id },
    { at: b.instant(91), authorId: b.DI.id, authorIsBot: false, actorId: b.BOT.id },
  ];
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  const read = await readLog(b.issueOf([first], { deletions }), trust);
  expect([read.broken, read.findings.map(({ code }) => code)]).toEqual([[], ['deleted', 'deleted']]);
});

test("where no gateway signs, or a record of it shows which account it has, the comments of other bots are nobody's records", async () => {
  expect((await touched({}, b.trust)).broken).toEqual([]);
  const other = { at: b.instant(90), authorId: 99, authorIsBot: true, actorId: b.DI.id };
  const first = await b.comment(b.draft(b.EMPTY, b.ASK, [b.opening()]), b.ASK, 1);
  const second = await written(await readLog(b.issueOf([first]), trust), [b.decided('bo')], {});
  expect((await readLog(b.issueOf([first, second], { deletions: [other] }), trust)).broken).toEqual([]);
});
