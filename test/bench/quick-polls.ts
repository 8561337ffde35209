/** Loaded before the ask bundle by the row `hour`: each sleep of the polling interval takes 10 ms instead of 5 s. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const POLL_MS = 5_000;
const QUICK_MS = 10;

const wait = timers.setTimeout;
timers.setTimeout = (ms, value, options) => wait(ms === POLL_MS ? QUICK_MS : ms, value, options);
syncBuiltinESMExports();
