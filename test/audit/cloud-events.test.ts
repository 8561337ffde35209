/** Each record is one CloudEvent: valid, complete, the same whoever makes it, and without its signature. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudEventType, toCloudEvent } from '../../src/audit/cloud-events.ts';
import { EVENTS } from '../../src/audit/record.ts';
import { requestDigest } from '../../src/request/request.ts';
import * as f from '../request/full.ts';
import * as g from '../request/given.ts';
import { deedlet, live } from '../request/town.ts';
import { lastOf, SAMPLES, toldOf } from './given.ts';
import { cloudEventFault } from './valid.ts';

const samples = Object.entries(SAMPLES);

test.each(samples)('%s: the record is a valid CloudEvent, as it always was', async (name, told) => {
  const event = toCloudEvent(told);
  expect(cloudEventFault(event)).toBeNull();
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.cloudevent.json`);
});

test('whatever people do to a request, every record of it is a valid CloudEvent of its own', () => {
  fc.assert(
    fc.property(fc.array(deedlet, { maxLength: 10 }), fc.boolean(), (deeds, breakGlass) => {
      const opening = breakGlass ? f.broken() : f.mend();
      const records = [g.record(1, opening), ...live(f.FULL, opening, deeds).map(({ record }) => record)];
      const events = toldOf(records, f.FULL).map(toCloudEvent);
      expect(events.map(cloudEventFault).filter((fault) => fault !== null)).toEqual([]);
      expect(new Set(events.map(({ id }) => id)).size).toBe(records.length);
    }),
    { numRuns: 40 },
  );
});

test('every type of event has a type of its own, which holds no more than lowercase letters and hyphens', () => {
  const types = samples.map(([, told]) => toCloudEvent(told).type);
  const all = Object.keys(EVENTS).map((event) => `dev.debug-approval.request.${event}.v1`);
  expect([...new Set(types)].sort()).toEqual(all.sort());
  expect(all.filter((type) => !/^dev\.debug-approval\.request\.[a-z]+(-[a-z]+)*\.v1$/.test(type))).toEqual([]);
  expect(cloudEventType('review-overdue')).toBe('dev.debug-approval.request.review-overdue.v1');
});

test('an event is known by the hash of its record and stands under the repository and its issue', () => {
  const told = SAMPLES.decided;
  expect(toCloudEvent(told)).toMatchObject({
    id: told.entry.record.hash,
    source: 'https://github.com/acme/shop',
    subject: 'issues/17',
    time: told.entry.createdAt,
    debugrequest: '70/9001/1',
    debugstatus: 'approved',
    debugbreakglass: false,
  });
});

test('whoever receives an event can compute the digest of what was asked anew', () => {
  for (const [, told] of samples) {
    const { request, digest } = toCloudEvent(told).data;
    expect(requestDigest(request)).toBe(digest);
  }
});

test('no signature leaves: neither its token nor its place', () => {
  const all = JSON.stringify(samples.map(([, told]) => toCloudEvent(told)));
  expect(all).not.toMatch(/eyJ|"sig"|"token"/);
});

test('who decided what, and why it was refused, is said without reading the events', () => {
  const said = (name: keyof typeof SAMPLES) => {
    const { decision, refusal, actor } = toCloudEvent(SAMPLES[name] ?? SAMPLES.requested).data;
    return [decision, refusal, actor.name];
  };
  expect(said('decided')).toEqual(['approve', null, 'Cy']);
  expect(said('decided-deny')).toEqual(['deny', null, 'Cy']);
  expect(said('withdrawn')).toEqual(['withdraw', null, 'Bo']);
  expect(said('reviewed')).toEqual(['review', null, 'Cy']);
  expect(said('cancelled')).toEqual(['cancel', null, 'Ana']);
  expect(said('refused')).toEqual(['approve', 'own-request', 'Ana']);
  expect(said('expired')).toEqual([null, null, 'Debug Approval']);
});

test('a run that was cancelled is not told as somebody having cancelled the request', () => {
  const told = lastOf([g.opened(), g.record(2, { type: 'cancelled', reason: 'The workflow run was cancelled.' })]);
  expect(toCloudEvent(told).data.decision).toBeNull();
});
