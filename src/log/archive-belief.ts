/** Which records of keys are believed: those whose signatures lead, record by record, to a key that is live now. */
import { liveKeys, thumbprintFits, withArchive } from './archive-keys.ts';
import type { ArchivedKey, ArchiveLine } from './archive-record.ts';
import type { Finding } from './finding.ts';
import { mayArchive } from './roles.ts';
import { verifySignature } from './signature.ts';
import type { Trust } from './trust.ts';

export interface Belief {
  /** Each once, in the order in which they were archived; those that are still live are among them. */
  keys: ArchivedKey[];
  /** Thumbprints of all that is believed: live keys, these keys, and what the records vouch for. Sorted. */
  vouched: string[];
  /** The records that count, in the order of their comments. */
  lines: ArchiveLine[];
  /** Thumbprints of the keys that signed them. */
  signers: string[];
  /** What gives no key: additions of others, and what only lost keys have signed. */
  findings: Finding[];
}

/** Live keys and those of records that count. */
interface Ring {
  keys: ArchivedKey[];
  /** Their thumbprints, and those that records which count name. */
  vouched: Set<string>;
}

/** A record that is believed, and the thumbprint of the key that signed it. */
type Counting = ArchiveLine & { signer: string };

/**
 * Believes what leads to a live key of the trust, and says why of all else. The records are whole (their hashes fit) and
 * stand in comments of bots that nobody edited; of a record that is there twice the first counts.
 */
export async function believe(lines: readonly ArchiveLine[], trust: Trust): Promise<Belief> {
  const findings: Finding[] = [];
  const live = await liveKeys(trust);
  const ring: Ring = { keys: live, vouched: new Set(live.map(({ thumbprint }) => thumbprint)) };
  const counting: Counting[] = [];
  // The newest first: a record vouches for those before it. Each round believes more, or is the last one.
  let open = (await sound(lines, findings)).sort((a, b) => b.comment.id - a.comment.id);
  for (let before = Number.POSITIVE_INFINITY; open.length < before; ) {
    before = open.length;
    const left: ArchiveLine[] = [];
    for (const line of open) {
      const signer = await signerOf(line, ring, trust);
      if (signer === null) left.push(line);
      else counting.push(count({ ...line, signer }, ring, findings));
    }
    open = left;
  }
  findings.push(...(await Promise.all(open.map((line) => disbelief(line, ring, trust)))));
  const kept = firstOfEach(counting, findings);
  return {
    keys: keysOf(kept, ring),
    vouched: [...ring.vouched].sort(),
    lines: kept.map(({ comment, record }) => ({ comment, record })),
    signers: [...new Set(kept.map(({ signer }) => signer))],
    findings,
  };
}

/** The thumbprint of the believed key that signed a record as a job that may; null: none did. */
async function signerOf(line: ArchiveLine, ring: Ring, trust: Trust): Promise<string | null> {
  const result = await verified(line, ring, trust);
  return result.ok && mayArchive(result.claims, trust) ? result.key.thumbprint : null;
}

/** A record may bring the very key that signed it, where a later one named that key by its thumbprint. */
async function verified({ record, comment }: ArchiveLine, { keys, vouched }: Ring, trust: Trust) {
  const named = record.keys.filter(({ thumbprint }) => vouched.has(thumbprint));
  return verifySignature(record, comment, withArchive(trust, { keys: [...keys, ...named] }));
}

/** The records whose keys are what their thumbprints say. */
async function sound(lines: readonly ArchiveLine[], findings: Finding[]): Promise<ArchiveLine[]> {
  const checked = lines.map(async (line) => {
    const fits = await Promise.all(line.record.keys.map(thumbprintFits));
    const odd = line.record.keys.find((_, index) => fits[index] !== true);
    if (odd === undefined) return [line];
    const why = `it is no record of keys: ${odd.thumbprint} is not the thumbprint of its key ${nameOf(odd)}`;
    findings.push({ code: 'malformed', commentId: line.comment.id, why });
    return [];
  });
  return (await Promise.all(checked)).flat();
}

function count(one: Counting, ring: Ring, findings: Finding[]): Counting {
  for (const key of one.record.keys) {
    const rival = rivalOf(key, ring);
    if (rival !== null) findings.push(conflict(one, key, rival));
    else if (!ring.keys.some(({ thumbprint }) => thumbprint === key.thumbprint)) ring.keys.push(key);
  }
  for (const thumbprint of one.record.vouched) ring.vouched.add(thumbprint);
  return one;
}

/** A believed key of the same issuer and name that is another one. */
function rivalOf({ issuer, kid, thumbprint }: ArchivedKey, { keys }: Ring): ArchivedKey | null {
  const same = keys.find((one) => one.issuer === issuer && one.kid === kid && one.thumbprint !== thumbprint);
  return same ?? null;
}

function conflict({ comment }: ArchiveLine, key: ArchivedKey, rival: ArchivedKey): Finding {
  const why = `its key ${nameOf(key)} is refused: the key of that name which is believed is another one (${rival.thumbprint}, not ${key.thumbprint})`;
  return { code: 'key-conflict', commentId: comment.id, why };
}

/** Why a record gives no key. */
async function disbelief(line: ArchiveLine, ring: Ring, trust: Trust): Promise<Finding> {
  const { record, comment } = line;
  const commentId = comment.id;
  for (const key of record.keys) {
    const rival = rivalOf(key, ring);
    if (rival !== null) return conflict(line, key, rival);
  }
  const result = await verified(line, ring, trust);
  if (!result.ok) {
    const why = `it is not signed with a key that is live or that a record vouches for: ${result.why}`;
    return { code: 'not-signed', commentId, why, signature: result.code };
  }
  if ('gateway' in result.claims) return { code: 'wrong-role', commentId, why: 'the gateway may not archive keys' };
  const { environment, event, run } = result.claims;
  const place = environment === null ? 'no environment' : `environment "${environment}"`;
  const why = `a job in ${place} of run ${run}, started by ${event}, may not archive keys`;
  return { code: 'wrong-role', commentId, why };
}

/** In the order of comments, each record once. */
function firstOfEach(counting: readonly Counting[], findings: Finding[]): Counting[] {
  const first = new Map<string, Counting>();
  for (const one of [...counting].sort((a, b) => a.comment.id - b.comment.id)) {
    const known = first.get(one.record.hash);
    if (known === undefined) first.set(one.record.hash, one);
    else {
      const why = `it is a copy of record ${one.record.seq} in comment ${known.comment.id}`;
      findings.push({ code: 'copy', commentId: one.comment.id, why });
    }
  }
  return [...first.values()];
}

/** The believed keys that records hold, as these hold them. */
function keysOf(lines: readonly ArchiveLine[], ring: Ring): ArchivedKey[] {
  const believed = new Set(ring.keys.map(({ thumbprint }) => thumbprint));
  const keys = new Map<string, ArchivedKey>();
  for (const key of lines.flatMap(({ record }) => record.keys)) {
    if (believed.has(key.thumbprint) && rivalOf(key, ring) === null && !keys.has(key.thumbprint)) {
      keys.set(key.thumbprint, key);
    }
  }
  return [...keys.values()];
}

/** What an issuer calls a key; where it has no name, its thumbprint. */
export function nameOf({ kid, thumbprint }: ArchivedKey): string {
  return kid ?? thumbprint;
}
