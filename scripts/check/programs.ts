/** The parts of the check that other programs do: the compiler and the linter. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Findings } from './part.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What runs in a browser knows other names than what runs in Node, so it has a configuration of its own. */
const PROJECTS = ['.', 'src/audit/report/page', 'src/sandbox/page/browser'];

/** The compiler over everything that each project includes. */
export async function types(): Promise<Findings> {
  const found = await Promise.all(PROJECTS.map(typesOf));
  return { problems: found.flatMap(({ problems }) => problems), note: '' };
}

const typesOf = (project: string): Promise<Findings> =>
  program(['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', project]);

/** Biome over everything that biome.json includes; warnings fail too. */
export async function lintAndFormat(): Promise<Findings> {
  const findings = await program([
    'node_modules/@biomejs/biome/bin/biome',
    'check',
    '--error-on-warnings',
    '--max-diagnostics=none',
    '--colors=off',
    '.',
  ]);
  const advice = findings.problems.length > 0 ? ['Much of this is mended by: npx biome check --write .'] : [];
  return { ...findings, problems: [...findings.problems, ...advice] };
}

/** Runs a package's program with this Node. All it prints is the problem when it fails. */
async function program(argv: string[]): Promise<Findings> {
  const child = spawn(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { problems: code === 0 ? [] : [`${out}${err}`.trim() || `It ended with ${code} and said nothing.`], note: '' };
}
