/** The gateway as a process of its own: the built bundle as users have it, its memory and processor time, and how it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gatewayEnvironment } from '../../src/sandbox/gateway-process.ts';
import type { Town } from '../../src/sandbox/town.ts';
import { pause } from './row.ts';

export interface GatewayProcess {
  url: string;
  port: number;
  /** From its start until `/readyz` said yes, in ms. */
  readyMs: number;
  /** Resident memory now, in MB (10^6 bytes). */
  memory(): number;
  /** Processor time so far, in ms. */
  cpu(): number;
  /** The last lines that were no ordinary request. */
  words: readonly string[];
  /** Ends it as operators do; gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

const WORDS = 30;
const PAGE_BYTES = 4096;
/** Of Linux's clock ticks. */
const TICK_MS = 10;

const running = new Set<ChildProcess>();

/** Starts one at any free port, or at this one, and waits until it is ready. Throws its last words where it ends before. */
export async function startGatewayProcess(town: Town, port = 0, args: string[] = []): Promise<GatewayProcess> {
  const env = { PATH: process.env['PATH'] ?? '', ...gatewayEnvironment(town), LISTEN_PORT: String(port) };
  const from = performance.now();
  const bundle = process.env['GATEWAY_SRC'] ?? join(town.checkout, 'action/dist/cli.js');
  const child = spawn(process.execPath, [...args, bundle, 'gateway'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const ended = new Promise<number | null>((done) => child.once('exit', done)).finally(() => running.delete(child));
  const words: string[] = [];
  const { promise: listens, resolve: heard } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const address = /"address":"([^"]+)"/.exec(line)?.[1];
      if (address !== undefined) heard(address);
      if (line.includes('"msg":"request"') && line.includes('"status":200')) return;
      words.push(line);
      if (words.length > WORDS) words.shift();
    });
  }
  const dead = ended.then((code): never => {
    throw new Error(`The gateway ended with ${code}:\n${words.join('\n')}`);
  });
  const url = `http://${await Promise.race([listens, dead])}`;
  while (!(await Promise.race([fetch(`${url}/readyz`), dead])).ok) await pause(5);
  const readyMs = performance.now() - from;
  dead.catch(() => {});
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return {
    ...{ url, port: Number(new URL(url).port), readyMs, words },
    memory: () => (Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 1e6,
    cpu: () => ticks(readFileSync(`/proc/${child.pid}/stat`, 'utf8')) * TICK_MS,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  };
}

/** User and system time; the name in brackets may hold spaces. */
function ticks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Ends every gateway that still runs: a row that fails leaves nothing behind. */
export function killGateways(): void {
  for (const child of running) child.kill('SIGKILL');
}
