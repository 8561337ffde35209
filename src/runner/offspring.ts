/** Finds what a command started, on Linux: the processes of its session, and what descends from any of them. */
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  session: number;
  /** When it began, in ticks of the system: an id may be given to another process later. */
  began: string;
}

/**
 * Looks for the living processes that `leader`, which leads a session of its own, and its descendants started. Each look
 * remembers whom it found: who has lost its parent since descends from nobody any more. Not found is who took a session of
 * its own and lost its parent between two looks. Throws if there is no /proc.
 */
export function offspringOf(leader: number): () => number[] {
  let known = new Map<number, string>();
  return () => {
    const living = readdirSync('/proc').flatMap((name) => processNamed(name));
    const found = living.filter(({ pid, session, began }) => session === leader || known.get(pid) === began);
    const children = Map.groupBy(living, ({ parent }) => parent);
    const all = new Set(found);
    // A set is walked through to its end, also through what is added meanwhile.
    for (const { pid } of all) for (const child of children.get(pid) ?? []) all.add(child);
    known = new Map([...all].map(({ pid, began }) => [pid, began]));
    return [...known.keys()];
  };
}

/** Nobody where the entry is no process, or one that is over and was not reaped yet. */
function processNamed(entry: string): Process[] {
  if (!/^\d+$/.test(entry)) return [];
  const stat = statOf(entry);
  // The program's name stands in parentheses and may hold any character (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, , session] = fields;
  const began = fields[19];
  if (state === undefined || 'ZX'.includes(state) || began === undefined) return [];
  return [{ pid: Number(entry), parent: Number(parent), session: Number(session), began }];
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // It ended between the two looks, or is another user's and hidden from this one (proc(5), hidepid).
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}
