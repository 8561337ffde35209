/** GitHub's teams in memory: who is in them, who left, and failures on demand. */
import { Fault } from '../../src/app/fault.ts';
import type { Teams } from '../../src/app/ports.ts';

export interface FakeTeams extends Teams {
  teams: Map<string, { id: number; login: string }[]>;
  /** Fails every question while it is set. */
  broken: Fault | null;
  /** Every question, oldest first. */
  done: (keyof Teams)[];
}

export function fakeTeams(): FakeTeams {
  const enter = (what: keyof Teams, team: string) => {
    fake.done.push(what);
    if (fake.broken !== null) throw fake.broken;
    const found = fake.teams.get(team);
    if (found === undefined) throw new Fault('not-found', `GitHub shows no team ${team}.`, 'Check its name.');
    return found;
  };
  const fake: FakeTeams = {
    ...{ teams: new Map(), broken: null, done: [] },
    members: async (team) => [...enter('members', team)],
    isMember: async (team, { id }) => enter('isMember', team).some((one) => one.id === id),
  };
  return fake;
}
