/** The page's files, built when the sandbox starts: a fresh clone needs no build of its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface Asset {
  type: string;
  body: Buffer;
  /** The body as a browser may take it; absent where it gains nothing. */
  packed: { br: Buffer; gzip: Buffer } | null;
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  json: 'application/json',
  map: 'application/json',
};
const PACKED_ALREADY = ['png', 'woff2'];

/** Builds the page. Gives its files by their path, `/` being the page itself. Throws where the build fails. */
export async function buildPage(): Promise<Map<string, Asset>> {
  const files = await bundle();
  const assets = files.map(async ({ name, body }): Promise<[string, Asset]> => {
    const ending = name.slice(name.lastIndexOf('.') + 1);
    const packed = PACKED_ALREADY.includes(ending) ? null : await pack(body);
    const asset = { type: TYPES[ending] ?? 'application/octet-stream', body, packed };
    return [name === 'index.html' ? '/' : `/${name}`, asset];
  });
  return new Map(await Promise.all(assets));
}

/** The quality at which brotli is still quick. */
const QUALITY = 9;

async function pack(body: Buffer): Promise<Asset['packed']> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(body, { params }), promisify(gzip)(body)]);
  return { br, gzip: gz };
}

async function bundle(): Promise<{ name: string; body: Buffer }[]> {
  if (!existsSync(new URL('./browser/main.tsx', import.meta.url))) return [STUB];
  const [{ build, mergeConfig }, { pageBuild }] = await Promise.all([
    import('vite'),
    import('./browser/vite.config.ts'),
  ]);
  const nowhere = fileURLToPath(new URL('./browser/dist', import.meta.url));
  const built = await build(mergeConfig(pageBuild(nowhere), { logLevel: 'error', build: { write: false } }));
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
  return outputs.flatMap(({ output }) =>
    output.map((file) => {
      const content = file.type === 'chunk' ? file.code : file.source;
      return { name: file.fileName, body: Buffer.from(content) };
    }),
  );
}

const STUB = {
  name: 'index.html',
  body: Buffer.from('<!doctype html><html lang="en"><title>Debug Approval</title><p>The page is not built.</p></html>'),
};
