/** The licenses of the packages whose code stands in the bundles: each of them asks to go along with its code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const Manifest = v.object({ name: v.string(), version: v.string(), license: v.optional(v.string(), 'not named') });

/** One Markdown text for these modules (paths of files), sorted by package. Throws where a package has no manifest. */
export function licensesOf(modules: Iterable<string>): string {
  const folders = new Set([...modules].flatMap((id) => folderOf(id) ?? []));
  const entries = [...folders].map((folder) => {
    const { name, version, license } = v.parse(
      Manifest,
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    );
    return `## ${name} ${version} (${license})\n\n${textIn(folder)}\n`;
  });
  const all = [...new Set(entries)].sort();
  return `# Licenses of the packages in these bundles\n\n${all.join('\n')}`;
}

/** The folder of the package that a module is of; null: it is none of a package's. */
function folderOf(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('\\', '/');
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? null;
}

function textIn(folder: string): string {
  const name = readdirSync(folder).find((one) => /^(?:license|licence|copying)(?:[.-]|$)/i.test(one));
  if (name === undefined) return 'The package holds no text of its license.';
  return readFileSync(join(folder, name), 'utf8')
    .replaceAll('\r\n', '\n')
    .trim()
    .replace(/^/gm, '> ')
    .replace(/ +$/gm, '');
}
