/** Checks the inputs of a dispatch the way GitHub does before it starts a run. */
import type { DispatchInput } from './schema.ts';

export interface Inputs {
  /** As the event holds them: text. */
  texts: Record<string, string>;
  /** As the `inputs` context holds them: booleans and numbers are such. */
  values: Record<string, string | number | boolean>;
}

function problemOf(name: string, input: DispatchInput, text: string): string | null {
  if (text === '') return input.required ? `Required input '${name}' not provided.` : null;
  if (input.type === 'boolean' && text !== 'true' && text !== 'false') {
    return `Input '${name}' is '${text}', but a boolean is \`true\` or \`false\`.`;
  }
  if (input.type === 'number' && !Number.isFinite(Number(text)))
    return `Input '${name}' is '${text}', which is no number.`;
  if (input.type === 'choice' && !(input.options ?? []).includes(text)) {
    return `Input '${name}' is '${text}', but must be one of ${(input.options ?? []).join(', ')}.`;
  }
  return null;
}

function typedValue(input: DispatchInput, text: string): string | number | boolean {
  if (input.type === 'boolean') return text === 'true';
  if (input.type === 'number' && text !== '') return Number(text);
  return text;
}

function given(name: string, input: DispatchInput, inputs: Record<string, string>): string {
  const first = input.type === 'choice' && !input.required ? input.options?.[0] : undefined;
  return inputs[name] ?? input.default ?? first ?? (input.type === 'boolean' ? 'false' : '');
}

/** The inputs with their defaults, or sentences about what is wrong with them. */
export function readInputs(
  declared: Record<string, DispatchInput>,
  inputs: Record<string, string>,
): { ok: true; inputs: Inputs } | { ok: false; problems: string[] } {
  const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(declared, name));
  const entries = Object.entries(declared).map(([name, input]) => ({ name, input, text: given(name, input, inputs) }));
  const problems = [
    ...unknown.map((name) => `Unexpected input '${name}' provided.`),
    ...entries.flatMap(({ name, input, text }) => problemOf(name, input, text) ?? []),
    ...(entries.length > 25 ? [`${entries.length} inputs are declared; GitHub allows 25.`] : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    inputs: {
      texts: Object.fromEntries(entries.map(({ name, text }) => [name, text])),
      values: Object.fromEntries(entries.map(({ name, input, text }) => [name, typedValue(input, text)])),
    },
  };
}
