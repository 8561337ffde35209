/** `npm run demo -- --page`: one line says where the page is, and a signal ends everything. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { send, visit } from './visitor.ts';

// Whole jobs, several at a time: a slow machine is no reason to fail.
vi.setConfig({ testTimeout: 120_000 });

const product = fileURLToPath(new URL('../../..', import.meta.url));

test('serves the page until it is terminated, cancels what still runs, and leaves nothing', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'demo-page-'));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['src/sandbox/demo.ts', '--page', '--port', '0'], {
    cwd: product,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout })
      .on('line', (line) => /^Page: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line)?.slice(1).map(resolve))
      .on('close', () => reject(new Error(`The demo ended without a page: ${errors.join('\n')}`)));
  });
  const page = await (await fetch(url)).text();
  const script = /<script type="module"[^>]* src="(\/assets\/[^"]+)"/.exec(page)?.[1] ?? 'none';
  expect((await fetch(new URL(script, url))).headers.get('content-type')).toMatch(/^text\/javascript/);
  const visitor = await visit({ url });
  const inputs = { runbook: 'hello', target: 'staging', reason: 'To be cancelled by a signal.' };
  expect(await send({ url }, { do: 'run', as: 'ana', inputs })).toEqual({ ok: true });
  await visitor.until(({ issues }) => issues.find(({ status }) => status === 'pending'));
  child.kill('SIGTERM');
  expect(await closed, errors.join('\n')).toBe(0);
  await visitor.gone;
  expect(readdirSync(temporary)).toEqual([]);
  expect(errors).toEqual([]);
});
