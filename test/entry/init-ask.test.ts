/** On a terminal `init` asks for what is missing alone, refuses an answer that would be wrong as a flag, and may be left. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Missing, missingOf } from '../../src/app/init/missing.ts';
import { type Flags, readWishes } from '../../src/app/init/wishes.ts';
import { agree, agreeToFiles, askMissing } from '../../src/entry/cli/init-ask.ts';

const AROUND = {
  ...{ githubToken: true, slackToken: true, issuerKnown: true },
  ...{ policyThere: false, posts: false, agreed: true },
};
const FOUND = { repository: 'acme/shop', branch: 'main', action: { name: 'a/b', sha: 'c', clean: true } };
const missing = (flags: Flags): Missing[] => missingOf(readWishes(flags).wishes, FOUND, AROUND);

/** A terminal at which somebody types each line once the text before it shows. */
function typing(...script: [shown: string, typed: string][]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let screen = '';
  const rest = [...script];
  output.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = rest;
    if (next === undefined || !screen.includes(next[0])) return;
    rest.shift();
    screen = '';
    setImmediate(() => input.write(next[1]));
  });
  return { terminal: { input, output }, left: rest };
}

const HELP = { slackToken: true, self: null };
const ENTER = '\r';

test('only what is missing is asked, and each answer is the flag that could have been given', async () => {
  const { terminal, left } = typing(
    ['Who asks and approves?', `bo-dev:bo, cy-dev${ENTER}`],
    ['Where are approvers asked?', `C123${ENTER}`],
  );
  const flags = { person: ['ana-dev'] };
  expect(await askMissing(missing(flags), flags, HELP, terminal)).toEqual({
    person: ['ana-dev', 'bo-dev:bo', 'cy-dev'],
    slackChannel: 'C123',
  });
  expect(left).toEqual([]);
});

test('an answer that would be a mistake as a flag is asked again', async () => {
  const { terminal } = typing(
    ['Who asks and approves?', `ana-dev${ENTER}`],
    ['At least two people', ` bo-dev${ENTER}`],
  );
  const flags = { slack: false };
  expect(await askMissing(missing(flags), flags, HELP, terminal)).toEqual({
    slack: false,
    person: ['ana-dev', 'bo-dev'],
  });
});

test('handles are not taken where nothing can be looked up in Slack; ids are', async () => {
  const { terminal } = typing(
    ['Who asks and approves?', `bo-dev ana-dev:ana${ENTER}`],
    ['without SLACK_BOT_TOKEN', `${'\u007f'.repeat(3)}T1/UANA${ENTER}`],
  );
  const flags = { slack: false };
  const asked = await askMissing(missing(flags), flags, { ...HELP, slackToken: false }, terminal);
  expect(asked?.person).toEqual(['bo-dev', 'ana-dev:T1/UANA']);
});

test('whoever is asked stands there already, by the login of their token', async () => {
  const { terminal } = typing(['ana-dev', `bo-dev${ENTER}`]);
  const asked = await askMissing(missing({ slack: false }), { slack: false }, { ...HELP, self: 'ana-dev' }, terminal);
  expect(asked?.person).toEqual(['ana-dev', 'bo-dev']);
});

test('no channel is an answer: without Slack', async () => {
  const { terminal } = typing(['Where are approvers asked?', ENTER]);
  const flags = { person: ['ana-dev', 'bo-dev'] };
  expect(await askMissing(missing(flags), flags, HELP, terminal)).toEqual({ ...flags, slack: false });
});

test('whoever gives up agreed to nothing', async () => {
  const leave = '\u0003';
  const asked = typing(['Who asks and approves?', leave]);
  expect(await askMissing(missing({ slack: false }), { slack: false }, HELP, asked.terminal)).toBeNull();
  expect(await agree('Write these files?', typing(['Write these files?', leave]).terminal)).toBe(false);
  expect(await agree('Write these files?', typing(['Write these files?', ENTER]).terminal)).toBe(false);
  expect(await agree('Write these files?', typing(['Write these files?', 'y']).terminal)).toBe(true);
});

test('all files can be read before any is written, and nothing is written unless somebody says so', async () => {
  const [ask, down, leave] = ['Write these files?', '\u001b[B', '\u0003'];
  let shown = 0;
  const show = () => {
    shown += 1;
  };
  const reads = typing([ask, down], ['● Show', ENTER], [ask, down], ['● Show', down], ['● Yes', ENTER]);
  expect(await agreeToFiles(show, reads.terminal)).toBe(true);
  expect(shown).toBe(1);
  expect(await agreeToFiles(show, typing([ask, ENTER]).terminal)).toBe(false);
  expect(await agreeToFiles(show, typing([ask, leave]).terminal)).toBe(false);
});
