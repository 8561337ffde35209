/** Issues that are asked for together: one query, and what is wrong with one of them is told of that one alone. */
import { expect, test } from 'vitest';
import { createRepository } from '../../src/github/repository.ts';
import { clientOf, json, stub } from './stub.ts';

const page = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
const issue = (number: number, over: object = {}) => ({
  ...{ number, url: `https://github.com/acme/shop/issues/${number}`, state: 'OPEN', title: 'Debug', body: 'text' },
  ...{ author: null, lastEditedAt: null, editor: null, userContentEdits: page, labels: { nodes: [] } },
  ...{ comments: page, timelineItems: page, ...over },
});
const alone = (number: number) => json(200, { data: { repository: { issue: issue(number) } } });
const missing = (name: string) => ({
  ...{ type: 'NOT_FOUND', path: ['repository', name], message: 'Could not resolve to an Issue.' },
});

/** Asks for the first issue alone, so that the others go together. */
function asked(numbers: number[], ...answers: Response[]) {
  const network = stub(alone(1), ...answers);
  const repository = createRepository(clientOf(network), 'acme/shop');
  const all = Promise.allSettled([1, ...numbers].map((number) => repository.issue(number)));
  return { network, all: all.then(([, ...others]) => others) };
}

test('issues that are asked for at once come by one query, each once', async () => {
  const { network, all } = asked(
    [2, 3, 2],
    json(200, { data: { repository: { issue0: issue(2), issue1: issue(3) } } }),
  );
  expect(await all).toMatchObject([2, 3, 2].map((number) => ({ status: 'fulfilled', value: { number } })));
  expect(network.sent.map(({ body }) => body)).toMatchObject([
    { variables: { owner: 'acme', name: 'shop', issue: 1 } },
    { variables: { owner: 'acme', name: 'shop', n0: 2, n1: 3 } },
  ]);
});

test('more than ten are too many for one query', async () => {
  const numbers = Array.from({ length: 11 }, (_, n) => n + 2);
  const ten = Object.fromEntries(numbers.slice(0, 10).map((number, n) => [`issue${n}`, issue(number)]));
  const { network, all } = asked(numbers, json(200, { data: { repository: ten } }), alone(12));
  expect((await all).map(({ status }) => status)).toEqual(numbers.map(() => 'fulfilled'));
  expect(network.sent).toHaveLength(3);
});

test('an issue that does not exist is one mistake, and the others are there', async () => {
  const { all } = asked(
    [2, 3],
    json(200, { data: { repository: { issue0: issue(2), issue1: null } }, errors: [missing('issue1')] }),
    json(200, { data: { repository: { issue: null } }, errors: [missing('issue')] }),
  );
  expect(await all).toMatchObject([
    { status: 'fulfilled', value: { number: 2 } },
    { status: 'rejected', reason: { code: 'not-found', message: 'There is no issue #3 in acme/shop.' } },
  ]);
});

test('an issue of which GitHub gives something else than it documents fails alone', async () => {
  const odd = issue(3, { state: 'odd' });
  const { all } = asked(
    [2, 3],
    json(200, { data: { repository: { issue0: issue(2), issue1: odd } } }),
    json(200, { data: { repository: { issue: odd } } }),
  );
  expect(await all).toMatchObject([
    { status: 'fulfilled', value: { number: 2 } },
    { status: 'rejected', reason: { code: 'unavailable' } },
  ]);
});

test('an outage fails all that were asked for, and asks for none of them again', async () => {
  const { network, all } = asked([2, 3], json(502, { message: 'Bad Gateway' }));
  expect(await all).toMatchObject([2, 3].map(() => ({ status: 'rejected', reason: { code: 'unavailable' } })));
  expect(network.sent).toHaveLength(2);
});
