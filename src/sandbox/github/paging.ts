/** GitHub's pages: `per_page` up to 100, `page`, and the Link header. */
import type { Reply } from './reply.ts';
import type { Call } from './world.ts';

const whole = (text: string | null, otherwise: number): number => {
  const value = Number(text ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
};

/** One page of a list. `path` is the list's own address, without its query. */
export function page<T>({ query }: Call, path: string, items: T[], render: (item: T) => unknown): Reply {
  const size = Math.min(100, whole(query.get('per_page'), 30));
  const current = whole(query.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (number: number, rel: string): string => {
    const params = new URLSearchParams(query);
    params.set('page', String(number));
    return `<${path}?${params}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(Math.min(current - 1, last), 'prev')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
    ...(current > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    json: items.slice((current - 1) * size, current * size).map(render),
    ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }),
  };
}
