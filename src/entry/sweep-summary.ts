/** The job summary of a sweep: what became of each request, and what of those that are over was deleted or is left. */
import { leftWords, type PurgeReport } from '../app/purge.ts';
import { HOLD } from '../app/purge-labels.ts';
import type { Sweep } from '../app/sweep.ts';
import { codeSpan } from '../github/markdown.ts';

/** Markdown. `purged` is null where nothing was looked at to be deleted: no retention, or one request alone. */
export function sweepSummary({ swept, undone }: Sweep, purged: PurgeReport | null): string {
  const requests = swept.map(({ issue, url, status, note }) => `- [#${issue}](${url}) **${status}** ${codeSpan(note)}`);
  const lines = [...requests, ...undone.map((why) => `- ⚠️ ${codeSpan(why)}`)];
  return ['### Debug requests', '', ...(lines.length > 0 ? lines : ['None open.']), '', ...purgeLines(purged)].join(
    '\n',
  );
}

function purgeLines(purged: PurgeReport | null): string[] {
  if (purged === null) return [];
  const { requests, held, brokenOff } = purged;
  const lines = requests.map(
    ({ issue, url, note, done }) => `- [#${issue}](${url})${done ? '' : ' ⚠️'} ${codeSpan(note)}`,
  );
  const rest = [
    ...(purged.left > 0 || purged.more ? [`${leftWords(purged)} left for the next sweep.`] : []),
    ...(held > 0 ? [`${held} on hold by the label \`${HOLD}\`.`] : []),
  ];
  return [
    '### Deleted of what requests shared',
    '',
    ...(lines.length > 0 ? lines : [brokenOff ? 'Nothing, as said above.' : 'Nothing.']),
    '',
    ...rest,
    '',
  ];
}
