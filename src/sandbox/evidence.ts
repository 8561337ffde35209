/** Reads a request of the sandbox as an auditor would: through the product's own reader and verifier. */
import { writeFile } from 'node:fs/promises';
import type { IssueSnapshot } from '../app/ports.ts';
import { parseApiAddress } from '../github/api-address.ts';
import { createClient } from '../github/client.ts';
import { trustFor } from '../github/keys.ts';
import { createRepository } from '../github/repository.ts';
import { type Log, readLog } from '../log/chain.ts';
import { exportText } from '../log/export-write.ts';
import { loadPolicy } from '../policy/load.ts';
import type { EventOf } from '../request/events.ts';
import { fold, type State } from '../request/state.ts';
import { OWNER, PEOPLE, REPOSITORY, type Town } from './town.ts';

export interface Evidence {
  log: Log;
  state: State;
  opening: EventOf<'requested'> | null;
  issue: { open: boolean; labels: string[]; url: string };
  /** The issue as it was read. */
  snapshot: IssueSnapshot;
  /** The log as JSON Lines; null where no opening stands. */
  exported: string | null;
}

/** The issue's log, state and export. Throws where there is no such issue, or the sandbox's policy cannot be read. */
export async function evidenceOf(town: Town, issue: number): Promise<Evidence> {
  const found = await findEvidence(town, issue);
  if (found === null) throw new Error(`The sandbox has no issue #${issue}.`);
  return found;
}

/** As `evidenceOf`; null where no such issue was opened. */
export async function findEvidence(town: Town, issue: number): Promise<Evidence | null> {
  const api = parseApiAddress(town.github.apiUrl);
  const token = town.github.userToken(PEOPLE.di.login);
  const client = createClient({ api, token, version: 'sandbox', job: null });
  const repository = createRepository(client, `${OWNER}/${REPOSITORY}`);
  const facts = await repository.facts({ policyPath: '.github/debug-approval.yml', issue });
  const loaded = facts.policy === null ? null : loadPolicy(facts.policy.text, { apiIsLoopback: true });
  if (facts.policy === null || loaded === null || !loaded.ok) throw new Error('The sandbox has no sound policy.');
  const snapshot = facts.issue;
  if (snapshot === null) return null;
  const trust = await trustFor(facts, loaded.policy.signers, { apiIsLoopback: true });
  const log = await readLog(snapshot, trust);
  const events = log.entries.flatMap(({ record }) => record.events);
  const opening = events.find((event) => event.type === 'requested') ?? null;
  const policyText = (blob: string) => (blob === facts.policy?.blob ? facts.policy.text : repository.blob(blob));
  const content = { trust, exportedAt: new Date().toISOString(), policyText };
  const requests = [{ issue, updatedAt: content.exportedAt, log }];
  return {
    log,
    state: fold(loaded.policy, log.entries),
    opening,
    issue: { open: snapshot.open, labels: snapshot.labels, url: snapshot.url },
    snapshot,
    exported: opening === null ? null : await exportText({ ...content, requests }),
  };
}

/** Writes the log to a file. Gives what to tell when that cannot be done, else null. */
export async function saveExport(file: string, exported: string | null): Promise<string | null> {
  if (exported === null) {
    return `Nothing was written to ${file}: no signed opening record stands in the issue, so there is no request to export. Read the issue itself.`;
  }
  try {
    await writeFile(file, exported);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The log was not written to ${file}: ${why}. Name a file in a folder that exists and that you may write to.`;
  }
}
