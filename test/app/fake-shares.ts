/** What requests shared, in memory: threads, artifacts and run logs, whose deletion is an error of the test unless a hash of it is on record. */
import { createHash } from 'node:crypto';
import { Fault } from '../../src/app/fault.ts';
import type { Clock } from '../../src/app/ports.ts';
import type { PurgeReport } from '../../src/app/purge.ts';
import type { SharedInSlack, SharedOnGithub, Thing } from '../../src/app/purge-ports.ts';
import { parseComment } from '../../src/log/comment.ts';
import { BOT, type FakeGithub } from './fake-github.ts';

export const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The job was ended there: nothing of it happens after that. */
export class Killed extends Error {}

export type FakeShares = ReturnType<typeof fakeShares>;

export function fakeShares(clock: Clock, github: FakeGithub) {
  const shares = {
    /** By `channel/ts` of the card: what stands there, the card first; and what others wrote. */
    threads: new Map<string, { kind: 'card' | 'message' | 'file'; id: string; text: string; own: boolean }[]>(),
    artifacts: new Map<number, { run: number; name: string; text: string }>(),
    logs: new Map<number, string>(),
    /** Runs that go on. */
    going: new Set<number>(),
    /** Attempts after the first. */
    attempts: new Map<number, number>(),
    /** Deleted things, by kind and id, in their order. */
    gone: [] as string[],
    buried: [] as string[],
    /** Calls, and effects within one. */
    done: [] as string[],
    /** Ends the job at its n-th effect: before it, or once it is there. */
    kill: null as { at: number; when: 'before' | 'after' } | null,
    /** Fails an operation so. */
    trouble: new Map<string, Fault>(),
    /** How long an operation takes, in ms. */
    slow: new Map<string, number>(),
    /** What sweeps reported, the oldest first. */
    reports: [] as PurgeReport[],
    deps: () => ({
      ...{ github: onGithub, slack: inSlack },
      onPurged: (report: PurgeReport) => void shares.reports.push(report),
    }),
    github: (): SharedOnGithub => onGithub,
    slack: (): SharedInSlack => inSlack,
  };

  let dead = false;
  const effect = async <T>(what: string, work: () => T): Promise<T> => {
    if (dead) throw new Killed(what);
    shares.done.push(what);
    await clock.sleep(shares.slow.get(what) ?? 20);
    const trouble = shares.trouble.get(what);
    if (trouble !== undefined) throw trouble;
    const kill = shares.kill !== null && shares.done.length === shares.kill.at ? shares.kill.when : null;
    if (kill === 'before') return die(what);
    const result = work();
    return kill === 'after' ? die(what) : result;
  };
  const die = (what: string): never => {
    dead = true;
    throw new Killed(what);
  };
  const mustBeOnRecord = ({ kind, id, sha256: hash }: Thing): void => {
    const named = [...github.issues.values()].some(({ comments }) =>
      comments.some(({ body }) => {
        const parsed = parseComment(body);
        if (parsed.kind !== 'record') return false;
        return parsed.record.events.some(
          (event) =>
            event.type === 'purge' &&
            event.items.some((item) => item.kind === kind && item.id === id && item.sha256 === hash),
        );
      }),
    );
    if (!named) throw new TypeError(`${kind} ${id} was deleted before a hash of it was on record.`);
  };
  const issueOf = (id: string) => github.issue(Number(id.slice(2)));
  const thingsIn = (place: string): Thing[] =>
    (shares.threads.get(place) ?? []).flatMap(({ kind, id, text, own }) =>
      own && text !== '' ? [{ kind, id, sha256: sha256(text) }] : [],
    );

  const onGithub: SharedOnGithub = {
    marked: (wanted) =>
      effect('marked', () => ({
        issues: [...github.issues.values()]
          .filter(({ open, labels }) => !open && wanted.some(({ label }) => labels.includes(label)))
          .map(({ number, labels }) => ({ number, id: `I_${number}`, labels })),
        more: false,
      })),
    held: () =>
      effect('held', () =>
        [...github.issues.values()].filter(({ labels }) => labels.includes('debug:hold')).map(({ body }) => body),
      ),
    issues: (ids) =>
      effect('issues', () =>
        ids.map((id) => {
          const labelIds = Object.fromEntries(issueOf(id).labels.map((label) => [label, `L_${label}`]));
          return { ...github.snapshot(Number(id.slice(2))), id, labelIds };
        }),
      ),
    async write(comments) {
      const written: (number | Fault)[] = [];
      for (const { issue, body } of comments) {
        // GitHub unlocks it whatever becomes of the comment.
        if (!dead) issueOf(issue).locked = false;
        try {
          written.push(
            await effect('write', () => {
              return github.write(BOT, body, { issue: issueOf(issue).number });
            }),
          );
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          written.push(error);
        }
      }
      return written;
    },
    async settle(issues) {
      for (const { issue, labels } of issues) {
        await effect('settle', () => {
          const found = issueOf(issue);
          found.labels = found.labels.filter((label) => !labels.includes(`L_${label}`));
          found.locked = true;
        });
      }
    },
    runs: (wanted) =>
      effect(
        'runs',
        () =>
          new Map(wanted.map(({ id }) => [id, { attempt: shares.attempts.get(id) ?? 1, over: !shares.going.has(id) }])),
      ),
    artifacts: (name, runs) =>
      effect(
        'artifacts',
        () =>
          new Map(
            [...shares.artifacts].flatMap(([id, one]) =>
              one.name === name && runs.includes(one.run) ? [[one.run, { id, digest: sha256(one.text) }]] : [],
            ),
          ),
      ),
    logs: ({ id }) =>
      effect('logs', () => {
        const text = shares.logs.get(id);
        return text === undefined ? null : sha256(text);
      }),
    deleteArtifact: (id) =>
      effect('deleteArtifact', () => {
        const found = shares.artifacts.get(id);
        if (found === undefined) return;
        mustBeOnRecord({ kind: 'transcript', id: String(id), sha256: sha256(found.text) });
        shares.artifacts.delete(id);
        shares.gone.push(`transcript ${id}`);
      }),
    deleteLogs: (run) =>
      effect('deleteLogs', () => {
        const text = shares.logs.get(run);
        if (text === undefined) return;
        mustBeOnRecord({ kind: 'run-logs', id: `${run}/1`, sha256: sha256(text) });
        shares.logs.delete(run);
        shares.gone.push(`run-logs ${run}`);
      }),
  };
  const dropFrom = (kind: 'message' | 'file', id: string): void => {
    for (const thread of shares.threads.values()) {
      const at = thread.findIndex((one) => one.kind === kind && one.id === id);
      const found = thread[at];
      if (found === undefined) continue;
      if (!found.own) throw new TypeError(`${kind} ${id} is somebody else's.`);
      mustBeOnRecord({ kind, id, sha256: sha256(found.text) });
      thread.splice(at, 1);
      shares.gone.push(`${kind} ${id}`);
    }
  };
  const inSlack: SharedInSlack = {
    thread: ({ channel, ts }) => effect('thread', () => thingsIn(`${channel}/${ts}`)),
    bury: ({ channel, ts }, text) =>
      effect('bury', () => {
        const card = shares.threads.get(`${channel}/${ts}`)?.[0];
        if (card === undefined || card.text === '') return;
        mustBeOnRecord({ kind: 'card', id: card.id, sha256: sha256(card.text) });
        card.text = '';
        shares.buried.push(text);
        shares.gone.push(`card ${card.id}`);
      }),
    deleteMessage: (channel, ts) => effect('deleteMessage', () => dropFrom('message', `${channel}/${ts}`)),
    deleteFile: (id) => effect('deleteFile', () => dropFrom('file', id)),
  };
  /** The next job's process. */
  const revive = (): void => {
    dead = false;
    shares.kill = null;
    shares.done = [];
  };
  return Object.assign(shares, { revive });
}
