/** `list`: prints the open requests, as a table where a person reads it, else one line each. */
import { type ListedRequest, listRequests, type ProvenRequest } from '../../app/list.ts';
import { issueContent } from '../../github/issue.ts';
import { trustFor } from '../../github/keys.ts';
import { createRepository } from '../../github/repository.ts';
import { formatDuration } from '../../policy/duration.ts';
import { clock } from '../clock.ts';
import { onTerminal } from '../terminal-text.ts';
import { VERSION } from '../version.ts';
import { githubFromShell } from './github.ts';
import type { ListOptions } from './list.ts';
import { repositoryOf } from './repository.ts';
import { type ExitCode, tell } from './tell.ts';

/** Lists and tells. Throws Faults where not even the list can be had. */
export async function listCommand(options: ListOptions): Promise<void> {
  const name = await repositoryOf(options.repository);
  const { api, client } = githubFromShell();
  const apiIsLoopback = api.loopback;
  const requests = await listRequests(
    {
      repository: createRepository(client, name),
      trust: { trust: (facts, signers) => trustFor(facts, signers, { apiIsLoopback }) },
      clock,
      draw: issueContent,
    },
    { policyPath: options.policy, apiIsLoopback, version: VERSION },
  );
  const code = codeOf(requests);
  const words = sentence(name, requests);
  if (options.json !== true && requests.length > 0) console.log(table(requests, process.stdout.isTTY === true));
  // The rows say it all where nothing is wrong.
  if (options.json !== true && requests.length > 0 && code === 0) process.exitCode = 0;
  else tell(code, words, options.json, { repository: name, requests });
}

/** A log that cannot be believed outweighs one that could not be read. */
function codeOf(requests: readonly ListedRequest[]): ExitCode {
  if (requests.some(({ kind }) => kind === 'broken')) return 1;
  return requests.some(({ kind }) => kind === 'unknown') ? 2 : 0;
}

function sentence(name: string, requests: readonly ListedRequest[]): string {
  if (requests.length === 0) return `No debug request is open in ${name}.`;
  const count = (kind: ListedRequest['kind']) => requests.filter((one) => one.kind === kind).length;
  const [broken, unknown] = [count('broken'), count('unknown')];
  const bad = [
    ...(broken > 0 ? [`${broken} cannot be believed`] : []),
    ...(unknown > 0 ? [`${unknown} could not be read now`] : []),
  ];
  const due = requests.filter((one) => one.kind === 'proven' && one.review?.overdue === true).length;
  if (due > 0) bad.push(`${due} ${due === 1 ? 'has' : 'have'} an overdue after-review`);
  const open = requests.length === 1 ? '1 debug request is' : `${requests.length} debug requests are`;
  return `${open} open in ${name}${bad.length === 0 ? '' : `, of which ${bad.join(' and ')}`}.`;
}

const HEAD = ['ISSUE', 'STATUS', 'LEFT', 'REQUESTER', 'RUNBOOK', 'TARGET', 'VERDICT'];

/** A table with a head on a terminal; elsewhere lines of fields with tabs between, which other programs cut. */
export function table(requests: readonly ListedRequest[], terminal: boolean): string {
  const rows = requests.map((request) => cellsOf(request).map(onTerminal));
  return (terminal ? aligned([HEAD, ...rows]) : rows.map((row) => row.join('\t'))).join('\n');
}

function cellsOf(request: ListedRequest): string[] {
  if (request.kind !== 'proven') return [`#${request.issue}`, request.kind, '-', '-', '-', '-', request.why];
  const { issue, status, secondsLeft, requester, runbook, target } = request;
  return [`#${issue}`, status, left(secondsLeft), requester, runbook, target, standing(request)];
}

/** The verdict or how it ended, and whose review is due. The verdict of a break-glass says that it is one. */
function standing({ verdict, outcome, review }: ProvenRequest): string {
  const said = outcome ?? verdict.sentence;
  if (review === null || outcome === null) return said;
  const by = review.by.join(', ') || 'nobody, since the policy leaves nobody';
  const who = review.by.length > 1 ? `one of: ${by}` : by;
  return `${said} ${review.overdue ? 'Was due' : 'Due'} by ${review.dueAt}, from ${who}.`;
}

/** Whole minutes: nobody needs the seconds of an hour. */
function left(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds === 0) return 'over';
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds - (seconds % 60));
}

function aligned(rows: string[][]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
