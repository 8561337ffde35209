/** Verifies the export that its argument names, as often as is asked for, in a process of its own, and prints what that took as JSON. */
import { createReadStream } from 'node:fs';
import { verifyExport } from '../../src/log/export-verify.ts';

/** Of the small file: without them the first records would pay for what is compiled once. */
const WARM_UPS = 20;

const [, , small = '', path = '', times = '1'] = process.argv;
for (let turn = 0; turn < WARM_UPS; turn += 1) await verifyExport(createReadStream(small));
const before = process.cpuUsage();
const from = performance.now();
const statuses = new Set<string>();
let records = 0;
for (let turn = 0; turn < Number(times); turn += 1) {
  const verdict = await verifyExport(createReadStream(path));
  statuses.add(verdict.status);
  records += verdict.counts.records;
}
const { user, system } = process.cpuUsage(before);
const wallMs = performance.now() - from;
// In kilobytes, of the whole process.
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ statuses: [...statuses], records, cpuMs: (user + system) / 1000, wallMs, peakMb }));
