/** The gateway's records: its own key signs them, the policy says which keys count, and only some events are its to sign. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Log, type LogComment, readLog } from '../../src/log/chain.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { gatewayKey, gatewayToken } from '../../src/log/gateway-token.ts';
import { gradeOf } from '../../src/log/grade.ts';
import { type Record as LogRecord, signedRecord } from '../../src/log/record.ts';
import { ROLES } from '../../src/log/roles.ts';
import { GATEWAY_ISSUER, type Trust, type TrustedKey } from '../../src/log/trust.ts';
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

interface Forged {
  pem?: string;
  writer?: LogRecord['writer'];
  repository?: typeof REPOSITORY;
  hash?: string;
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
  const token = await gatewayToken(key, how.repository ?? REPOSITORY, how.hash ?? record.hash, signedAt);
  return b.asComment(signedRecord(record, token), 2, { author: APP, createdAt: b.instant(60 + (how.late ?? 1)) });
}

const typesOf = (log: Log) => log.entries.flatMap(({ record }) => record.events.map(({ type }) => type));

test('a decision that the gateway signed with a key of the policy counts', async () => {
  const log = await logWith([b.decided('bo')]);
  expect(typesOf(log)).toEqual(['requested', 'decided']);
  expect(log.entries[1]?.claims).toEqual({ gateway: 'acme', issuedAt: Date.parse(b.instant(60)) / 1000 });
  expect([log.broken, log.findings]).toEqual([[], []]);
});

const JOB = { run: 9001, attempt: 1, job: 'ask', environment: 'debug-approval' };
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
