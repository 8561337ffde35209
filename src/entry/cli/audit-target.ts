/** What an audit is about: an issue, a repository, a file, or what comes in by standard input. */
import { stat } from 'node:fs/promises';
import { Fault } from '../../app/fault.ts';
import { serverFromShell } from './github.ts';
import { repositoryOf } from './repository.ts';

export type AuditTarget =
  | { kind: 'issue'; repository: string; issue: number }
  | { kind: 'repository'; repository: string }
  /** null: standard input. */
  | { kind: 'file'; path: string | null };

/**
 * What `text` names: a number or an address is an issue, `-` is standard input, `owner/name` is a repository, what is there
 * is a file, and nothing is the repository at hand. What could be a repository and is a file, too, is refused. Throws a Fault `input`.
 */
export async function targetOf(text: string | undefined, repository: string | undefined): Promise<AuditTarget> {
  if (text === undefined) return { kind: 'repository', repository: await repositoryOf(repository) };
  if (text === '-') return { kind: 'file', path: null };
  const number = /^#?([1-9]\d{0,9})$/.exec(text)?.[1];
  if (number !== undefined) {
    return { kind: 'issue', repository: await repositoryOf(repository), issue: Number(number) };
  }
  if (/^https?:\/\//i.test(text)) return agreeing(addressed(text), repository);
  const there = await isThere(text);
  if (/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/.test(text)) {
    if (there) throw ambiguous(text);
    return agreeing({ kind: 'repository', repository: text }, repository);
  }
  if (there) return { kind: 'file', path: text };
  throw new Fault(
    'input',
    `${JSON.stringify(text)} is no issue, no repository and no file, as seen from ${process.cwd()}.`,
    'Name an issue by its number or address, a repository as owner/name, an export by its path, or - for standard input.',
  );
}

/** Whoever may put a file into a checkout must not choose what is verified there. */
function ambiguous(text: string): Fault {
  return new Fault(
    'input',
    `${text} may be a repository, and it is a file as seen from ${process.cwd()}.`,
    `Write ./${text} for the file, or --repository ${text} for the repository.`,
  );
}

type OnGitHub = Exclude<AuditTarget, { kind: 'file' }>;

/** The target, unless --repository names another one. */
function agreeing(target: OnGitHub, repository: string | undefined): OnGitHub {
  if (repository === undefined || repository.toLowerCase() === target.repository.toLowerCase()) return target;
  throw new Fault(
    'input',
    `Two repositories are named: ${target.repository}, and by --repository ${repository}.`,
    'Name one of them.',
  );
}

function addressed(text: string): OnGitHub {
  const { server } = serverFromShell();
  const url = URL.canParse(text) ? new URL(text) : null;
  const [, repository, issue] = /^\/([^/]+\/[^/]+)(?:\/issues\/([1-9]\d{0,9}))?\/?$/.exec(url?.pathname ?? '') ?? [];
  if (url === null || repository === undefined || url.origin !== new URL(server.url).origin) {
    throw new Fault(
      'input',
      `${text} is no issue and no repository of ${server.url}.`,
      `Name ${server.url}/owner/name/issues/12, or say with GITHUB_API_URL which GitHub it is of.`,
    );
  }
  return issue === undefined ? { kind: 'repository', repository } : { kind: 'issue', repository, issue: Number(issue) };
}

async function isThere(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw new Fault('input', `${path} cannot be looked at: ${String(error)}`, 'Name a file that you may read.', {
      cause: error,
    });
  }
}
