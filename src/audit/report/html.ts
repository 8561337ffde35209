/** The report as one HTML file: the page as it was built, and the data, packed so that the file stays small and opens at once. */
import { gzipSync } from 'node:zlib';
import type { RequestSummary } from './summary.ts';

/** What the report is of, and when it was made. */
export interface ReportOf {
  /** `owner/name`. */
  repository: string;
  /** RFC 3339 UTC: by this an after-review is overdue or not. */
  madeAt: string;
  /** What the whole verification says beyond single requests, such as an issue that later openings name and that is gone. */
  alarms: string[];
  /** Which of the repository's requests it is about, such as `#12`; left out: all. */
  only?: string;
}

/** A request as the report's first page needs it, and where its own page is: number in a block. */
export type ReportRow = Omit<RequestSummary, 'detail'>;
export type ReportDetail = RequestSummary['detail'];

/** What stands in the file: `rows` are in the order of the requests, as are the details, a block of them at a time. */
export interface ReportHead {
  of: ReportOf;
  rows: ReportRow[];
  /** How many requests' details stand in each block. */
  perBlock: number;
}

/** Few enough that one is unpacked in no time, enough that what they have in common is packed once. */
const PER_BLOCK = 100;

/** Where the page as built has room for the data. */
export const ROOM = '<!-- the data of the report -->';

/**
 * The report. `page` is the page as built (action/dist/report.html, read by src/entry/report-page.ts). The data stands in it as
 * gzip in base64, which holds no character with a meaning in HTML. Throws a `TypeError` where `page` is not the report's page.
 */
export function renderReport(requests: Iterable<RequestSummary>, options: ReportOf & { page: string }): string {
  const { page, ...of } = options;
  const [before, behind] = page.split(ROOM);
  if (before === undefined || behind === undefined) {
    throw new TypeError('This is not the page of the report: it has no room for the data. Build the product again.');
  }
  const rows: ReportRow[] = [];
  const blocks: string[] = [];
  let block: ReportDetail[] = [];
  const close = (): void => {
    if (block.length > 0) blocks.push(data(`details-${blocks.length}`, block));
    block = [];
  };
  for (const { detail, ...row } of requests) {
    rows.push(row);
    block.push(detail);
    if (block.length === PER_BLOCK) close();
  }
  close();
  const head: ReportHead = { of, rows, perBlock: PER_BLOCK };
  // The first page's data first, so that a browser has it before the rest has come.
  return [before, data('head', head), ...blocks, behind].join('');
}

function data(id: string, content: ReportHead | ReportDetail[]): string {
  const packed = gzipSync(JSON.stringify(content)).toString('base64');
  return `<script type="application/gzip" id="${id}">${packed}</script>\n`;
}
