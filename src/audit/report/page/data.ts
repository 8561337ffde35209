/** The data that stands in the file beside the page, unpacked when it is needed. */
import type { ReportDetail, ReportHead } from '../html.ts';

/** What the first page needs. */
export async function readHead(): Promise<ReportHead> {
  const head: ReportHead = await unpacked('head');
  return head;
}

const blocks = new Map<number, Promise<ReportDetail[]>>();

/** What only the request's own page shows; `row` is its place among the rows. Throws where the file lacks it. */
export async function readDetail({ perBlock }: ReportHead, row: number): Promise<ReportDetail> {
  const number = Math.floor(row / perBlock);
  const block = blocks.get(number) ?? unpacked(`details-${number}`);
  blocks.set(number, block);
  const detail = (await block)[row % perBlock];
  if (detail === undefined)
    throw new Error(`This file lacks the details of request ${row + 1}: it was cut or changed.`);
  return detail;
}

/** What the product of the same version wrote into this very file: nobody else's words decide its shape. */
async function unpacked(id: string) {
  const packed = document.getElementById(id)?.textContent ?? '';
  if (packed === '') throw new Error(`This file lacks its part "${id}": it was cut or changed. Make the report again.`);
  const bytes = bytesOf(atob(packed));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(plain).json();
}

/** In a loop: `Uint8Array.from` would call a function for each of millions of bytes. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
