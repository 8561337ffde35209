/** Makes a runbook's argument vector out of its template; no shell ever reads it (docs/ARCHITECTURE.md decision 7). */
import { INVISIBLE } from './schema-parts.ts';

const PLACEHOLDER = /\{\{\s*inputs\.([a-z][a-z0-9-]*)\s*\}\}/g;
const INTERPRETER =
  /(?:^|[\\/])(?:(?:ba|da|z|k|fi|a|tc|c)?sh|busybox|cmd|python[0-9.]*w?|node|deno|bun|perl|ruby|php|pwsh|powershell)(?:\.exe)?$/i;
/** What comes after one of these is code: `-c`, also among other letters (`-cex`), `-e`, `--eval`, `/c`, `-Command`. */
const CODE_OPTION =
  /^-[A-Za-z]{0,5}c[A-Za-z]{0,5}$|^-[A-Za-z]*[ceE]$|^--(?:eval|print|command)$|^\/[ck]$|^-(?:co|en)[a-z]*$/i;
/** The same where only the interpreter's own options stand before: a program after it may have a harmless `-p` or `-r`. */
const OWN_CODE_OPTION = /^-[BpRr]$|^--(?:run|require|import)$/;
const WITH_CODE = /^-[A-Za-z]*[ceEpRr]|^--(?:eval|print|command|run|require|import)=/;
/** PowerShell takes long dashes for a hyphen. */
const OPTION_SIGN = /^[-\u2013-\u2015]/;

/** The inputs that an element of the template names. */
export function placeholders(element: string): string[] {
  return [...element.matchAll(PLACEHOLDER)].flatMap((match) => match[1] ?? []);
}

/** What is wrong with the template itself, by the index of the element. */
export function templateProblems(
  run: readonly string[],
  inputs: readonly string[],
): { index: number; message: string }[] {
  const problems: { index: number; message: string }[] = [];
  run.forEach((element, index) => {
    const message = elementProblem(run, index, element, inputs);
    if (message !== null) problems.push({ index, message });
  });
  return problems;
}

function elementProblem(
  run: readonly string[],
  index: number,
  element: string,
  inputs: readonly string[],
): string | null {
  const used = placeholders(element);
  if (/\{\{|\}\}/.test(element.replaceAll(PLACEHOLDER, ''))) {
    return 'has {{ or }} that is no {{ inputs.name }}';
  }
  if (index === 0) return commandProblem(element, used);
  const unknown = used.filter((name) => !inputs.includes(name));
  if (unknown.length > 0) {
    return `uses the unknown input ${unknown.join(', ')}; this runbook has ${inputs.join(', ') || 'no inputs'}`;
  }
  if (used.length > 0 && isCode(run, index)) {
    return 'would let an input become program code; hand the input over as an argument of its own after it';
  }
  return null;
}

function commandProblem(command: string, used: string[]): string | null {
  if (used.length > 0) return 'is the command and must be fixed; inputs may only stand in its arguments';
  if (command.startsWith('-')) return 'is the command and must not begin with "-"';
  if (command.split(/[\\/]/).includes('..')) return 'must not leave the repository with ".."';
  return null;
}

// `sh -c "… {{ inputs.x }}"` would put the user's words before a shell after all.
function isCode(run: readonly string[], index: number): boolean {
  const interpreter = run.slice(0, index).findLastIndex((element) => INTERPRETER.test(element));
  if (interpreter < 0) return false;
  // `bash -c -- "…"` takes what follows for code all the same.
  const before = run.slice(interpreter + 1, index).filter((element) => element !== '--');
  const last = before.at(-1) ?? '';
  if (CODE_OPTION.test(last)) return true;
  const onlyOptions = before.every((element) => element.startsWith('-'));
  return onlyOptions && (OWN_CODE_OPTION.test(last) || WITH_CODE.test(element(run, index)));
}

/**
 * The argument vector for these inputs, or why a value may not become an argument: it holds a line break or an
 * invisible character, or it would turn an argument into an option.
 */
export function renderArgv(
  run: readonly string[],
  inputs: Record<string, string | number | boolean>,
): { argv: string[]; problems: string[] } {
  const problems: string[] = [];
  const argv = run.map((element, index) => {
    const argument = element.replaceAll(PLACEHOLDER, (_, name: string) => String(inputs[name] ?? ''));
    if (argument !== element && INVISIBLE.test(argument)) {
      problems.push(`${named(element)}: must be one line without control or invisible characters.`);
    } else if (becomesOption(run, index, argument)) {
      problems.push(
        `${named(element)}: must not begin with "-": the command would take ${JSON.stringify(argument)} for an option.`,
      );
    }
    return argument;
  });
  return { argv, problems };
}

function named(element: string): string {
  return [...new Set(placeholders(element))].join(', ');
}

function becomesOption(run: readonly string[], index: number, argument: string): boolean {
  const startsWithInput = element(run, index).startsWith('{{');
  return startsWithInput && OPTION_SIGN.test(argument) && !run.slice(1, index).includes('--');
}

function element(run: readonly string[], index: number): string {
  return run[index] ?? '';
}
