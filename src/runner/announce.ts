/** Tells whoever watches the job how much of the window is left: at the start, at half time, and a minute before the end. */
import type { Clock, Progress } from '../app/ports.ts';

const MINUTE_MS = 60_000;

/** Announces until the window is over or the signal fires. */
export async function announceWindow(
  windowMs: number,
  clock: Clock,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const end = clock.now() + windowMs;
  progress.info(
    `The command may run for ${spell(windowMs)}; at ${new Date(end).toISOString().slice(0, 19)}Z it is ended with all it started.`,
  );
  const marks = [...new Set([windowMs / 2, MINUTE_MS])].filter((left) => left < windowMs).sort((a, b) => b - a);
  for (const left of marks) {
    await clock.sleep(end - left - clock.now(), signal);
    if (signal.aborted) return;
    progress.info(`${spell(left)} of the window left.`);
  }
}

function spell(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
