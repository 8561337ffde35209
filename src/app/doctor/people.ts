/** The people: that each GitHub account is there, a human's, goes by that login, and may do what the policy gives it to do. */
import { namesOf } from '../../policy/people.ts';
import { requestersOf } from '../../policy/requesters.ts';
import type { Person, Policy } from '../../policy/schema.ts';
import type { AccountFacts } from '../ports.ts';
import { atBest, type Filled } from './filled.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { judgeOf } from './judge.ts';

const { ok, wrong, note, look } = judgeOf('People');

type Access = Awaited<ReturnType<Inspector['permission']>>;

/** How many people are looked up at once. */
const AT_ONCE = 8;

/** Findings about each person's GitHub account, and about who can ask. */
export async function examinePeople(inspector: Inspector, filled: Filled): Promise<Finding[]> {
  const { policy } = filled;
  const access = new Map<string, Access>();
  const people = Object.entries(policy.people);
  const findings: Finding[] = [];
  for (let first = 0; first < people.length; first += AT_ONCE) {
    const some = people
      .slice(first, first + AT_ONCE)
      .map(([key, person]) => look(`person.${key}.github`, () => examine(inspector, { policy, key, person, access })));
    findings.push(...(await Promise.all(some)).flat());
  }
  return [...findings, ...askers(filled, access)];
}

async function examine(
  inspector: Inspector,
  { policy, key, person, access }: { policy: Policy; key: string; person: Person; access: Map<string, Access> },
): Promise<Finding[]> {
  const id = `person.${key}.github`;
  const { id: number, login } = person.github;
  const account = await inspector.account(number);
  if (account === null) {
    const other = await inspector.accountOf(login);
    if (other !== null) return [mistaken(id, { key, person, other })];
    const what = `${person.name}'s GitHub account ${login} (id ${number}) is gone, so ${person.name} can neither ask nor decide there.`;
    return [
      wrong(
        id,
        what,
        `Correct \`people.${key}.github\` in the policy (https://api.github.com/users/<login> shows the id), or remove ${key}.`,
      ),
    ];
  }
  if (account.type !== 'User') {
    const what = `${person.name}'s GitHub account ${account.login} (id ${number}) is no person's account but ${account.type === 'Bot' ? 'a bot' : `of the kind ${account.type}`}.`;
    return [
      wrong(id, what, `Write the account of a human under \`people.${key}.github\` in the policy: only humans decide.`),
    ];
  }
  if (account.login.toLowerCase() !== login.toLowerCase()) {
    const what = `The GitHub account ${number} of ${person.name} is ${account.login}, not ${login}: whoever takes the old login is shown in ${person.name}'s place.`;
    return [
      wrong(
        id,
        what,
        `Write \`login: ${account.login}\` under \`people.${key}.github\` in the policy, once ${person.name} says that it is theirs.`,
      ),
    ];
  }
  const may = await inspector.permission(account.login);
  access.set(key, may);
  return permitted(id, { policy, key, person, may });
}

/** The id is nobody's, but the login is somebody's: most likely a digit is wrong. */
function mistaken(id: string, { key, person, other }: { key: string; person: Person; other: AccountFacts }): Finding {
  const { id: number, login } = person.github;
  const what = `No GitHub account has the id ${number}, which the policy gives for ${person.name}; ${login} has the id ${other.id}.`;
  return wrong(
    id,
    what,
    `Write \`id: ${other.id}\` under \`people.${key}.github\` in the policy, once ${person.name} says that ${login} is theirs.`,
  );
}

function permitted(
  id: string,
  { policy, key, person, may }: { policy: Policy; key: string; person: Person; may: Access },
): Finding[] {
  const { login } = person.github;
  const invite = `Give ${login} access under Settings → Collaborators and teams`;
  if (may === null || may === 'none') {
    const what = `${person.name} (${login}) has no access to the repository`;
    if (person.slack === undefined) {
      return [
        wrong(
          id,
          `${what} and no Slack link in the policy, and so cannot decide anywhere.`,
          `${invite} (Read suffices to decide).`,
        ),
      ];
    }
    return [
      note(id, `${what}: decides in Slack alone, without seeing the request's issue.`, `${invite} (Read suffices).`),
    ];
  }
  if (may === 'read' && allRequesters(policy).includes(key)) {
    const what = `${person.name} (${login}) may ask by the policy, but may only read the repository, and GitHub lets nobody start a workflow without Write.`;
    return [note(id, what, `${invite} with the role Write, or take ${key} out of \`requesters\`.`)];
  }
  return [ok(id, `${person.name} is ${login} on GitHub, with the permission ${may}.`)];
}

function allRequesters(policy: Policy): string[] {
  const places = Object.entries(policy.runbooks).flatMap(([runbook, { targets }]) =>
    targets.map((target) => requestersOf(policy, runbook, target)),
  );
  return places.flat();
}

/** Somebody must be able to ask for each runbook. Whom nobody could look up is not held against anyone. */
function askers(filled: Filled, access: ReadonlyMap<string, Access>): Finding[] {
  const best = atBest(filled);
  return Object.entries(best.runbooks).flatMap(([runbook, { targets }]) => {
    const named = [...new Set(targets.flatMap((target) => requestersOf(best, runbook, target)))];
    const able = named.filter((key) => !access.has(key) || access.get(key) === 'write' || access.get(key) === 'admin');
    if (able.length > 0) return [];
    const id = `policy.runbook.${runbook}.requesters`;
    if (named.length === 0) {
      const what = `Nobody can ask for ${runbook}: nobody is in what the policy names under \`requesters\`.`;
      return [
        wrong(id, what, 'Name others under `requesters`, or see to it that people of the policy are in these groups.'),
      ];
    }
    return [
      wrong(
        id,
        `Nobody can ask for ${runbook}: none of ${namesOf(best, named)} may start a workflow here.`,
        'Give one of them the role Write under Settings → Collaborators and teams, or name others under `requesters`.',
      ),
    ];
  });
}
