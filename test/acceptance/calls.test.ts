/** Every call that one request makes in its life, for a reviewer to read; and how many they are. */
import { expect, test, vi } from 'vitest';
import type { SeenRequest } from '../../src/sandbox/github/ledger.ts';
import { ROUTES } from '../../src/sandbox/github/routes.ts';
import type { PersonKey } from '../../src/sandbox/town.ts';
import { openTown, type Town, type TownOptions } from '../../src/sandbox/town.ts';
import { endings, press, start } from './stage.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Life {
  /** GitHub's requests by job, in the order they came. */
  github: { job: string; requests: SeenRequest[] }[];
  slack: { method: string; args: Record<string, unknown> }[];
  counts: { counted: number; creating: number; slack: number };
}

/** Lives one request through, with these people approving. */
async function live(options: TownOptions, approvers: PersonKey[]): Promise<Life> {
  const town = await openTown(options);
  try {
    const jobs: { job: string; from: number }[] = [];
    const onState = (change: { kind: string; job?: string; status: string }) => {
      if (change.kind !== 'job' || change.status !== 'in_progress') return;
      jobs.push({ job: change.job ?? '', from: town.github.requests.length });
    };
    const run = start(town, { onState });
    const issue = await run.asked;
    for (const person of approvers) await press(town, person, 'approve', issue);
    expect(endings(await run.result)).toBe('ask success, debug success, close success');
    expect(town.github.violations).toEqual([]);
    return lifeOf(town, jobs);
  } finally {
    await town.close();
  }
}

function lifeOf({ github, slack }: Town, jobs: { job: string; from: number }[]): Life {
  const { counted, creating } = github.counts();
  return {
    github: jobs.map(({ job, from }, at) => ({ job, requests: github.requests.slice(from, jobs[at + 1]?.from) })),
    slack: [...slack.requests],
    counts: { counted, creating, slack: slack.counts().calls },
  };
}

test('one request with one approval stays far below the limits of GitHub and Slack', async () => {
  const one = await live({}, ['bo']);
  expect(one.counts.counted).toBeLessThanOrEqual(28);
  expect(one.counts.creating).toBeLessThanOrEqual(5);
  expect(one.counts.slack).toBeLessThanOrEqual(10);

  const two = await live({ policy: [{ path: ['rules', 0, 'require', 'count'], value: 2 }] }, ['bo', 'cy']);
  expect(two.counts.creating - one.counts.creating).toBeLessThanOrEqual(1);
  expect(two.counts.counted - one.counts.counted).toBeLessThanOrEqual(5);

  await expect(readable(one)).toMatchFileSnapshot('golden/calls.txt');
});

function readable({ github, slack, counts }: Life): string {
  const queries = new Map<string, string>();
  const name = namer();
  const parts = github.flatMap(({ job, requests }) => [
    `## GitHub, from the job ${job}`,
    ...settledOrder(requests).map((request) => name(shown(request, queries))),
  ]);
  const said = slack.map(({ method, args }) => name(`${method}\n${text(args)}`));
  const asked = [...queries].map(([query, title]) => `## ${title}\n\n${query}`);
  const sums = `${counts.counted} GitHub calls that count, ${counts.creating} of them create content; ${counts.slack} Slack calls.`;
  return `${[sums, ...parts, '## Slack', ...said, ...asked].join('\n\n')}\n`;
}

/** Reads that run at the same time come in any order: they are sorted. Writes stand in their own. */
function settledOrder(requests: SeenRequest[]): SeenRequest[] {
  const key = ({ method, path, body }: SeenRequest) => `${method} ${path} ${JSON.stringify(body)}`;
  const order: SeenRequest[] = [];
  let reads: SeenRequest[] = [];
  for (const request of requests) {
    if (reads.length > 0 && !isRead(request))
      order.push(...reads.splice(0).toSorted((a, b) => key(a).localeCompare(key(b))));
    if (isRead(request)) reads.push(request);
    else order.push(request);
  }
  reads = reads.toSorted((a, b) => key(a).localeCompare(key(b)));
  return [...order, ...reads];
}

const isRead = ({ method, path }: SeenRequest): boolean => method === 'GET' || path === '/graphql';

function shown({ method, path, query, body, status }: SeenRequest, queries: Map<string, string>): string {
  const search = new URLSearchParams(query).toString();
  const head = `${method} ${templateOf(method, path)}${search === '' ? '' : `?${search}`} → ${status}`;
  if (typeof body !== 'object' || body === null) return head;
  if (!('query' in body) || typeof body.query !== 'string') return `${head}\n${text(body)}`;
  const title = queries.get(body.query) ?? `GraphQL query ${queries.size + 1}`;
  queries.set(body.query, title);
  return `${head}\n${text({ ...body, query: title })}`;
}

function templateOf(method: string, path: string): string {
  const fits = ({ template }: { template: string }) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  return ROUTES.find((route) => route.method === method && fits(route))?.template ?? path;
}

/** One field a line; a long text with its lines, a list with one element a line. */
function text(fields: object): string {
  const line = ([key, value]: [string, unknown]): string => {
    if (typeof value === 'string' && value.includes('\n')) return `  ${key}: |\n${value.replace(/^/gm, '    ')}`;
    const list = key === 'blocks' && typeof value === 'string' ? JSON.parse(value) : value;
    if (!Array.isArray(list)) return `  ${key}: ${JSON.stringify(value)}`;
    return `  ${key}:\n${list.map((one) => `    - ${JSON.stringify(one)}`).join('\n')}`;
  };
  return Object.entries(fields).map(line).join('\n');
}

/** Gives each value that changes from run to run a name of its own, in the order they come. */
function namer(): (written: string) => string {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const nameOf = (kind: string) => (value: string) => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    names.set(value, `<${kind} ${number}>`);
    return `<${kind} ${number}>`;
  };
  const kinds: [RegExp, (value: string) => string][] = [
    [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, () => '<token>'],
    [/sha256:[0-9a-f]{64}/g, nameOf('hash')],
    [/\b[0-9a-f]{40}\b/g, nameOf('git object')],
    [/"trigger":"[^"]+"/g, () => '"trigger":"<trigger>"'],
    [/\b[0-9a-f]{12}\b/g, nameOf('short hash')],
    [/(?<= at )[0-9a-f]{7}\b/g, nameOf('short commit')],
    [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, () => '<time>'],
    [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, () => '<time>'],
    [/\b1\d{9}\.\d{6}\b/g, nameOf('ts')],
    [/<!date\^\d+/g, () => '<!date^<seconds>'],
    [/127\.0\.0\.1:\d+/g, () => '127.0.0.1:<port>'],
    [/("bytes"|"durationMs"):\d+/g, (value) => value.replace(/\d+/, '<n>')],
  ];
  return (written) => kinds.reduce((sum, [pattern, replaced]) => sum.replace(pattern, replaced), written);
}
