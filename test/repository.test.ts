/** Rules about the repository itself: its workflows, its policy, its pages and its sources. */
import { accessSync, constants, existsSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy } from '../src/policy/load.ts';
import { ROOT } from './source.ts';
import { text, WORKFLOWS, workflow } from './workflow-files.ts';

const files = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT, exclude: ['node_modules/**', '**/*.generated.*'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
const manifest = v.parse(
  v.object({
    version: v.string(),
    bin: v.record(v.string(), v.string()),
    files: v.array(v.string()),
    dependencies: v.record(v.string(), v.string()),
    devDependencies: v.record(v.string(), v.string()),
  }),
  JSON.parse(text('package.json')),
);

describe.each(WORKFLOWS)('%s', (path) => {
  const { permissions, jobs } = workflow(path);
  const lines = text(path).split('\n');

  test('grants nothing to a job that the job does not name, and each grant says why', () => {
    expect(permissions).toEqual({});
    expect(Object.values(jobs).map((job) => job.permissions)).not.toContain(undefined);
    const grants = lines.filter((line) => /^ {6}[\w-]+: (read|write)\b/.test(line));
    const granted = Object.values(jobs).flatMap((job) => Object.keys(job.permissions ?? {}));
    expect(grants).toHaveLength(granted.length);
    expect(grants.filter((line) => !/ # \S/.test(line))).toEqual([]);
  });

  test("pins every action of others by its commit, with the version for people's eyes", () => {
    const uses = lines.filter((line) => /^\s+(- )?uses: (?!\.\/)/.test(line));
    expect(uses.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('lets no expression that a person can write into a script', () => {
    const scripts = Object.values(jobs).flatMap((job) => job.steps.flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('leaves no token behind in the working copy', () => {
    const checkouts = Object.values(jobs)
      .flatMap((job) => job.steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with['persist-credentials'])).toEqual(checkouts.map(() => false));
  });

  test('gives every job an end', () => {
    const stops = lines.filter((line) => /^ {4}timeout-minutes: \d+/.test(line));
    expect(stops).toHaveLength(Object.keys(jobs).length);
  });
});

describe("this repository's own policy", () => {
  const loaded = loadPolicy(text('.github/debug-approval.yml'), { apiIsLoopback: false });
  const policy = loaded.ok ? loaded.policy : null;
  const Choices = v.object({
    on: v.object({
      workflow_dispatch: v.object({
        inputs: v.objectWithRest(
          { runbook: v.object({ options: v.array(v.string()) }), target: v.object({ options: v.array(v.string()) }) },
          v.unknown(),
        ),
      }),
    }),
  });
  const offered = v.parse(Choices, parse(text('.github/workflows/debug.yml'))).on.workflow_dispatch.inputs;

  test('has no mistakes', () => {
    expect(loaded).toMatchObject({ ok: true });
  });

  test('has every runbook and target that the workflow offers', () => {
    expect(Object.keys(policy?.runbooks ?? {})).toEqual(expect.arrayContaining(offered.runbook.options));
    expect(Object.keys(policy?.targets ?? {})).toEqual(expect.arrayContaining(offered.target.options));
  });

  test('names commands that are here and may be executed', () => {
    const programs = Object.values(policy?.runbooks ?? {}).map(({ run }) => run[0] ?? '');
    expect(programs.filter((program) => !existsSync(join(ROOT, program)))).toEqual([]);
    // Windows knows no such right.
    if (process.platform !== 'win32') for (const program of programs) accessSync(join(ROOT, program), constants.X_OK);
  });

  test('trusts the workflows that write records, and they are here', () => {
    const signers = policy?.signers.workflows ?? [];
    expect(signers).toEqual(['.github/workflows/debug.yml', '.github/workflows/sweep.yml']);
    expect(WORKFLOWS).toEqual(expect.arrayContaining([...signers]));
  });
});

describe('packages', () => {
  test('every dependency is pinned to one version', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('all that the package says it has is here', () => {
    const paths = [...manifest.files, ...Object.values(manifest.bin)];
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('the changelog knows this version', () => {
    expect(text('CHANGELOG.md')).toMatch(new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\]`, 'm'));
  });
});

describe('pages', () => {
  const pages = [...files('*.md'), ...files('docs/**/*.md')];

  test.each(pages)('%s: every link to a file or a heading of ours leads there', (page) => {
    const links = [...withoutCode(text(page)).matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, to = '']) => to);
    expect(links.filter((link) => !leads(page, link))).toEqual([]);
  });

  test.each(['docs/SECURITY.md', 'docs/QUALITY.md'])('%s cites only tests that are there', (page) => {
    const cited = [...text(page).matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)];
    expect(cited.length).toBeGreaterThan(0);
    const isThere = (words: string, path: string) => words === path || text(path).includes(words);
    expect(cited.filter(([, words = '', path = '']) => !isThere(words, path)).map(([all]) => all)).toEqual([]);
  });

  function leads(page: string, link: string): boolean {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(ROOT, file))) return false;
    return anchor === undefined || anchors(text(file)).includes(anchor);
  }

  /** The anchors that GitHub gives to a page's headings. */
  function anchors(page: string): string[] {
    return [...withoutCode(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }

  function withoutCode(page: string): string {
    return page.replace(/^```[\s\S]*?^```/gm, '');
  }
});

describe('sources', () => {
  const sources = [...files('src/**/*.{ts,tsx}'), ...files('test/**/*.ts'), ...files('scripts/**/*.ts')];

  test('every file is below 300 lines', () => {
    expect(sources.filter((path) => text(path).split('\n').length > 300)).toEqual([]);
  });

  test('every file of the product begins by saying what it is', () => {
    const mute = files('src/**/*.{ts,tsx}').filter((path) => !/^(#!.*\n)?\/\*\*\s/.test(text(path)));
    expect(mute).toEqual([]);
  });

  test('no file is a drawer for anything', () => {
    expect(sources.filter((path) => /(^|\/)(utils?|helpers?|manager|common|misc)(\/|\.|$)/.test(path))).toEqual([]);
  });

  test('no test is switched off or runs alone', () => {
    const marks = /\b(test|it|describe)\.(only|skip|todo)\b/;
    const marked = files('test/**/*.test.ts').filter((path) => marks.test(text(path)));
    expect(marked).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('.ci/run may be executed', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});
