/** Evaluates `${{ }}` expressions with GitHub's own lexer, parser and evaluator. */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { type Token, TokenType } from '@actions/expressions/lexer';

/** The contexts that may be named at the place of the expression; what is not among the keys is an error. */
export type Contexts = Record<string, unknown>;

/** What `success()`, `failure()` and `cancelled()` answer; null where GitHub does not allow them. */
export interface Status {
  success: boolean;
  failure: boolean;
  cancelled: boolean;
}

const statusNames = ['success', 'failure', 'always', 'cancelled'];

function statusFunctions(status: Status): FunctionDefinition[] {
  const answers: Record<string, boolean> = { ...status, always: true };
  return statusNames.map((name) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answers[name] === true),
  }));
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver);
}

function parseTokens(tokens: Token[], contexts: Contexts, functions: FunctionDefinition[]) {
  return new Parser(tokens, Object.keys(contexts), functions).parse();
}

function evaluateTokens(tokens: Token[], contexts: Contexts, status: Status | null): data.ExpressionData {
  const functions = status === null ? [] : statusFunctions(status);
  const expression = parseTokens(tokens, contexts, functions);
  const dictionary = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: toData(value) })),
  );
  return new Evaluator(expression, dictionary, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

type Part = { kind: 'text'; text: string } | { kind: 'expression'; text: string };

/** Where the `}}` stands that ends an expression; quotes inside it may hold another. */
function expressionEnd(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    if (!quoted && text.startsWith('}}', at)) return at;
  }
  throw new Error(`The expression in \`${text}\` is not closed: \`}}\` is missing.`);
}

function split(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', at)) {
    const close = expressionEnd(text, open + 3);
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open) });
    parts.push({ kind: 'expression', text: text.slice(open + 3, close) });
    at = close + 2;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

/** The text with every `${{ }}` replaced by its value. Throws what GitHub's parser says of a faulty expression. */
export function interpolate(text: string, contexts: Contexts, status: Status | null = null): string {
  return split(text)
    .map((part) =>
      part.kind === 'text'
        ? part.text
        : evaluateTokens(new Lexer(part.text).lex().tokens, contexts, status).coerceString(),
    )
    .join('');
}

/** {@link interpolate} for every value of a mapping. */
export function interpolateAll(values: Record<string, string>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, interpolate(text, contexts)]));
}

/** What stands between `${{` and `}}`, or the whole text of a bare condition. */
function bareCondition(text: string): string {
  if (!text.includes('${{')) return text;
  const [only, ...more] = split(text.trim());
  if (only?.kind === 'expression' && more.length === 0) return only.text;
  throw new Error(`The condition \`${text}\` mixes text and \${{ }}; GitHub would always take it for true.`);
}

function namesStatus(tokens: Token[]): boolean {
  return tokens.some(
    (token, at) =>
      token.type === TokenType.IDENTIFIER &&
      statusNames.includes(token.lexeme.toLowerCase()) &&
      tokens[at + 1]?.type === TokenType.LEFT_PAREN,
  );
}

function isFalsy(value: data.ExpressionData): boolean {
  if (value instanceof data.BooleanData) return !value.value;
  if (value instanceof data.NumberData) return value.value === 0 || Number.isNaN(value.value);
  if (value instanceof data.StringData) return value.value === '';
  return value instanceof data.Null;
}

/** Whether an `if:` holds. Without a status function in it, `success()` is required too, as on GitHub. */
export function condition(text: string | undefined, contexts: Contexts, status: Status): boolean {
  const bare = bareCondition(text ?? '').trim();
  if (bare === '') return status.success;
  const { tokens } = new Lexer(bare).lex();
  if (!namesStatus(tokens) && !status.success) return false;
  return !isFalsy(evaluateTokens(tokens, contexts, status));
}

/** A `continue-on-error`, which may be an expression. */
export function flag(value: boolean | string, contexts: Contexts): boolean {
  return typeof value === 'boolean' ? value : interpolate(value, contexts) === 'true';
}

const everyContext = ['github', 'inputs', 'needs', 'steps', 'secrets', 'env', 'vars', 'job', 'runner'];

/** What is wrong with the expressions of a text, before anything runs; null when nothing is. */
export function expressionProblem(text: string, kind: 'text' | 'condition'): string | null {
  const contexts = Object.fromEntries(everyContext.map((name) => [name, null]));
  const functions = statusFunctions({ success: true, failure: false, cancelled: false });
  try {
    const bodies =
      kind === 'condition'
        ? [bareCondition(text)]
        : split(text).flatMap((part) => (part.kind === 'expression' ? [part.text] : []));
    for (const body of bodies) parseTokens(new Lexer(body).lex().tokens, contexts, functions);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
