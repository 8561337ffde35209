/** A job's log as it is read: its steps by name, runner commands told apart, masked parts found. */
import type { SceneJob } from '../scene.ts';

export interface LogLine {
  /** The step's name where a step begins; else null. */
  step: string | null;
  kind: 'stdout' | 'stderr' | 'runner' | 'command' | 'error' | 'warning';
  text: string;
}

/** The lines, each step named once. */
export function linesOf(log: SceneJob['log']): LogLine[] {
  return log.map(({ step, stream, text }, index) => ({
    step: log[index - 1]?.step === step ? null : step.replace(/@[0-9a-f]{40}$/, ''),
    ...told(stream, text),
  }));
}

const SAID = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const;

/** GitHub shows `##[error]…` as "Error: …"; what is meant for the runner, such as ::stop-commands::, is no output for people. */
function told(stream: SceneJob['log'][number]['stream'], text: string): Pick<LogLine, 'kind' | 'text'> {
  const [, level, message = ''] = /^##\[(error|warning|notice)\](.*)$/s.exec(text) ?? [];
  if (level === 'error' || level === 'warning') return { kind: level, text: `${SAID[level]}: ${message}` };
  if (level === 'notice') return { kind: 'runner', text: `${SAID[level]}: ${message}` };
  return { kind: /^::.*::/.test(text) ? 'command' : stream, text };
}

/** What stands in place of a secret: the redactor's mark (src/redact/marker.ts), or the runner's own. */
const MASK = /(‹[^‹›\n]{1,40}›|\*{3,})/;

/** The line's parts; what was masked apart from what was not. */
export function maskedParts(text: string): { text: string; masked: boolean }[] {
  return text
    .split(MASK)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, masked: part.search(MASK) === 0 }));
}
