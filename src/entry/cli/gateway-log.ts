/** What the gateway writes while it runs: one JSON object a line, with the request that it belongs to, and never a secret. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Logger, pino } from 'pino';
import type { Progress } from '../../app/ports.ts';
import type { LogLevel } from './gateway-config.ts';

export interface GatewayLog {
  log: Logger;
  /** The application's words. */
  progress: Progress;
  /** Whatever is written meanwhile belongs to this request. */
  within<T>(request: string, doing: () => Promise<T>): Promise<T>;
}

/** What could hold a secret if somebody wrote it by mistake. */
const REDACTED = ['token', 'secret', 'authorization', 'headers', 'privateKey', 'body'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/** A log of lines that `write` takes; each secret is masked wherever it stands, the lines of a key each for itself. */
export function gatewayLog(
  { level, secrets }: { level: LogLevel; secrets: readonly string[] },
  write: (line: string) => void,
): GatewayLog {
  const requests = new AsyncLocalStorage<{ request: string }>();
  const mask = masking(secrets);
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: MASK },
      // pino writes a line's own fields into what it is given here.
      mixin: () => ({ ...requests.getStore() }),
    },
    { write: (line) => write(mask(line)) },
  );
  return {
    log,
    progress: { info: (text) => log.info(text), warn: (text) => log.warn(text) },
    within: (request, doing) => requests.run({ request }, doing),
  };
}

const MASK = '***';
/** What is shorter stands in ordinary words, too; no secret of ours is. */
const SHORTEST = 8;

function masking(secrets: readonly string[]): (line: string) => string {
  const pieces = secrets
    .flatMap((secret) => secret.split(/\r?\n|\\n/))
    .filter((piece) => piece.length >= SHORTEST && !piece.startsWith('-----'))
    // As JSON has it; the longest first, since one may be a part of another.
    .map((piece) => JSON.stringify(piece).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  return (line) => pieces.reduce((text, piece) => text.replaceAll(piece, MASK), line);
}
