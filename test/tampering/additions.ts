/** Rows: records that are added, by whoever may comment or have GitHub sign something. None of them counts. */
import { parseComment } from '../../src/log/comment.ts';
import { signedRecord } from '../../src/log/record.ts';
import { BOT } from '../app/fake-github.ts';
import { commentOf, DENIAL, type Forgery, foreignKey, forged, stale } from './forge.ts';
import type { Place } from './place.ts';
import { CY, held, type Row, WRITER, WRITERS_JOB } from './row.ts';

export const COPIES: Row[] = [
  {
    ...{ attack: 'writes a copy of a record by hand', by: WRITER, rule: 'ignored' },
    act: ({ github }) => void github.write(CY, held(github, 3).body),
  },
  {
    ...{ attack: 'has a bot write a record a second time', by: WRITERS_JOB, rule: 'ignored' },
    act: ({ github }) => void github.write(BOT, held(github, 3).body),
  },
  {
    ...{ attack: 'copies a record of another request by hand', by: WRITER, rule: 'ignored' },
    act: ({ github, place }) => void github.write(CY, otherRequest(place)),
  },
  {
    ...{ attack: 'has a bot copy a record of another request', by: WRITERS_JOB, rule: 'ignored' },
    act: ({ github, place }) => void github.write(BOT, otherRequest(place)),
  },
];

/** Bo's approval of the second request. */
function otherRequest({ later }: Place): string {
  const found = later[1]?.comments.find(({ body }) => body.includes('"decision":"approve"'));
  if (found === undefined) throw new Error('Nobody approved the second request.');
  return found.body;
}

/** A record that somebody else's job made up, signed by GitHub with what it says of that job. */
const added = (attack: string, by: string, how: (place: Place) => Forgery | Promise<Forgery>): Row => ({
  ...{ attack, by, rule: 'ignored' },
  act: async ({ place, github }) => void github.write(BOT, await forged(place, github, await how(place))),
});

const REF = 'acme/shop/.github/workflows/debug.yml@refs/heads/main';
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
const BRANCH = 'a writer, on a branch';
const OTHER_REPOSITORY = 'another repository';
const DEBUG_JOB = 'the debug job';
const inDebugJob = (events: Forgery['events']) => (): Forgery => ({
  ...(events === undefined ? {} : { events }),
  ...{ writer: { environment: 'production', job: 'debug' }, claims: { environment: 'production' } },
});

export const ADDITIONS: Row[] = [
  {
    ...{ attack: 'writes a record by hand that GitHub signed', by: WRITER, rule: 'ignored' },
    act: async ({ place, github }) => void github.write(CY, await forged(place, github)),
  },
  {
    ...{ attack: 'adds a record without a signature', by: WRITERS_JOB, rule: 'ignored' },
    act: async ({ place, github }) => void github.write(BOT, unsigned(await forged(place, github))),
  },
  {
    ...{ attack: 'adds a record with the signature of another one', by: WRITERS_JOB, rule: 'ignored' },
    act: async ({ place, github }) =>
      void github.write(BOT, borrowed(await forged(place, github), held(github, 3).body)),
  },
  added('adds a record from another workflow of the default branch', WRITERS_JOB, () => {
    const other = REF.replace('debug.yml', 'build.yml');
    return { claims: { workflow_ref: other, job_workflow_ref: other } };
  }),
  added('adds a record from a workflow of the default branch that calls ours', WRITERS_JOB, () => ({
    claims: { workflow_ref: REF.replace('debug.yml', 'build.yml') },
  })),
  added("adds a record from a branch's copy of our workflow", BRANCH, () => {
    const other = REF.replace('heads/main', 'heads/feature');
    return { claims: { workflow_ref: other, job_workflow_ref: other } };
  }),
  added("adds a record from a branch's workflow that calls ours", BRANCH, () => ({
    claims: { workflow_ref: 'acme/shop/.github/workflows/mine.yml@refs/heads/feature' },
  })),
  added('adds a record from a branch whose name ends as ours', BRANCH, () => {
    const other = `${REF.replace('heads/main', 'heads/x')}@refs/heads/main`;
    return { claims: { workflow_ref: other, job_workflow_ref: other } };
  }),
  added('adds a record from another repository', OTHER_REPOSITORY, () => {
    const ref = REF.replace('acme/shop', 'other/shop');
    const refs = { workflow_ref: ref, job_workflow_ref: ref };
    return { claims: { ...refs, repository: 'other/shop', repository_id: '666', repository_owner_id: '66' } };
  }),
  added('adds a record from another repository that calls our workflow', OTHER_REPOSITORY, () => {
    const own = { repository: 'other/shop', repository_id: '666', repository_owner_id: '66' };
    return { claims: { ...own, workflow_ref: REF.replace('acme/shop', 'other/shop') } };
  }),
  added('adds a record from a repository that took over our name', OTHER_REPOSITORY, () => ({
    claims: { repository_id: '666' },
  })),
  added('signs a decision', DEBUG_JOB, inDebugJob([DENIAL])),
  added('signs a decision along with its own start', DEBUG_JOB, (place) => inDebugJob([started(place), DENIAL])()),
  added('signs an expiry', DEBUG_JOB, inDebugJob([{ type: 'expired' }])),
  added('signs a decision, and says in the record that the ask job does', DEBUG_JOB, () => ({
    claims: { environment: 'production' },
  })),
  added('signs the start of this request', "another run's debug job", (place) => ({
    events: [started(place)],
    writer: { run: 999, environment: 'production' },
    claims: { run_id: '999', environment: 'production' },
  })),
  added('signs a decision', "the sweep's schedule", () => ({ claims: { event_name: 'schedule' } })),
  added('signs a decision', 'a job without an environment', () => ({
    ...{ writer: { environment: null }, claims: { environment: undefined } },
  })),
  added('opens the request a second time', 'the ask job of the same run', ({ approved }) => ({
    ...{ events: openingIn(approved), change: { prev: [], seq: 1 } },
  })),
  {
    ...{ attack: 'signs with a key that the issuer retired before', by: 'whoever has that key', rule: 'ignored' },
    act: ({ place, github }) => void github.write(BOT, commentOf(signedRecord(stale(place.run), place.staleToken))),
  },
  added('signs with a key of their own', WRITERS_JOB, async () => ({
    key: { privateKey: (await foreignKey()).privateKey, kid: 'mine' },
  })),
  added("signs with a key of their own under the name of the issuer's", WRITERS_JOB, async ({ town }) => ({
    key: { privateKey: (await foreignKey()).privateKey, kid: town.github.jwks().keys[0]?.kid ?? '' },
  })),
  added('adds a record with a token from ten minutes before', 'whoever kept a token', () => ({
    claims: { iat: seconds(-600), nbf: seconds(-1200), exp: seconds(-300) },
  })),
  added('adds a record with a token of ten minutes later', 'whoever kept a token', () => ({
    claims: { iat: seconds(600), exp: seconds(900) },
  })),
];

function started({ input, run }: Place) {
  const facts = { digest: input.digest, run: { id: run, attempt: 1 }, checkRun: '55', environment: 'production' };
  return { type: 'started' as const, ...facts };
}

function openingIn({ comments }: Place['approved']) {
  for (const { body } of comments) {
    const parsed = parseComment(body);
    if (parsed.kind === 'record') return parsed.record.events;
  }
  throw new Error('The first request has no opening.');
}

function recordIn(body: string) {
  const parsed = parseComment(body);
  if (parsed.kind !== 'record') throw new Error('It is no record.');
  return parsed.record;
}

const unsigned = (body: string): string => commentOf({ ...recordIn(body), sig: null });
const borrowed = (body: string, from: string): string => commentOf({ ...recordIn(body), sig: recordIn(from).sig });
