/** A process that redacts so many MB of log, 2 MB over and over, and prints its resident memory in bytes as JSON. */
import { keepHeapSmall } from '../../src/entry/small-heap.ts';
import { createRedactor } from '../../src/redact/redactor.ts';
import { logStream } from '../redact/corpus/log-stream.ts';

keepHeapSmall();
const PIECE = 65_536;
const MB = 1024 * 1024;
const log = Buffer.concat([...logStream(2 * MB, 5)]);
const turns = Math.ceil((Number(process.argv[2]) * MB) / log.length);
const redactor = createRedactor({ secrets: ['hunter2hunter2'], commands: true });
let out = 0;
let early = 0;
let peak = 0;
for (let turn = 0; turn < turns; turn++) {
  for (let at = 0; at < log.length; at += PIECE) out += redactor.push(log.subarray(at, at + PIECE)).length;
  const resident = process.memoryUsage.rss();
  peak = Math.max(peak, resident);
  if (turn === Math.floor(turns / 10)) early = resident;
}
out += redactor.end().length;
console.log(JSON.stringify({ peak, early, out }));
