/** Row: how fast an export verifies from a file, and that neither its time a record nor its memory grows with its size. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { type Row, rounded, type Say } from '../row.ts';
import { type BenchFile, writeBenchFile } from '../verify-file.ts';

const SMALL = 1_000;
const MIDDLE = 20_000;
const LARGE = 100_000;
const SIGNED = 2_000;

const Measured = v.object({
  statuses: v.tuple([v.literal('whole')]),
  records: v.number(),
  cpuMs: v.number(),
  wallMs: v.number(),
  peakMb: v.number(),
});
type Measured = v.InferOutput<typeof Measured>;

export const verify: Row = {
  name: 'verify',
  about: `exports of ${SIGNED} signed and up to ${LARGE} unsigned records, ten a request, each verified from a file by a process of its own`,
  async measure(say) {
    const folder = await mkdtemp(join(tmpdir(), 'debug-approval-bench-'));
    try {
      const file = async (records: number, signed: boolean): Promise<BenchFile> => {
        const made = { path: join(folder, `${signed ? 'signed' : 'unsigned'}-${records}.jsonl`), records, signed };
        await writeBenchFile(made);
        return made;
      };
      const warm = await file(SMALL, false);
      const signed = await verified(await file(SIGNED, true), warm, say);
      // As many records in all, so that what the process itself takes for so much work is the same.
      const often = await verified(warm, warm, say, LARGE / SMALL);
      const middle = await verified(await file(MIDDLE, false), warm, say);
      const large = await verified(await file(LARGE, false), warm, say);
      return [
        // CPU time of all threads: what one core would take, whatever else the machine does.
        { name: 'verify-signed', value: rounded(perThousand(signed)), unit: 'ms of CPU for 1,000 records', bar: 500 },
        { name: 'verify-unsigned', value: rounded(perThousand(large)), unit: 'ms of CPU for 1,000 records', bar: 20 },
        {
          name: 'verify-linear',
          value: rounded(perThousand(large) / perThousand(middle), 2),
          unit: '× a record, 100,000 to 20,000',
          bar: 1.3,
        },
        {
          name: 'verify-memory',
          value: rounded(large.peakMb - often.peakMb),
          unit: 'MB more at the peak than 100 files of 1,000',
          bar: 16,
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function perThousand({ cpuMs, records }: Measured): number {
  return (cpuMs * 1_000) / records;
}

async function verified({ path, records, signed }: BenchFile, warm: BenchFile, say: Say, times = 1): Promise<Measured> {
  const program = join(import.meta.dirname, '../verify-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, warm.path, path, String(times)]);
  const measured = v.parse(Measured, JSON.parse(stdout));
  if (measured.records !== records * times)
    throw new Error(`${measured.records} records were verified, not ${records}.`);
  const { cpuMs, wallMs, peakMb } = measured;
  const rate = `${Math.round((measured.records * 1_000) / cpuMs)} a second of CPU, ${Math.round((measured.records * 1_000) / wallMs)} a second`;
  say(
    `${times === 1 ? '' : `${times} × `}${records} ${signed ? 'signed' : 'unsigned'} records: ${rate}, at most ${rounded(peakMb)} MB`,
  );
  return measured;
}
