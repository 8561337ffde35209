/** `GET /search/issues`: the part of GitHub's search that finds issues by where they are, their state, labels and words. */
import { page } from './paging.ts';
import { refusalFor } from './permissions.ts';
import { apiOf, issue } from './render.ts';
import { problem, type Reply } from './reply.ts';
import type { Issue } from './store.ts';
import { type Call, isFresh, type World } from './world.ts';

/** `key:value`, `key:"a value"`, `"a phrase"` or a word. */
const TERM = /(?:(?<key>[a-z]+):)?(?:"(?<quoted>[^"]*)"|(?<word>\S+))/g;

interface Term {
  key: string | null;
  value: string;
}

function termsOf(q: string): Term[] {
  return [...q.matchAll(TERM)].map(({ groups = {} }) => ({
    key: groups['key'] ?? null,
    value: (groups['quoted'] ?? groups['word'] ?? '').toLowerCase(),
  }));
}

/** Whether an issue answers a term. Throws for a qualifier that is not served, so that nobody builds on an invented answer. */
function answers(world: World, found: Issue, { key, value }: Term): boolean {
  const { owner, name } = world.repository;
  switch (key) {
    case null:
      return `${found.title}\n${found.body ?? ''}`.toLowerCase().includes(value);
    case 'repo':
      return value === `${owner}/${name}`.toLowerCase();
    case 'org':
    case 'user':
      return value === owner.toLowerCase();
    case 'state':
      return found.state === value;
    case 'is':
    case 'type':
      return value === 'issue' || found.state === value;
    case 'label':
      return found.labels.some((label) => label.name.toLowerCase() === value);
    case 'author':
      return [found.author.login, `app/${found.author.login.replace('[bot]', '')}`].includes(value);
    case 'archived':
      return value === String(world.options.repository.archived ?? false);
    case 'in':
      return true;
    default:
      throw new Error(`The sandbox's search knows no ${key}: add it to src/sandbox/github/search.ts.`);
  }
}

/** The newest first unless `sort` says otherwise. It sees what its caller sees, and lags. */
export async function searchIssues(call: Call): Promise<Reply> {
  const { world, who, query } = call;
  const terms = termsOf(query.get('q') ?? '');
  if (terms.length === 0)
    throw problem(422, 'Validation Failed', { errors: [{ resource: 'Search', field: 'q', code: 'missing' }] });
  const hidden = refusalFor(world, who, { permission: 'issues', level: 'read', person: 'read' }) !== null;
  const named = terms.filter(({ key }) => key === 'repo');
  const { owner, name } = world.repository;
  if (named.length > 0 && (hidden || !named.some(({ value }) => value === `${owner}/${name}`.toLowerCase())))
    throw problem(
      422,
      'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.',
    );
  const key = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = query.get('order') === 'asc' ? 1 : -1;
  const found = (hidden ? [] : world.store.issues())
    .filter((one) => !isFresh(world, one.created_at) && terms.every((term) => answers(world, one, term)))
    .sort((a, b) => sign * (Date.parse(a[key]) - Date.parse(b[key]) || a.number - b.number));
  const answer = page(call, `${world.url}/search/issues`, found.slice(0, MOST), (one) => ({
    ...issue(world, one),
    // The description lets no body of a result be null.
    body: one.body ?? '',
    repository_url: apiOf(world),
    score: 1,
  }));
  const facts = { total_count: found.length, incomplete_results: false, search_type: 'lexical' };
  return { ...answer, json: { ...facts, items: answer.json } };
}

/** GitHub gives the first thousand and no more. */
const MOST = 1000;
