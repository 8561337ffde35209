/** How vite builds the sandbox's page: from this folder into one that the server names. */
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

/**
 * The page's build into `outDir` (which is emptied): `index.html` and `assets/…`.
 * All of it fits `default-src 'self'`: no inline script, no inline style, nothing as a `data:` address, nothing from elsewhere.
 */
export function pageBuild(outDir: string): InlineConfig {
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    envDir: false,
    base: '/',
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      target: 'es2022',
      // The first to know light-dark(), which all colours are written with.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    },
  };
}
