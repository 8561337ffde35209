/** A browser's view of the sandbox's page, over HTTP alone: the parts as they come, and deeds. */
import type { Asset } from '../../../src/sandbox/page/assets.ts';
import type { Deed, DeedAnswer, Lesson, Scene, SceneMessage, ScenePart } from '../../../src/sandbox/page/scene.ts';
import { openPage, type Page } from '../../../src/sandbox/page/server.ts';
import { pageTown } from '../../../src/sandbox/page/town.ts';
import { openTown, type Town, type TownOptions } from '../../../src/sandbox/town.ts';

export interface Opened {
  town: Town;
  page: Page;
  assets: Map<string, Asset>;
  /** Mistakes of the sandbox itself. */
  problems: unknown[];
  close(): Promise<void>;
}

export const STUB: Asset = {
  type: 'text/html; charset=utf-8',
  body: Buffer.from('<!doctype html>'),
  packed: null,
};

/** A town with its page, whose files are not built unless they are given: what most tests look at is the server. */
export async function openSandbox(
  options: TownOptions = {},
  files: Promise<Map<string, Asset>> = Promise.resolve(new Map([['/', STUB]])),
): Promise<Opened> {
  const [town, assets] = await Promise.all([openTown({ ...pageTown(), ...options }), files]);
  const problems: unknown[] = [];
  const page = await openPage({ town, assets, onProblem: (error) => problems.push(error) });
  const close = async (): Promise<void> => {
    await page.close();
    await town.close();
  };
  return { town, page, assets, problems, close };
}

export interface Visitor {
  scene: Scene;
  /** The parts that came, in order. */
  parts: ScenePart['part'][];
  /** Resolves with what `look` finds as soon as it finds something; rejects where the page hangs up before. */
  until<T>(look: (scene: Scene) => T | null | undefined | false): Promise<T>;
  /** Resolves when the page hangs up, or after `leave`. */
  gone: Promise<void>;
  leave(): void;
}

/** Opens the page's events; resolves once every part came. */
export async function visit(page: Pick<Page, 'url'>): Promise<Visitor> {
  const abort = new AbortController();
  const answer = await fetch(`${page.url}events`, { signal: abort.signal });
  if (answer.body === null) throw new Error('The page sends no events.');
  const stream = answer.body.pipeThrough(new TextDecoderStream());
  const waiting = new Set<() => void>();
  let over = false;
  const seen: Partial<Scene> = {};
  const parts: ScenePart['part'][] = [];
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of stream) {
      const events = `${text}${chunk}`.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const { part, value }: ScenePart = JSON.parse(event.replace(/^data: /, ''));
        Object.assign(seen, { [part]: value });
        parts.push(part);
      }
      for (const check of waiting) check();
    }
  };
  const gone = read().catch((error: unknown) => {
    // The connection ends by hanging up on either side.
    if (!abort.signal.aborted && !(error instanceof TypeError)) throw error;
  });
  void gone.then(() => {
    over = true;
    for (const check of waiting) check();
  });
  const until: Visitor['until'] = (look) =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = isWhole(seen) ? look(seen) : null;
        if (found === null || found === undefined || found === false) {
          if (over) reject(new Error(`The page hung up before: ${look}`));
          return;
        }
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  const scene = await until((whole) => whole);
  return { scene, parts, until, gone, leave: () => abort.abort() };
}

function isWhole(seen: Partial<Scene>): seen is Scene {
  return seen.attacks !== undefined;
}

/** Sends a deed as the page does. */
export async function send(page: Pick<Page, 'url'>, deed: Deed): Promise<DeedAnswer> {
  const answer = await post(page, JSON.stringify(deed));
  return answer.json() as Promise<DeedAnswer>;
}

/** Posts a body to `/do`, with the headers of the page itself unless others are given. */
export function post(
  { url }: Pick<Page, 'url'>,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const own = { origin: url.slice(0, -1), 'content-type': 'application/json' };
  return fetch(`${url}do`, { method: 'POST', headers: { ...own, ...headers }, body });
}

/** The card of an issue while it has its buttons. */
export function cardOf(scene: Scene, issue: number): SceneMessage | undefined {
  return scene.messages.findLast(({ blocks, onlyFor }) => {
    const text = JSON.stringify(blocks);
    return onlyFor === null && text.includes('"type":"actions"') && text.includes(`\\"i\\":${issue},`);
  });
}

/** The first lesson after a number whose title is this. */
export function lessonAfter(scene: Scene, id: number, title: RegExp): Lesson | undefined {
  return scene.lessons.find((lesson) => lesson.id > id && title.test(lesson.title));
}
