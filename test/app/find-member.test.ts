/** Whom a Slack handle means: one living member of the workspace, exactly, or nobody. */
import { describe, expect, test } from 'vitest';
import { findMember } from '../../src/app/find-member.ts';
import type { Directory, MemberFacts } from '../../src/app/ports.ts';

function member(id: string, handle: string, change: Partial<MemberFacts> = {}): MemberFacts {
  const kind = { deleted: false, bot: false, guest: false, stranger: false };
  return { id, team: 'T1', handle, displayName: '', realName: '', ...kind, ...change };
}

function directory(...members: MemberFacts[]): Directory {
  return {
    team: async () => 'T1',
    member: async (id) => members.find((one) => one.id === id) ?? null,
    everybody: async () => members,
  };
}

const BO = member('U0BO', 'bo', { displayName: 'Bo B', realName: 'Bo' });

test.each(['bo', '@bo', 'Bo B', 'U0BO'])(
  '%s is the one member who has exactly that handle, name or id',
  async (words) => {
    expect(await findMember(directory(BO, member('U0CY', 'cy')), words)).toBe(BO);
  },
);

test('a handle that another member chose as display name means nobody, and both are named', async () => {
  const guest = member('U0ED', 'ed', { displayName: 'bo', guest: true });
  await expect(findMember(directory(BO, guest), 'bo')).rejects.toMatchObject({
    code: 'refused',
    message: '"bo" means several in Slack: @bo (Bo B, Bo, U0BO), @ed (bo, U0ED, guest).',
    remedy: 'Give the member id (U…) of the one that you mean.',
  });
});

test('a member id decides alone, whatever others call themselves', async () => {
  const other = member('U0ED', 'ed', { displayName: 'U0BO' });
  expect(await findMember(directory(other, BO), 'U0BO')).toBe(BO);
});

test('a deactivated member does not keep a name from whoever has it now', async () => {
  expect(await findMember(directory(member('U0OLD', 'bo', { deleted: true }), BO), 'bo')).toBe(BO);
});

test('what is nearly a name is nobody, and is offered', async () => {
  await expect(findMember(directory(BO), 'BO')).rejects.toMatchObject({
    code: 'refused',
    message: 'Nobody in Slack has exactly the handle or display name "BO".',
    remedy: 'Did you mean @bo (Bo B, Bo, U0BO)? Give it exactly, or give the member id (U…).',
  });
  await expect(findMember(directory(BO), 'cy')).rejects.toMatchObject({
    remedy: 'Give it as Slack shows it after the @, or give the member id (U…).',
  });
});

describe('refused although the name is theirs alone:', () => {
  test.each([
    ['a deactivated member', { deleted: true }, '@bo (U0BO, deactivated) is deactivated.'],
    ['a bot', { bot: true }, '@bo (U0BO, bot) is a bot or an app.'],
    ['a guest', { guest: true }, '@bo (U0BO, guest) is a guest.'],
    [
      'a stranger of a shared channel',
      { stranger: true, team: 'T9' },
      '@bo (U0BO, of another workspace) belongs to another workspace (T9, not T1).',
    ],
    ["another workspace's member", { team: 'T9' }, '@bo (U0BO) belongs to another workspace (T9, not T1).'],
  ])('%s', async (_, change, message) => {
    const found = directory(member('U0BO', 'bo', change));
    for (const words of ['bo', 'U0BO']) {
      await expect(findMember(found, words)).rejects.toMatchObject({ code: 'refused', message });
    }
  });
});
