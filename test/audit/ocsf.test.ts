/** Each record is one OCSF event: valid, of one class, and as serious as what it says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toOcsf } from '../../src/audit/ocsf.ts';
import type { AuditedRecord } from '../../src/audit/record.ts';
import { RefusalCode } from '../../src/request/events.ts';
import * as f from '../request/full.ts';
import * as g from '../request/given.ts';
import { deedlet, live } from '../request/town.ts';
import { lastOf, SAMPLES, toldOf } from './given.ts';
import { ocsfFault } from './valid.ts';

const samples = Object.entries(SAMPLES);
const of = (name: string): AuditedRecord => SAMPLES[name] ?? SAMPLES.requested;

test.each(samples)('%s: the record is a valid OCSF event, as it always was', async (name, told) => {
  const event = toOcsf(told);
  expect(ocsfFault(event)).toBeNull();
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.ocsf.json`);
});

test('whatever people do to a request, every record of it is a valid OCSF event of its own', () => {
  fc.assert(
    fc.property(fc.array(deedlet, { maxLength: 10 }), fc.boolean(), (deeds, breakGlass) => {
      const opening = breakGlass ? f.broken() : f.mend();
      const records = [g.record(1, opening), ...live(f.FULL, opening, deeds).map(({ record }) => record)];
      const events = toldOf(records, f.FULL).map(toOcsf);
      expect(events.map(ocsfFault).filter((fault) => fault !== null)).toEqual([]);
      expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(records.length);
      expect(new Set(events.map(({ metadata }) => metadata.correlation_uid)).size).toBe(1);
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['requested', 'Create', 'Success', 'Observed', 'Logged'],
  ['requested-break-glass', 'Create', 'Success', 'Allowed', 'Allowed'],
  ['requested-and-errored', 'Create', 'Failure', 'Denied', 'Error'],
  ['decided-one-of-two', 'Update', 'Success', 'Observed', 'Approved'],
  ['decided', 'Update', 'Success', 'Allowed', 'Approved'],
  ['decided-deny', 'Deactivate', 'Success', 'Denied', 'Rejected'],
  ['withdrawn', 'Update', 'Success', 'Observed', 'Access Revoked'],
  ['refused', 'Update', 'Failure', 'Denied', 'Unauthorized'],
  ['started', 'Activate', 'Success', 'Allowed', 'Allowed'],
  ['ended', 'Deactivate', 'Success', 'Allowed', 'Logged'],
  ['ended-failed', 'Deactivate', 'Failure', 'Allowed', 'Error'],
  ['expired', 'Deactivate', 'Success', 'Denied', 'Blocked'],
  ['cancelled', 'Deactivate', 'Success', 'Denied', 'Blocked'],
  ['errored', 'Deactivate', 'Failure', 'Denied', 'Error'],
])('%s: %s, %s; the control says %s, %s', (name, activity, status, action, disposition) => {
  const event = toOcsf(of(name));
  expect(event).toMatchObject({ activity_name: activity, status, action, disposition });
});

test('what changed nothing is told as no change: a second start allows nothing, an expiry after the start blocks nothing', () => {
  const running = [g.opened(), g.approval(2, 'bo'), g.approval(3, 'cy'), g.record(4, g.started())];
  const second = toOcsf(lastOf([...running, g.record(5, g.started({ checkRun: '56' }))]));
  expect(second).toMatchObject({ activity_name: 'Update', disposition: 'Logged' });
  const early = toOcsf(lastOf([g.opened(), g.record(2, g.started())]));
  expect(early).toMatchObject({ activity_name: 'Update', action: 'Observed', disposition: 'Logged' });
  const late = toOcsf(lastOf([...running, g.record(5, { type: 'expired' })]));
  expect(late).toMatchObject({ activity_name: 'Update', action: 'Allowed', disposition: 'Logged' });
});

test('a break-glass alerts when it is opened and when it starts, and nothing of it is merely informational', () => {
  const records = [g.record(1, f.broken()), g.record(2, f.startOf(f.broken())), g.record(3, g.ended())];
  const events = toldOf(records, f.FULL).map(toOcsf);
  expect(events.map(({ severity, is_alert }) => [severity, is_alert])).toEqual([
    ['High', true],
    ['High', true],
    ['Medium', false],
  ]);
});

test('an error and an after-review that nobody signed alert; a decision, a failed command and a refused attempt do not', () => {
  const alerts = samples.filter(([, told]) => toOcsf(told).is_alert).map(([name]) => name);
  expect(alerts.sort()).toEqual(['errored', 'requested-and-errored', 'requested-break-glass', 'review-overdue']);
});

test('what nobody may do counts for more than what merely came too late', () => {
  const severity = (code: RefusalCode) => {
    const event = { type: 'refused', code, decision: 'approve', account: 'slack:T1/UANA' } as const;
    return toOcsf(lastOf([g.opened(), g.record(2, event, g.bySlack('ana'))])).severity;
  };
  expect(RefusalCode.options.filter((code) => severity(code) === 'Low')).toEqual([
    'already-decided',
    'not-open',
    'expired',
    'needs-dialog',
    'checklist',
    'nothing-to-withdraw',
    'no-review',
  ]);
});

test('a record with several events is as serious as the most serious of them', () => {
  const told = SAMPLES.decided;
  const record = told.entry.record;
  const events = [...record.events, { type: 'errored', code: 'slack', message: 'No card.' } as const];
  expect(toOcsf({ ...told, entry: { ...told.entry, record: { ...record, events } } }).severity).toBe('High');
});

test('an account is named as GitHub or Slack knows it, with the human behind it; the product acts as an application', () => {
  expect(toOcsf(of('decided')).actor).toEqual({
    user: { name: 'UCY', uid: 'slack:T1/UCY', full_name: 'Cy', type_id: 1, type: 'User', uid_alt: 'cy' },
  });
  expect(toOcsf(of('requested')).actor).toMatchObject({ user: { name: 'ana-dev', uid: 'github:101', uid_alt: 'ana' } });
  const stranger = { ...g.bySlack('ed'), person: null, slack: { team: 'T1', user: 'UX' }, name: 'X' };
  const refused = { type: 'refused', code: 'unknown-person', decision: 'approve', account: 'slack:T1/UX' } as const;
  const { actor } = toOcsf(lastOf([g.opened(), g.record(2, refused, stranger)]));
  expect(actor).toEqual({ user: { name: 'UX', uid: 'slack:T1/UX', full_name: 'X', type_id: 1, type: 'User' } });
  expect(toOcsf(of('expired')).actor).toEqual({ app_name: 'Debug Approval' });
});

test('why it was asked, refused or failed is said where OCSF looks for it', () => {
  expect(toOcsf(of('requested')).comment).toBe('Orders hang');
  expect(toOcsf(of('decided-deny')).comment).toBe('Use the replica');
  expect(toOcsf(of('decided'))).not.toHaveProperty('comment');
  expect(toOcsf(of('refused'))).toMatchObject({ status_code: 'own-request' });
  expect(toOcsf(of('ended-failed'))).toMatchObject({ status_code: 'exit', status_detail: 'exit code 3' });
  expect(toOcsf(of('errored'))).toMatchObject({ status_code: 'slack', status_detail: 'The card could not be posted.' });
});
