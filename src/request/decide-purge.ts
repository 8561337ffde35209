/** The records of a purge: what is about to be deleted, and the receipt. */
import { byProduct, type Outcome } from './command.ts';
import type { EventOf } from './events.ts';
import { listed } from './names.ts';
import { isOpen, type OpenedState } from './state.ts';

type Kind = EventOf<'purge'>['items'][number]['kind'];

/** Only of what is over: until then people look at it. */
export function decidePurge(state: OpenedState, event: EventOf<'purge'> | EventOf<'purged'>): Outcome {
  if (isOpen(state) || state.status === 'running') return { kind: 'nothing', why: `The request is ${state.status}.` };
  return byProduct([event], event.type === 'purge' ? announced(event) : receipt(event));
}

function announced({ items }: EventOf<'purge'>): string {
  return `What this request shared is about to be deleted: ${things(items)}. This record holds a hash of each.`;
}

function receipt({ items }: EventOf<'purged'>): string {
  const left = items.filter(({ gone }) => !gone);
  const gone = items.filter((one) => one.gone);
  const went = gone.length === 0 ? '' : `Deleted what this request shared: ${things(gone)}.`;
  const stayed = left.length === 0 ? '' : `Could not be deleted: ${things(left)}.`;
  if (went === '' && stayed === '') return 'Nothing of what this request shared was left to be deleted.';
  return [went, stayed].filter((part) => part !== '').join(' ');
}

const WORDS: { readonly [kind in Kind]: (count: number) => string } = {
  card: () => 'the card in Slack',
  message: (count) => (count === 1 ? '1 message in its thread' : `${count} messages in its thread`),
  file: (count) => (count === 1 ? '1 file in its thread' : `${count} files in its thread`),
  transcript: () => 'the transcript',
  'run-logs': () => "the run's logs",
};
const KINDS: readonly Kind[] = ['card', 'message', 'file', 'transcript', 'run-logs'];

function things(items: readonly { kind: Kind }[]): string {
  const words = KINDS.flatMap((kind) => {
    const count = items.filter((item) => item.kind === kind).length;
    return count === 0 ? [] : [WORDS[kind](count)];
  });
  return listed(words);
}
