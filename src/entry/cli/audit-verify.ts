/** `audit verify` of what stands on GitHub: an issue, or a whole repository. */
import type { Judged } from '../../app/audit.ts';
import { auditIssue } from '../../app/audit-judge.ts';
import { auditRepository } from '../../app/audit-repository.ts';
import { Fault } from '../../app/fault.ts';
import type { VerifyOptions } from './audit.ts';
import { finish } from './audit-finish.ts';
import { auditorFor, waiting } from './audit-open.ts';
import { progressOn } from './audit-progress.ts';
import { type AuditTarget, targetOf } from './audit-target.ts';
import { verifyFile } from './audit-verify-file.ts';
import { count, issueWords, repositoryWords, weakest } from './audit-words.ts';

/** Verifies and tells. Throws Faults where nothing can be verified at all. */
export async function verifyCommand(what: string | undefined, options: VerifyOptions): Promise<void> {
  refuseUnlessKnown(options);
  const target = await targetOf(what, options.repository);
  if (target.kind === 'file') return verifyFile(target.path, options);
  if (options.sha256 !== undefined) {
    throw new Fault(
      'input',
      '--sha256 is about a file.',
      'Name an export: debug-approval audit verify 2026.jsonl --sha256 …',
    );
  }
  if (target.kind === 'issue') return verifyIssue(target, options);
  if (options.head !== undefined) {
    throw new Fault('input', '--head is about one request.', 'Name its issue: debug-approval audit verify 12 --head …');
  }
  return verifyRepository(target, options);
}

function refuseUnlessKnown({ require, head }: VerifyOptions): void {
  if (require !== undefined && require !== 'proven') {
    throw new Fault('input', `--require takes "proven", not ${JSON.stringify(require)}.`, 'Give --require proven.');
  }
  if (head !== undefined && !/^sha256:[0-9a-f]{64}$/.test(head)) {
    throw new Fault(
      'input',
      `--head takes a record's hash, sha256: and 64 hex digits, not ${JSON.stringify(head)}.`,
      'A job summary, the output `log-head` and an export name it.',
    );
  }
}

async function verifyIssue(
  { repository, issue }: AuditTarget & { kind: 'issue' },
  options: VerifyOptions,
): Promise<void> {
  const progress = progressOn(process.stderr);
  const { verdict } = await auditorFor(repository, { ...options, onWait: waiting(progress) })
    .then((auditor) => auditIssue(auditor, issue, options.head ?? null))
    .finally(() => progress.end());
  const code = ({ whole: 0, broken: 1, none: 2, unknown: 2 } as const)[verdict.status];
  finish(code, verdict.grading?.grade ?? null, issueWords(verdict), { kind: 'issue', ...verdict }, options);
}

async function verifyRepository(
  { repository }: AuditTarget & { kind: 'repository' },
  options: VerifyOptions,
): Promise<void> {
  const progress = progressOn(process.stderr);
  const show = (done: number, judged: Judged | null) =>
    progress.show(`${count(done, 'request')} verified${judged === null ? '' : `, now issue #${judged.verdict.issue}`}`);
  const verdict = await auditorFor(repository, { ...options, onWait: waiting(progress) })
    .then((auditor) => auditRepository(auditor, show))
    .finally(() => progress.end());
  const code = ({ whole: 0, broken: 1, unknown: 2 } as const)[verdict.status];
  const grade = weakest(verdict.requests);
  finish(code, grade, repositoryWords(verdict), { kind: 'repository', ...verdict, grade }, options);
}
