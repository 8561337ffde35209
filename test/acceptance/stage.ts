/** Plays requests in the sandbox for the acceptance tests: starts workflows, waits for what their jobs say, decides as people. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Evidence, evidenceOf } from '../../src/sandbox/evidence.ts';
import type { Host } from '../../src/sandbox/host.ts';
import { buttonsIn, slackAs } from '../../src/sandbox/members.ts';
import { CHANNEL, commitAll, PEOPLE, type PersonKey, type Town } from '../../src/sandbox/town.ts';
import { type LogLine, type RunOptions, type RunResult, runWorkflow } from '../../src/sandbox/workflow/run.ts';

export const DEBUG = '.github/workflows/debug.yml';
export const SWEEP = '.github/workflows/sweep.yml';
export const POLICY = '.github/debug-approval.yml';

/** What Ana fills in under "Run workflow". */
export const HELLO = {
  runbook: 'hello',
  target: 'production',
  reason: 'Orders are slow since 14:00; look at the service.',
  ticket: 'OPS-42',
};
export const FIND_ORDER = { ...HELLO, runbook: 'find-order', inputs: '{"order":"AB-1234"}' };

/** For a town in which Ana asks for the same several times at once: no request takes the place of another. */
export const SIDE_BY_SIDE = [{ path: ['open-requests'], value: 'many' }];

export type Asked = Omit<Partial<RunOptions>, 'onLog' | 'onProcess' | 'signal' | 'host'> & { host?: Host };

/** A workflow run while it goes on. */
export interface Playing {
  result: Promise<RunResult>;
  /** The first line of a job that matches. Rejects, with the whole log, when the run ends without one. */
  line(job: string, pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves once the request's buttons stand (or its issue, without Slack), with the issue's number. */
  asked: Promise<number>;
  /** Resolves when a step of this name begins. */
  step(name: string): Promise<void>;
  /** The process id of a job's latest process. */
  pid(job: string): number;
  cancel(): void;
}

type Wanted = { fits: (line: LogLine) => RegExpExecArray | null; found: (match: RegExpExecArray) => void };

/** Starts a workflow as Ana, on the default branch, unless asked otherwise. */
export function start(town: Town, options: Asked = {}): Playing {
  const cancel = new AbortController();
  const lines: LogLine[] = [];
  const wanted = new Set<Wanted>();
  const pids = new Map<string, number>();
  const result = runWorkflow({
    host: town.github,
    checkout: town.checkout,
    workflowPath: DEBUG,
    actor: PEOPLE.ana,
    tempDir: town.tempDir,
    inputs: options.event === 'schedule' ? {} : HELLO,
    ...options,
    env: { ...town.env, ...options.env },
    signal: cancel.signal,
    onProcess: ({ job, pid }) => void pids.set(job, pid),
    onLog: (line) => hear(line),
    onState(change) {
      options.onState?.(change);
      if (change.kind !== 'step' || change.status !== 'in_progress') return;
      hear({ job: change.job, step: change.step, stream: 'runner', text: `##[begin]${change.step}` });
    },
  });
  const hear = (line: LogLine): void => {
    lines.push(line);
    for (const want of wanted) {
      const match = want.fits(line);
      if (match !== null) want.found(match);
    }
  };
  const until = (what: string, fits: Wanted['fits']): Promise<RegExpExecArray> => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    for (const line of lines) {
      const match = fits(line);
      if (match !== null) return Promise.resolve(match);
    }
    const want: Wanted = { fits, found: resolve };
    wanted.add(want);
    const never = () => reject(new Error(`The run ended without ${what}. Its log:\n${said(lines)}`));
    result.then(never, reject);
    return promise;
  };
  const line: Playing['line'] = (job, pattern) =>
    until(`"${pattern}" in ${job}`, (one) => (one.job === job ? pattern.exec(one.text) : null));
  const asked = line('ask', /^Asked in \S+\/issues\/(\d+);/).then(([, issue]) => Number(issue));
  // Whoever waits for the end of a run that asks nothing does not wait for this.
  asked.catch(() => null);
  return {
    result,
    line,
    asked,
    step: async (name) => {
      await until(`the step ${name}`, ({ text }) => (text === `##[begin]${name}` ? /^/.exec('') : null));
    },
    pid(job) {
      const pid = pids.get(job);
      if (pid === undefined) throw new Error(`The job ${job} has started no process.`);
      return pid;
    },
    cancel: () => cancel.abort(),
  };
}

/** A log as a person reads it. */
export function said(log: readonly LogLine[]): string {
  return log
    .filter(({ text }) => !text.startsWith('##[begin]'))
    .map(({ job, text }) => `${job} | ${text}`)
    .join('\n');
}

/** What one job printed. */
export function logOf(result: RunResult, job: string): string {
  return (result.jobs[job]?.log ?? []).map(({ text }) => text).join('\n');
}

/** How the jobs ended, such as `ask success, debug failure`. */
export function endings({ jobs }: RunResult): string {
  return Object.entries(jobs)
    .map(([key, { conclusion }]) => `${key} ${conclusion}`)
    .join(', ');
}

/** The card of an issue as it stands. Throws where there is none. */
export async function cardOf(town: Town, issue: number) {
  const messages = await town.slack.messages(CHANNEL);
  const found = messages.find(({ blocks }) => JSON.stringify(blocks).includes(`/issues/${issue}|`));
  const card = found ?? messages.find(({ blocks }) => JSON.stringify(blocks).includes(`/issues/${issue}"`));
  if (card === undefined) throw new Error(`There is no card for issue #${issue}: ${JSON.stringify(messages)}`);
  const text = JSON.stringify(card.blocks);
  const buttons = buttonsIn(card.blocks);
  return { ts: card.ts, text, buttons: buttons.length > 0, dialog: buttons.includes('approve-dialog') };
}

/** How somebody approves a {@link FIND_ORDER} by a comment on its issue: with its checklist ticked. */
export const TICKED = '/approve\n- [x] The ticket names this order\n- [x] Nothing of it leaves the job';

/** Presses a button on an issue's card, once; a dialog that Approve opens is ticked and sent. */
export async function pressOnce(town: Town, person: PersonKey, decision: 'approve' | 'deny', issue: number) {
  const { ts, dialog } = await cardOf(town, issue);
  const member = slackAs(town, person);
  if (decision === 'approve' && dialog) return member.approveInDialog(ts);
  return member.press(ts, decision);
}

/**
 * Presses a button as people do: again where Slack warns that nobody acknowledged it. A run that ends while others wait
 * may take a press with it.
 */
export async function press(...who: Parameters<typeof pressOnce>): ReturnType<typeof pressOnce> {
  const first = await pressOnce(...who);
  return first.acknowledged ? first : pressOnce(...who);
}

/** What an auditor reads: the events in order, the state, and whether the issue is open. */
export async function audit(town: Town, issue: number) {
  const evidence = await evidenceOf(town, issue);
  const { state, log } = evidence;
  return {
    ...evidence,
    status: state.status,
    events: log.entries.flatMap(({ record }) => record.events),
    types: log.entries.flatMap(({ record }) => record.events.map(({ type }) => type)),
    approvedBy: approversOf(state),
    open: evidence.issue.open,
  };
}

function approversOf(state: Evidence['state']): string[] {
  if (state.status === 'none') return [];
  return state.decisions.filter(({ decision }) => decision === 'approve').map(({ by }) => by.name);
}

/** Replaces text in a file of the repository; the text must be there. */
export async function replaceIn(checkout: string, path: string, from: string, to: string): Promise<void> {
  const file = join(checkout, path);
  const before = await readFile(file, 'utf8');
  if (!before.includes(from)) throw new Error(`${path} does not contain ${JSON.stringify(from)}`);
  await writeFile(
    file,
    before.replace(from, () => to),
  );
}

/** Writes a runbook's script. */
export async function writeScript(checkout: string, name: string, lines: string[]): Promise<void> {
  const text = ['#!/usr/bin/env bash', 'set -euo pipefail', ...lines, ''].join('\n');
  await writeFile(join(checkout, '.github/runbooks', name), text, { mode: 0o755 });
}

/** Changes files and commits them to the default branch. */
export async function commit(town: Town, change: (checkout: string) => Promise<void>): Promise<void> {
  await change(town.checkout);
  await commitAll(town.checkout, 'Change');
}
