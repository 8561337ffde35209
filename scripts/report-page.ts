/** Builds the page of `audit report`: one HTML file with its script and its styles in it, and with room for the data. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ROOM } from '../src/audit/report/html.ts';

const LICENSES = 'licenses.md';
const FOLDER = fileURLToPath(new URL('../src/audit/report/page/', import.meta.url));

/** The page as one HTML text. Throws where the build fails. */
export async function buildReportPage(): Promise<string> {
  const built = await build({
    root: FOLDER,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      modulePreload: false,
      reportCompressedSize: false,
      license: { fileName: LICENSES },
      target: 'es2022',
      // The first to know light-dark(), which all colours are written with.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rolldownOptions: { input: `${FOLDER}main.tsx` },
    },
  });
  const files = (Array.isArray(built) ? built : 'output' in built ? [built] : []).flatMap(({ output }) => output);
  const scripts = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : []));
  const styles = files.flatMap((file) =>
    file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : [],
  );
  const licenses = files.find(({ fileName }) => fileName === LICENSES);
  const [script, style] = [scripts[0], styles[0]];
  if (script === undefined || style === undefined || licenses?.type !== 'asset' || files.length !== 3) {
    throw new Error(
      `The report's page must be one script, one sheet and the licenses of what is in them, not ${files.map(({ fileName }) => fileName).join(', ')}.`,
    );
  }
  // What would end the element in which it stands is written otherwise; in a script both mean the same.
  return htmlOf(
    script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--'),
    style,
    String(licenses.source),
  );
}

/** Nothing may be loaded from anywhere, and nothing may run or style but what was built. */
function htmlOf(script: string, style: string, licenses: string): string {
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Audit report</title>
<style>${style}</style>
</head>
<body>
<div id="page"><p class="waiting">The report is being unpacked …</p></div>
<noscript>This report needs JavaScript. \`debug-approval audit report --format md\` makes one that does not.</noscript>
${ROOM}
<script type="module">${script}</script>
</body>
</html>
<!--
${licenses.trim().replaceAll('--', '- -')}
-->
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
