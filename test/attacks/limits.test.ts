/** What is too large for a record: found out before anybody is asked. */
import { expect, test } from 'vitest';
import { policyWith, sreFrom } from '../app/policies.ts';
import { account, createWorld, faultOf } from '../app/world.ts';

test('a crowd of approvers that no record can hold is refused before anybody is asked', async () => {
  const crowd = Array.from({ length: 400 }, (_, n) => ({
    key: `${'a-very-long-key-of-a-person'.repeat(2)}-${n}`,
    id: 10_000 + n,
  }));
  const people = crowd.map(({ key, id }) => `  ${key}: { name: P${id}, github: { id: ${id}, login: p${id} } }`);
  const w = await createWorld(
    policyWith(
      ['people:', `people:\n${people.join('\n')}`],
      ['  developers: { members: [ana, bo] }', '  developers: { github-team: acme/all }'],
      sreFrom('github-team: acme/all'),
    ),
  );
  w.teams.teams.set('acme/all', [account('ana'), ...crowd.map(({ id }) => ({ id, login: `p${id}` }))]);
  const { code } = await faultOf(w.ask().result);
  expect({ code, issues: w.github.issues.size, cards: w.slack.cards.length }).toEqual({
    code: expect.stringMatching(/^(?:refused|input)$/),
    issues: 0,
    cards: 0,
  });
});

test('inputs that no record can hold are refused before anybody is asked', async () => {
  const names = Array.from({ length: 45 }, (_, n) => `note-${n}`);
  const w = await createWorld(
    policyWith(
      ['"--note={{ inputs.note }}"', names.map((name) => `"--${name}={{ inputs.${name} }}"`).join(', ')],
      [
        '      note:',
        `${names.map((name) => `      ${name}: { type: string, pattern: ".*" }`).join('\n')}\n      note:`,
      ],
    ),
  );
  const inputs = { service: 'web', ...Object.fromEntries(names.map((name) => [name, '<'.repeat(200)])) };
  const { code } = await faultOf(w.ask({ input: { inputs } }).result);
  expect({ code, issues: w.github.issues.size, cards: w.slack.cards.length }).toEqual({
    code: 'input',
    issues: 0,
    cards: 0,
  });
});
