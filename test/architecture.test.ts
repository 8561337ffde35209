/** Imports point one way, and only the edges touch the outside world. */
import { expect, test } from 'vitest';
import { type Import, type Module, modules } from './source.ts';

const PURE = ['request', 'policy', 'log', 'redact', 'audit'];
const all = modules();

/** Which folders of src a folder may import, besides itself. A path stands for that one module. */
const MAY_IMPORT: Record<string, string[]> = {
  // A policy is refused for what the redactor could not use, and its keys are the detectors' ids.
  policy: ['redact'],
  redact: [],
  // A record holds events of a request: the log knows the request's words, not its rules.
  log: ['src/request/events.ts', 'src/request/request.ts'],
  request: ['policy', 'log'],
  audit: ['log', 'request', 'policy'],
  app: PURE,
  github: [...PURE, 'src/app/ports.ts', 'src/app/fault.ts', 'src/app/gateway/ports.ts'],
  slack: [...PURE, 'src/app/ports.ts', 'src/app/fault.ts'],
  runner: [...PURE, 'src/app/ports.ts', 'src/app/fault.ts'],
  webhook: ['src/app/ports.ts', 'src/app/fault.ts'],
  entry: [...PURE, 'app', 'github', 'slack', 'runner', 'webhook', 'package.json'],
  sandbox: [...PURE, 'app', 'github', 'slack', 'runner', 'webhook', 'entry'],
};

/** What of Node a folder may import; a folder that is not named may import none of it. Hashing and streams are pure. */
const MAY_USE_OF_NODE: Record<string, RegExp> = {
  log: /^node:crypto$/,
  audit: /^node:zlib$/,
  redact: /^node:stream$/,
  github: /^node:(crypto|timers\/promises)$/,
  slack: /^node:(crypto|http|timers\/promises)$/,
  // Node reads a pipe as it reads a socket.
  runner: /^node:(child_process|crypto|fs|fs\/promises|net|os|path|stream|stream\/promises|util)$/,
  entry: /^node:/,
  sandbox: /^node:/,
};

/** Packages that belong to folders; any other package may be used anywhere. */
const BELONGS: { packages: RegExp; folders: string[] }[] = [
  { packages: /^@octokit\/|^bottleneck/, folders: ['github'] },
  { packages: /^@slack\//, folders: ['slack', 'sandbox'] },
  { packages: /^@actions\/(?!expressions)/, folders: ['entry'] },
  { packages: /^standardwebhooks$/, folders: ['webhook', 'sandbox'] },
  { packages: /^commander$/, folders: ['entry', 'sandbox'] },
  { packages: /^(emulate|ws|ajv|graphql|openapi-backend|@actions\/expressions)/, folders: ['sandbox'] },
];

/** Modules outside of entry and sandbox that use the process, and why. */
const USES_THE_PROCESS: Record<string, string> = {
  'src/runner/exec.ts': 'a program of its own, which stands between the runner and the approved command',
  'src/runner/group.ts': 'ends processes, on Windows with a program that SystemRoot leads to',
};

const ownFolder = (target: string): string => (target.startsWith('src/') ? (target.split('/')[1] ?? '') : target);
const isOurs = ({ target }: Import): boolean => target.startsWith('src/') || target === 'package.json';
const findings = (of: Module[], wrong: (module: Module) => string[]): string[] =>
  of.flatMap((module) => wrong(module).map((what) => `${module.path}: ${what}`));

test('every folder of src has its place in the order', () => {
  expect([...new Set(all.map(({ folder }) => folder))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test('imports point one way: entry to app to request to policy and log, and adapters never know each other', () => {
  const wrong = findings(all, ({ folder, imports }) =>
    imports
      .filter(isOurs)
      .map(({ target }) => target)
      .filter((target) => ownFolder(target) !== folder)
      .filter((target) => !(MAY_IMPORT[folder] ?? []).some((may) => may === target || may === ownFolder(target))),
  );
  expect(wrong).toEqual([]);
});

test('no module needs itself in order to load', () => {
  expect(circles()).toEqual([]);
});

test('only src/github knows Octokit, only src/slack knows Slack, only src/entry knows the Actions toolkit', () => {
  const wrong = findings(all, ({ folder, imports }) =>
    imports
      .map(({ target }) => target)
      .filter((target) => BELONGS.some(({ packages, folders }) => packages.test(target) && !folders.includes(folder))),
  );
  expect(wrong).toEqual([]);
});

test('the pure folders and the app reach neither files nor network nor other programs', () => {
  const wrong = findings(all, ({ folder, imports, uses }) => [
    ...imports
      .map(({ target }) => target)
      .filter((target) => target.startsWith('node:') && !MAY_USE_OF_NODE[folder]?.test(target)),
    ...(isPure(folder) ? uses.filter((use) => /^(fetch|createRemoteJWKSet)\(\)$/.test(use)) : []),
  ]);
  expect(wrong).toEqual([]);
});

test('the pure folders and the app know neither the clock nor chance: both are given to them', () => {
  const unknowable =
    /^(Date\.now|new Date\(\)|Date\(\)|performance\.|Math\.random|crypto\.|(random\w+|set(Timeout|Interval|Immediate))\(\))/;
  expect(
    findings(
      all.filter(({ folder }) => isPure(folder)),
      ({ uses }) => uses.filter((use) => unknowable.test(use)),
    ),
  ).toEqual([]);
});

test('only entries print, exit and read the environment', () => {
  const edge = /^(process\.(env|exit|exitCode|argv|stdout|stderr|stdin|on|once)|console\..*)$/;
  const users = all
    .filter(({ folder }) => folder !== 'entry' && folder !== 'sandbox')
    .filter(({ uses }) => uses.some((use) => edge.test(use)))
    .map(({ path }) => path);
  expect(users).toEqual(Object.keys(USES_THE_PROCESS));
});

function isPure(folder: string): boolean {
  return PURE.includes(folder) || folder === 'app';
}

/** Each circle of imports that remain when the types are gone, as `a → b → a`. */
function circles(): string[] {
  const values = new Map(
    all.map(({ path, imports }) => [
      path,
      imports.filter((one) => isOurs(one) && !one.typeOnly).map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const follow = (path: string, trail: string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of values.get(path) ?? []) follow(next, [...trail, path]);
    done.add(path);
  };
  for (const path of values.keys()) follow(path, []);
  return found;
}
