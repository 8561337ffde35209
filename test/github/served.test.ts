/** Where the App is installed: what is remembered, and when GitHub is asked again. */
import { expect, test } from 'vitest';
import type { Served } from '../../src/app/gateway/ports.ts';
import { type Listed, servedRepositories } from '../../src/github/served.ts';

const SHOP: Listed = { id: 70, ownerId: 7, name: 'acme/shop', installation: 1 };

function world(...listed: Listed[]) {
  const w = {
    now: 0,
    listed,
    lists: 0,
    unread: [] as number[],
    names: [] as string[],
    opened: [] as string[],
    down: false,
    searches: 0,
  };
  const repositories = servedRepositories(
    {
      async all() {
        w.lists += 1;
        if (w.down) throw new Error('GitHub is down.');
        return { listed: w.listed, unread: w.unread };
      },
      async named(name) {
        w.names.push(name);
        return w.listed.find((one) => one.name === name.toLowerCase()) ?? null;
      },
      async withOpenRequests() {
        w.searches += 1;
        return ['Acme/shop7', 'acme/another'];
      },
    },
    (one) => {
      w.opened.push(one.name);
      // The port's parts are of no interest here.
      return { id: one.id, name: one.name } as Served;
    },
    { now: () => w.now },
  );
  return Object.assign(w, { repositories });
}

test('a repository is found by its id, and GitHub is asked once for all who ask at once', async () => {
  const w = world(SHOP);
  const found = await Promise.all([w.repositories.byId(70), w.repositories.byId(70)]);
  expect(found.map((one) => one?.name)).toEqual(['acme/shop', 'acme/shop']);
  expect(w).toMatchObject({ lists: 1, opened: ['acme/shop'] });
});

test('whoever is missing is looked for again, at most once a minute', async () => {
  const w = world(SHOP);
  expect(await w.repositories.byId(71)).toBeNull();
  w.listed = [SHOP, { ...SHOP, id: 71, name: 'acme/tills' }];
  expect(await w.repositories.byId(71)).toBeNull();
  expect(w.lists).toBe(1);
  w.now = 60_000;
  expect((await w.repositories.byId(71))?.name).toBe('acme/tills');
  expect(w).toMatchObject({ lists: 2, opened: ['acme/shop', 'acme/tills'] });
});

test('what is known is answered while GitHub is down', async () => {
  const w = world(SHOP);
  await w.repositories.all();
  w.down = true;
  w.now = 3_600_000;
  expect((await w.repositories.byId(70))?.id).toBe(70);
  expect((await w.repositories.byName('Acme/Shop'))?.id).toBe(70);
  await expect(w.repositories.all()).rejects.toThrow('GitHub is down.');
  w.down = false;
  expect(await w.repositories.all()).toHaveLength(1);
});

test('a name that is missing is asked for by itself, and not again for a minute', async () => {
  const w = world();
  expect(await w.repositories.byName('acme/shop')).toBeNull();
  w.listed = [SHOP];
  expect(await w.repositories.byName('ACME/shop')).toBeNull();
  expect(w.names).toEqual(['acme/shop']);
  w.now = 60_000;
  expect((await w.repositories.byName('ACME/shop'))?.id).toBe(70);
  expect((await w.repositories.byId(70))?.name).toBe('acme/shop');
  expect(w).toMatchObject({ names: ['acme/shop', 'ACME/shop'], lists: 1 });
});

test('a repository from which the app was taken away is gone with the next list; a renamed one is opened anew', async () => {
  const w = world(SHOP, { ...SHOP, id: 71, name: 'acme/tills' });
  await w.repositories.all();
  w.listed = [{ ...SHOP, name: 'acme/store' }];
  expect(await w.repositories.all()).toHaveLength(2);
  w.now = 300_000;
  expect((await w.repositories.all()).map(({ name }) => name)).toEqual(['acme/store']);
  expect(w.opened).toEqual(['acme/shop', 'acme/tills', 'acme/store']);
});

test('few repositories are all looked through, since GitHub’s search lags; of many, those in which it finds a request', async () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...SHOP, id: 100 + n, name: `acme/shop${n}` }));
  const few = world(...many(50));
  expect(await few.repositories.withOpenRequests()).toHaveLength(50);
  const w = world(...many(51));
  expect((await w.repositories.withOpenRequests()).map(({ name }) => name)).toEqual(['acme/shop7']);
  expect([few.searches, w.searches]).toEqual([0, 1]);
});

test('an installation whose limit is used up keeps its repositories, and keeps nobody from those of the others', async () => {
  const w = world(SHOP, { ...SHOP, id: 80, name: 'other/tills', installation: 2 });
  await w.repositories.all();
  w.listed = [{ ...SHOP, id: 71, name: 'acme/tills' }];
  w.unread = [2];
  w.now = 300_000;
  expect((await w.repositories.all()).map(({ name }) => name)).toEqual(['other/tills', 'acme/tills']);
});
