/** The tampering matrix: each attack on a real log of ten records, as the debug job, the sweep, `audit verify` and an export meet it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IssueSnapshot } from '../../src/app/ports.ts';
import { verifyExport } from '../../src/log/export-verify.ts';
import { githubAs } from '../../src/sandbox/people.ts';
import { BOT } from '../app/fake-github.ts';
import * as x from '../log/export-build.ts';
import {
  asItIs,
  fieldsOfRecord,
  fitting,
  frameOf,
  type Known,
  recordsOf,
  unseenByAudit,
  unseenByJob,
  unseenInFiles,
  unseenInLog,
} from './fields.ts';
import { attacked, FILES, type FileAttack, puttingIn } from './files.ts';
import { forged, logOf, stale } from './forge.ts';
import { sealedAnew } from './leaves.ts';
import { type Outcome, outcomeOf, tableOf } from './outcome.ts';
import { issueReader, openPlace, type Place, repositoryOf } from './place.ts';
import { replay } from './replay.ts';
import { CY, held, type Row } from './row.ts';
import { MATRIX } from './rows.ts';

let place: Place;
/** What every reader says where nobody tampered with anything. */
let honest: Outcome;
const NOBODYS = { live: new Set<string>(), vouched: new Set<string>() };
/** All that a record has but its hash, which fits anything once it is sealed anew. */
const FIELDS = 11;
/** What of a file is its own word, so that nothing tells of its change. Signatures bind a comment's time within two minutes. */
const OF_COMMENTS = ['author.id', 'author.login', 'createdAt', 'id'].map((path) => `entry.comment.${path}`);
const OF_THE_FILE = [
  // Of issuers, workflows and the branch the verifier has its own; a file without them cannot be verified alone.
  ...['header.exportedAt', 'header.issuers', 'header.issuers.issuer', 'header.issuers.keys'],
  ...['alg', 'e', 'kid', 'live', 'n', 'use'].map((name) => `header.issuers.keys.${name}`),
  ...['issues', 'since', 'states', 'until'].map((name) => `header.range.${name}`),
  ...['header.repository.defaultBranch', 'header.repository.name', 'header.workflows'],
].map((path) => path.replace('header', 'debug-approval/export'));
const outcomes = new Map<Row, Outcome>();

beforeAll(async () => {
  place = await openPlace((run) => stale(run).hash);
  honest = await outcomeOf(place, () => {});
  for (const row of MATRIX) outcomes.set(row, await outcomeOf(place, row.act));
}, 60_000);
afterAll(async () => {
  expect(place.town.github.violations).toEqual([]);
  await place.town.close();
});

/** The first (0) or the second (1) request at its end. */
function picture(index: 0 | 1): Place['approved'] {
  const found = place.later[index];
  if (found === undefined) throw new Error('There are two requests.');
  return found;
}

/** The lines of an export of the first request alone. */
const alone = (): string[] => {
  const lines = x.linesOf(honest.file);
  const second = lines.findIndex((line) => line.startsWith('{"broken":') && line.includes('"issue":2'));
  return lines.filter((_, index) => index < second || index === lines.length - 1);
};

const outcome = (row: Row): Outcome => {
  const found = outcomes.get(row);
  if (found === undefined) throw new Error(`Nobody tried what ${row.by} ${row.attack}.`);
  return found;
};
const named = (rule: Row['rule']) =>
  MATRIX.filter((row) => row.rule === rule).map((row): [string, Row] => [`${row.by} ${row.attack}`, row]);

/** All that is added and that GitHub did not sign as what it is put in as. */
const FORGED = named('ignored').filter(([, { attack }]) => !attack.endsWith('by hand that GitHub signed'));

/** The lines of an export that hold records. */
const recordsIn = (file: string): string[] => file.split('\n').filter((line) => line.startsWith('{"comment":'));

test('a log of ten records that nobody touched is whole for every reader, and a record that the ask job signs counts', async () => {
  expect(honest).toMatchObject({
    ...{ met: { ran: 1, fault: null }, warnings: [], verdict: { status: 'whole', faults: [] } },
    first: { status: 'whole', records: 10, broken: [], notes: [], grading: { grade: 'live' } },
    second: { status: 'whole', records: 4, broken: [], notes: [], grading: { grade: 'live' } },
  });
  const github = replay(place, place.later);
  github.write(BOT, await forged(place, github));
  expect((await logOf(place, github)).entries).toHaveLength(11);
});

describe('§4.8 nothing runs and the log is broken from then on where', () => {
  test.each(named('stops'))('%s', (_, row) => {
    const { met, first, second, verdict, warnings } = outcome(row);
    expect(met).toMatchObject({ ran: 0, fault: { code: expect.stringMatching(/^(log|changed|refused)$/) } });
    const gone = first?.broken.some(({ code }) => code === 'gone');
    expect(met.fault?.told).toBe(!gone);
    expect(first).toMatchObject({ status: 'broken' });
    expect(second).toMatchObject({ status: 'whole', broken: [], notes: [] });
    expect(warnings.join('\n')).toContain('#1');
    expect(verdict.status).toBe('broken');
    if (gone) expect(verdict.heads.unchecked).toMatchObject([{ issue: 1, head: honest.first?.head, namedBy: [2] }]);
  });
});

describe('§4.8 nothing is stopped or counted, and the comment is named, where', () => {
  test.each(named('ignored'))('%s', (_, row) => {
    const { met, first, second, verdict, file, warnings } = outcome(row);
    expect(met).toEqual({ ran: 1, fault: null });
    const { head, records, grading } = honest.first ?? {};
    expect(first).toMatchObject({ status: 'whole', broken: [], head, records, grading });
    expect(second).toEqual(honest.second);
    expect(first?.notes).toEqual([expect.objectContaining({ comment: expect.any(Number), why: expect.any(String) })]);
    const [note] = first?.notes ?? [];
    expect(warnings).toEqual([`Comment ${note?.comment} of issue #1 is ignored: ${note?.why}.`]);
    expect(verdict.status).toBe('whole');
    expect(recordsIn(file)).toEqual(recordsIn(honest.file));
  });
});

describe('nothing is stopped, and what was changed is named, where', () => {
  test.each(named('reported'))('%s', (_, row) => {
    const { met, first, verdict, warnings } = outcome(row);
    expect(met).toEqual({ ran: 1, fault: null });
    expect(first).toMatchObject({ status: 'whole', broken: [], head: honest.first?.head, notes: [{ code: 'beside' }] });
    expect(warnings).toHaveLength(1);
    expect(verdict.status).toBe('whole');
  });
});

describe('§4.8 a change of any one field of any record, of which GitHub shows nothing,', () => {
  /** The first request, of which the second one's opening names the last record. */
  const first = (): Known => ({ issue: picture(0), head: honest.first?.head ?? '', length: 10 });

  test.each([
    ['breaks the log', asItIs],
    ['breaks the log also where it is sealed anew', sealedAnew],
  ])('%s', async (_, seal) => {
    const { missed, tried } = await unseenInLog(place, first(), seal);
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(700);
  });

  test('keeps the debug job from starting, and is told by audit verify', async () => {
    expect(await unseenByJob(place)).toEqual({ tried: 8 * FIELDS, missed: [] });
    expect(await unseenByAudit(place, first())).toEqual({ tried: 10 * FIELDS, missed: [] });
  });
});

describe('an export made before and attacked since, by whoever makes sums, counts and heads fit, is told where somebody', () => {
  const NAMED = { file: 'broken', name: 'broken, without #1', head: 'whole' };
  /** What is said of both, and of the latter by whoever knows the heads. */
  async function saidOf(attack: FileAttack): Promise<unknown> {
    const { raw, resealed } = attacked(x.linesOf(honest.file), attack);
    const trusted = { trust: place.believed, known: NOBODYS };
    const heads = [honest.first, honest.second].map((one) => ({ hash: one?.head ?? '' }));
    const [asItIs, fitted, known] = [
      await verifyExport(raw, { trusted }),
      await verifyExport(resealed, { trusted }),
      await verifyExport(resealed, { trusted, heads }),
    ];
    const named = fitted.heads.unchecked.map(({ issue }) => `, without #${issue}`);
    return { asItIs: asItIs.status, fitted: `${fitted.status}${named.join('')}`, known: known.status };
  }

  test.each(FILES.map((one): [string, FileAttack] => [one.attack, one]))('%s', async (_, attack) => {
    expect(await saidOf(attack)).toEqual({ asItIs: 'broken', fitted: NAMED[attack.shows], known: 'broken' });
  });

  test.each(FORGED)('puts in what %s', async (_, row) => {
    const all = { asItIs: 'broken', fitted: 'broken', known: 'broken' };
    expect(await saidOf(await puttingIn(place, row))).toEqual(all);
  });
});

describe('a change of any one field of an export is broken, by whoever makes sums, counts and heads fit,', () => {
  test('where it is in a record', async () => {
    const unseen = await unseenInFiles(place, recordsOf(alone()), x.resealed, fieldsOfRecord);
    expect(unseen).toEqual({ tried: 10 * (FIELDS + 1), missed: [] });
  });

  test.each([
    ['where it is in a record, whose hash is made to fit, too', recordsOf, fitting, OF_COMMENTS, 900],
    ['where it is beside the records', frameOf, x.resealed, OF_THE_FILE, 100],
  ])('%s', async (_, places, made, own, atLeast) => {
    const { missed, tried } = await unseenInFiles(place, places(alone()), made);
    expect(missed).toEqual(own);
    expect(tried).toBeGreaterThan(atLeast);
  });
});

test('what is tampered with here in memory GitHub shows to an auditor just so', async () => {
  const { town } = place;
  const github = replay(place, place.later);
  const cy = githubAs(town, 'cy');
  const [third, sixth] = [held(github, 3).id, held(github, 6).id];
  const { body } = held(github, 4);
  await cy.edit(third, 'Nothing happened.');
  await cy.remove(sixth);
  await cy.comment(1, body);
  await repositoryOf(town, 'cy').updateIssue(1, {
    title: 'Debug: nothing',
    body: 'Nothing was asked.',
    labels: ['debug:running'],
  });
  github.edit(third, 'Nothing happened.', CY.id);
  github.remove(sixth, CY.id);
  github.write(CY, body);
  github.rename(CY, 'Debug: nothing');
  github.rewrite(CY, 'Nothing was asked.');
  github.issue().labels = ['debug:running'];
  expect(shownOf(await issueReader(town)(1))).toEqual(shownOf(github.snapshot(1)));
  await town.github.deleteIssue(1);
  await expect(issueReader(town)(1)).rejects.toThrow('There is no issue #1.');
});

/** What readers of a snapshot look at, without the moments and the numbers that a comment is given. */
function shownOf({ comments, deletions, bodyEdits, renames, title, body, labels }: IssueSnapshot) {
  return {
    ...{ title, body, labels },
    comments: comments.map(({ author, editedAt, editorId, body: text }) => [
      author?.id,
      author?.bot,
      editedAt !== null,
      editorId,
      text,
    ]),
    deletions: deletions.map(({ authorId, actorId }) => [authorId, actorId]),
    edits: bodyEdits.map(({ editorId, editorIsBot, erased }) => [editorId, editorIsBot, erased]),
    renames: renames.map(({ byLogin, byIsBot, to }) => [byLogin, byIsBot, to]),
  };
}

test('the matrix as docs/SECURITY.md links to it says what came of each attack', async () => {
  await expect(tableOf(MATRIX.map((row) => [row, outcome(row)]))).toMatchFileSnapshot('golden/matrix.md');
});
