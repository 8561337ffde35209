/** The page's only ways to its server: the events that come, and the deeds that go. */
import * as v from 'valibot';
import type { Deed, DeedAnswer, Scene, ScenePart } from '../scene.ts';
import { Answer, Part } from './scene-schema.ts';

export type Connection = 'opening' | 'live' | 'lost';

export interface Listener {
  onPart(part: ScenePart): void;
  onConnection(connection: Connection): void;
}

/** Before the server has said anything. */
const EMPTY: Scene = {
  repository: '',
  channelName: '',
  people: [],
  form: [],
  messages: [],
  dialogs: [],
  directs: [],
  issues: [],
  runs: [],
  lessons: [],
  attacks: [],
};

const RETRY_MS = 2000;

/** Listens until the returned function is called. A lost connection is made anew by the browser itself. */
export function listen({ onPart, onConnection }: Listener): () => void {
  let source = connect();
  function connect(): EventSource {
    const opened = new EventSource('/events');
    opened.onopen = () => onConnection('live');
    opened.onerror = () => onConnection('lost');
    opened.onmessage = hear;
    return opened;
  }
  // The browser gives up for good where it got an answer that is no stream, such as that of another server on this port.
  const again = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) source = connect();
  }, RETRY_MS);
  function hear({ data }: MessageEvent): void {
    // A part that this page cannot read is a mistake of ours: it must be seen, and must not stop the other parts.
    const part = v.safeParse(Part, JSON.parse(String(data)));
    if (part.success) onPart(part.output);
    else console.error(`The server sent a part that this page cannot read: ${v.summarize(part.issues)}`);
  }
  return () => {
    clearInterval(again);
    source.close();
  };
}

/** Does a deed. What the answer says, or that there was none, is for whoever pressed. */
export async function send(deed: Deed): Promise<DeedAnswer> {
  try {
    const answer = await fetch('/do', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deed),
    });
    return v.parse(Answer, await answer.json());
  } catch (error) {
    const how = error instanceof Error ? error.message : String(error);
    return { ok: false, why: `The sandbox did not answer (${how}). Is "npm run demo" still running?` };
  }
}

export interface Heard {
  scene: Scene;
  /** Which parts the server has not sent yet: until it has sent each once there is nothing to show. */
  missing: string[];
}

export const NOTHING_HEARD: Heard = { scene: EMPTY, missing: Object.keys(EMPTY) };

/** The scene with one part of it replaced. */
export function withPart({ scene, missing }: Heard, { part, value }: ScenePart): Heard {
  return { scene: { ...scene, [part]: value }, missing: missing.filter((other) => other !== part) };
}
