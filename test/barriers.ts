/** What keeps people out of a page: axe-core's findings in a real browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as v from 'valibot';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const Violations = v.array(v.object({ id: v.string(), nodes: v.array(v.object({ html: v.string() })) }));

/** What axe-core finds wrong with the page as it stands, its colours in both schemes; empty: nothing. */
export async function barriers(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own Content-Security-Policy stays in force.
  if ((await page.evaluate('globalThis.axe === undefined')) === true) await page.evaluate(AXE);
  // What still fades in has no colours of its own yet.
  await page.evaluate(`Promise.all(document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished))`);
  const light = await violations(page, "{ resultTypes: ['violations'] }");
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, "{ runOnly: ['color-contrast'], resultTypes: ['violations'] }");
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((found) => `dark: ${found}`)];
}

async function violations(page: Page, options: string): Promise<string[]> {
  const found = await page.evaluate(`axe.run(document, ${options}).then((result) => result.violations)`);
  return v.parse(Violations, found).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
