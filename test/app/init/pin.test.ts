/** The version that the workflows will name is looked at before anything is written. */
import { expect, test } from 'vitest';
import { Fault } from '../../../src/app/fault.ts';
import { checkPin, type ReadElsewhere } from '../../../src/app/init/pin.ts';
import { ACTION, SHA } from './given.ts';

const manifest = (version: string, name = 'debug-approval') => JSON.stringify({ name, version });
/** A GitHub that shows these texts by their commits. */
const showing =
  (texts: Record<string, string>): ReadElsewhere =>
  async (_, ref) =>
    texts[ref] ?? null;

test('a commit that GitHub shows as this version is taken without a word', async () => {
  expect(await checkPin(showing({ [SHA]: manifest('1.2.3') }), ACTION)).toEqual({ action: ACTION, notes: [] });
});

test('a commit of another version is called by that version, and noted', async () => {
  const { action, notes } = await checkPin(showing({ [SHA]: manifest('1.0.0') }), ACTION);
  expect(action.version).toBe('1.0.0');
  expect(notes).toEqual([expect.stringContaining('is version 1.0.0, and this program is 1.2.3')]);
});

test.each([
  ['a commit that was never pushed', { HEAD: manifest('1.2.3') }, /has no commit .*Push it/s],
  ['the commit of something else', { [SHA]: manifest('1.2.3', 'other') }, /is not Debug Approval/],
  ['the commit of something without a manifest', { [SHA]: 'no JSON' }, /is not Debug Approval/],
])('%s is refused', async (_, texts: Record<string, string>, why) => {
  const refused = await checkPin(showing(texts), ACTION).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'refused' });
  expect(refused instanceof Fault ? `${refused.message} ${refused.remedy}` : '').toMatch(why);
});

test('what this token cannot see stops nothing and is noted', async () => {
  const hidden = await checkPin(showing({}), ACTION);
  expect(hidden).toMatchObject({ action: ACTION, notes: [expect.stringContaining('could not be seen')] });
  const forbidden = async () => {
    throw new Fault('permission', 'GitHub refused.', 'Ask.');
  };
  expect((await checkPin(forbidden, ACTION)).notes).toEqual([expect.stringContaining('GitHub refused.')]);
});
