/** The scene as it lives: what may have changed is made anew, at most ten times a second, and told where it did. */
import type { Scene, ScenePart } from './scene.ts';

/** How long changes are gathered before they are told, in ms. */
const GATHER_MS = 100;

export interface Live {
  /** Something may have changed. */
  touch(): void;
  /** The scene as it was last told. */
  scene(): Scene;
  /** Tells every part at once, and from then on each part that changed; what it gives ends that. */
  subscribe(listener: (part: ScenePart) => void): () => void;
  /** Makes the scene anew now and tells it. */
  settle(): Promise<void>;
  /** Ends the telling, after what is being made. */
  close(): Promise<void>;
}

const PARTS = [
  'repository',
  'channelName',
  'people',
  'form',
  'messages',
  'dialogs',
  'directs',
  'issues',
  'runs',
  'lessons',
  'attacks',
] as const satisfies readonly (keyof Scene)[];

/** Starts with the first scene; `make` makes it anew. What `make` throws goes to `onProblem`, and the scene stays. */
export async function openLive(make: () => Promise<Scene>, onProblem: (error: unknown) => void): Promise<Live> {
  let scene = await make();
  let texts = textsOf(scene);
  const listeners = new Set<(part: ScenePart) => void>();
  let timer: NodeJS.Timeout | null = null;
  let making: Promise<void> = Promise.resolve();
  let closed = false;

  const tell = (next: Scene): void => {
    const after = textsOf(next);
    const changed = PARTS.filter((_, at) => after[at] !== texts[at]).map((part) => partOf(next, part));
    scene = next;
    texts = after;
    for (const part of changed) for (const listener of listeners) listener(part);
  };
  const settle = (): Promise<void> => {
    making = making.then(make).then(tell).catch(onProblem);
    return making;
  };

  return {
    touch() {
      if (closed || timer !== null) return;
      timer = setTimeout(async () => {
        await making;
        timer = null;
        if (!closed) await settle();
      }, GATHER_MS);
    },
    scene: () => scene,
    subscribe(listener) {
      for (const part of PARTS) listener(partOf(scene, part));
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    settle,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await making;
      listeners.clear();
    },
  };
}

const textsOf = (scene: Scene): string[] => PARTS.map((part) => JSON.stringify(scene[part]));

function partOf<Part extends keyof Scene>(scene: Scene, part: Part): { part: Part; value: Scene[Part] } & ScenePart;
function partOf(scene: Scene, part: keyof Scene): { part: keyof Scene; value: unknown } {
  return { part, value: scene[part] };
}
