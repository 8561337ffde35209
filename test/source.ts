/** Reads the product's own modules: what each imports, and which of the outside world's names it uses. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

export const ROOT = join(import.meta.dirname, '..');

export interface Module {
  /** `src/app/ask.ts`, with slashes on every system. */
  path: string;
  /** `app`: the folder below src. */
  folder: string;
  imports: Import[];
  /** Such as `process.env`, `Date.now`, `new Date()`, `fetch()`. */
  uses: string[];
}

export interface Import {
  /** A module of ours as `src/app/ports.ts`; anything else as it is written. */
  target: string;
  typeOnly: boolean;
}

/** Every module below src. */
export function modules(): Module[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: ROOT })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map(read);
}

function read(path: string): Module {
  const imports: Import[] = [];
  const uses: string[] = [];
  const add = (source: string, typeOnly: boolean): void => {
    const target = source.startsWith('.') ? posix.join(posix.dirname(path), source) : source;
    imports.push({ target, typeOnly });
  };
  const visitor = new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.exportKind === 'type');
    },
    ImportExpression: (node) => {
      const { source } = node;
      add(source.type === 'Literal' && typeof source.value === 'string' ? source.value : 'computed', false);
    },
    TSImportType: (node) => add(node.source.value, true),
    MemberExpression: ({ object, property }) => {
      if (object.type !== 'Identifier') return;
      uses.push(`${object.name}.${property.type === 'Identifier' ? property.name : '…'}`);
    },
    NewExpression: ({ callee, arguments: given }) => {
      if (callee.type === 'Identifier' && given.length === 0) uses.push(`new ${callee.name}()`);
    },
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier') uses.push(`${callee.name}()`);
    },
  });
  const { program, errors } = parseSync(path, readFileSync(join(ROOT, path), 'utf8'));
  if (errors.length > 0)
    throw new Error(`${path} cannot be parsed: ${errors.map(({ message }) => message).join('; ')}`);
  visitor.visit(program);
  return { path, folder: path.split('/')[1] ?? '', imports, uses };
}
