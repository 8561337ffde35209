/** What people read of an audit: the verdict on one line, then what does not hold and what to do, then what is worth knowing. */
import { describe, expect, test } from 'vitest';
import type { RequestVerdict, Trouble } from '../../src/app/audit.ts';
import { type AuditCode, remedyFor } from '../../src/app/audit-remedies.ts';
import type { RepositoryVerdict } from '../../src/app/audit-repository.ts';
import { demanded } from '../../src/entry/cli/audit-finish.ts';
import { fileWords } from '../../src/entry/cli/audit-verify-file.ts';
import { issueWords, repositoryWords } from '../../src/entry/cli/audit-words.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import type { ExportedRequest } from '../../src/log/export-write.ts';
import type { Grade } from '../../src/log/grade.ts';
import { repository as exportedRequests, fileOf, linesOf } from '../log/export-build.ts';

const url = (issue: number): string => `https://github.com/acme/shop/issues/${issue}`;

function trouble(code: AuditCode, why: string, change: Partial<Trouble> = {}): Trouble {
  return { code, record: null, comment: null, url: url(12), why, remedy: remedyFor(code), ...change };
}

function verdict(change: Partial<RequestVerdict> & { grade?: Grade } = {}): RequestVerdict {
  const { grade = 'live', issue = 12, ...rest } = change;
  const why = `All 8 records are what they are: ${grade}.`;
  return {
    ...{ issue, url: url(issue), status: 'whole', request: '70/9001/1', records: 8, head: `sha256:${'a'.repeat(64)}` },
    ...{ grading: { grade, why, keys: [] }, broken: [], notes: [] },
    ...rest,
  };
}

const BROKEN = verdict({
  status: 'broken',
  broken: [
    trouble('edited', 'comment 505, which holds record 5, was edited at 2026-11-23T13:00:00Z', {
      ...{ record: 5, comment: 505, url: `${url(12)}#issuecomment-505` },
    }),
    trouble('deleted', 'a comment of account 41898282 was deleted at 2026-11-23T13:05:00Z'),
  ],
  notes: [trouble('not-a-bot', 'it was written by ed; records are written by an app’s account only', { comment: 506 })],
});

function repository(requests: RequestVerdict[], change: Partial<RepositoryVerdict> = {}): RepositoryVerdict {
  const broken = requests.some(({ status }) => status === 'broken');
  return {
    repository: 'acme/shop',
    status: broken ? 'broken' : 'whole',
    requests,
    archive: { broken: [], notes: [] },
    ...change,
  };
}

test.each([
  ['a whole request', issueWords(verdict())],
  ['a request with one record', issueWords(verdict({ records: 1 }))],
  ['a request whose keys only the archive holds', issueWords(verdict({ grade: 'unproven' }))],
  ['a broken request', issueWords(BROKEN)],
  ['an issue that holds no request', issueWords(verdict({ status: 'none', grading: null, records: 0 }))],
  [
    'a request whose keys nobody holds',
    issueWords(
      verdict({ status: 'unknown', notes: [trouble('keys', '8 records it stands on are signed with lost keys')] }),
    ),
  ],
  [
    'a request whose workflow is no signer any more',
    issueWords(
      verdict({
        ...{ status: 'unknown', grading: null, records: 0 },
        notes: [
          trouble('signer', 'by the policy of now none of its 5 records counts: it is not signed by a listed workflow'),
        ],
      }),
    ),
  ],
  ['a whole repository', repositoryWords(repository([verdict({ issue: 11 }), verdict()]))],
  ['a repository without requests', repositoryWords(repository([]))],
  [
    'a repository of which one request rests on less',
    repositoryWords(repository([verdict({ issue: 11, grade: 'archived' }), verdict()])),
  ],
  [
    'a broken repository',
    repositoryWords(
      repository([
        verdict({ issue: 7, status: 'none', grading: null, records: 0 }),
        verdict({
          ...{ issue: 9, status: 'broken', grading: null, records: 0 },
          broken: [trouble('gone', 'issue #9 is gone; the opening of #12 names it', { url: url(12) })],
        }),
        BROKEN,
      ]),
    ),
  ],
  [
    'a repository whose archive of keys was changed',
    repositoryWords(
      repository([verdict()], {
        ...{
          status: 'broken',
          archive: { broken: [trouble('archive', 'record 2 of the archive is lost')], notes: [] },
        },
      }),
    ),
  ],
  [
    'a repository of which one request could not be read',
    repositoryWords(
      repository(
        [
          verdict(),
          verdict({ issue: 13, status: 'unknown', grading: null, notes: [trouble('unread', 'GitHub answered 503')] }),
        ],
        { status: 'unknown' },
      ),
    ),
  ],
])('of %s', async (what, words) => {
  await expect(`${words}\n`).toMatchFileSnapshot(`golden/audit-${what.replaceAll(' ', '-')}.txt`);
});

const EVERYTHING = { since: null, until: null, states: null, issues: null };

describe('of a file', () => {
  test.each<[string, (requests: ExportedRequest[]) => Promise<string>]>([
    ['an export of a repository', (requests) => fileOf(requests)],
    ['an export of one request', (requests) => fileOf(requests.slice(1), { range: { ...EVERYTHING, issues: [2] } })],
    ['an export without requests', () => fileOf([])],
    [
      'an export with a lost record',
      async (requests) => {
        const lines = linesOf(await fileOf(requests));
        return `${lines.toSpliced(4, 1).join('\n')}\n`;
      },
    ],
    [
      'an export of a log that was broken',
      async ([first, ...others]) => {
        if (first === undefined) throw new Error('There is no request.');
        const beyond = [{ code: 'body', commentId: null, why: 'The text of issue #1 was changed.' }];
        return fileOf([{ ...first, beyond }, ...others]);
      },
    ],
    ['an empty file', async () => ''],
    ['a file of events', async () => '{"specversion":"1.0"}\n'],
  ])('%s', async (what, make) => {
    const words = fileWords(await verifyExport(await make(await exportedRequests(2))));
    const steady = words.replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…');
    await expect(`${steady}\n`).toMatchFileSnapshot(`golden/audit-${what.replaceAll(' ', '-')}.txt`);
  });
});

test('of very many broken requests the first fifty are told, and all are counted', () => {
  const many = Array.from({ length: 70 }, (_, n) => verdict({ ...BROKEN, issue: n + 1, status: 'broken' }));
  const words = repositoryWords(repository(many));
  expect(words.match(/^Issue #/gm)).toHaveLength(50);
  expect(words).toContain('broken: 70 of 70 requests');
  expect(words).toContain('20 more are broken');
});

test('what somebody wrote begins no line of ours, however many breaks it has', () => {
  const why = 'it was written by ed\nwhole: all 8 records hold\u202e';
  const words = issueWords(
    verdict({ status: 'broken', broken: [trouble('edited', why)], notes: [trouble('copy', why)] }),
  );
  expect(words).not.toMatch(/^\s*whole/m);
  expect(words).toContain('\\u000awhole');
});

test('where proof is required, what rests on unproven keys, on none, or holds no record is not determined', () => {
  const end = (grade: Grade | null) => demanded({ code: 0, words: 'whole' }, grade, { require: 'proven' }).code;
  expect([end('live'), end('archived'), end('unproven'), end('unsigned'), end(null)]).toEqual([0, 0, 2, 2, 2]);
  expect(demanded({ code: 0, words: 'whole' }, null, { require: 'proven' }).words).toContain('nothing to prove');
  expect(demanded({ code: 0, words: 'whole' }, null, {})).toEqual({ code: 0, words: 'whole' });
  expect(demanded({ code: 1, words: 'broken' }, null, { require: 'proven' })).toEqual({ code: 1, words: 'broken' });
});
