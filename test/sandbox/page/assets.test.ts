/** The page as it is built: whole, small, and nothing in it that its own rules for browsers would stop. */
import { expect, test } from 'vitest';
import { buildPage } from '../../../src/sandbox/page/assets.ts';

test('the page names only files that are there, runs nothing inline, and is small', async () => {
  const files = await buildPage();
  const page = files.get('/');
  const text = page?.body.toString() ?? '';
  const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !files.has(path))).toEqual([]);
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  const sent = [...files.values()].map(({ body, packed }) => packed?.br.length ?? body.length);
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(300_000);
  for (const { body, packed } of files.values()) {
    if (packed !== null) expect(Math.min(packed.br.length, packed.gzip.length)).toBeLessThanOrEqual(body.length + 32);
  }
});
