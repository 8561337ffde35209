/** Writes a verdict as an indented tree for terminals and job logs. */
import type { Verdict } from './evaluate.ts';

const MARK: Record<Verdict['status'], string> = { met: '✓', waiting: '…', blocked: '✗' };

/** One line per node, children indented by two spaces; no newline at the end. */
export function explain(verdict: Verdict): string {
  return lines(verdict, '').join('\n');
}

function lines(verdict: Verdict, indent: string): string[] {
  const own = `${indent}${MARK[verdict.status]} ${verdict.status}: ${verdict.sentence}`;
  return [own, ...verdict.children.flatMap((child) => lines(child, `${indent}  `))];
}
