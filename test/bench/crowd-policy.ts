/** A town whose policy lets a crowd decide, so that many people can press the buttons of one request. */
import { crowdOf, openTown, PEOPLE, type Town, type TownOptions } from '../../src/sandbox/town.ts';

export type Approver = ReturnType<typeof crowdOf>[number] & { key: string };

/** The people who may approve in a crowded town. */
export function approversOf(size: number): Approver[] {
  return crowdOf(size).map((person, index) => ({ ...person, key: `person${index + 1}` }));
}

/** Opens a town where `quorum` of `size` people must approve what Ana asks for. */
export function openCrowdedTown(size: number, quorum: number, options: TownOptions = {}): Promise<Town> {
  const entry = ({ id, login, slack, name }: Omit<Approver, 'key'>) => ({
    name,
    github: { id, login },
    slack: { team: 'T1', user: slack },
  });
  const crowd = approversOf(size);
  const people = Object.fromEntries(crowd.map((person) => [person.key, entry(person)]));
  // Lists of their own: one list in two places would become an alias, which a policy must not hold.
  const keys = () => ({ members: Object.keys(people) });
  return openTown({
    ...options,
    crowd: size,
    policy: [
      { path: ['people'], value: { ana: entry(PEOPLE.ana), ...people } },
      {
        path: ['groups'],
        value: { developers: { members: ['ana'] }, sre: keys(), security: keys() },
      },
      { path: ['rules', 0, 'require', 'count'], value: quorum },
      // Ana asks for the same again and again: no request may take the place of another.
      { path: ['open-requests'], value: 'many' },
      ...(options.policy ?? []),
    ],
  });
}
