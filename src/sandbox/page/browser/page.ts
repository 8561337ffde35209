/** What every part of the page knows: the scene, through whose eyes it is seen, and how to act. */
import { createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Deed, Scene, ScenePerson } from '../scene.ts';
import { send } from './wire.ts';

export const TABS = ['run', 'slack', 'issue', 'jobs', 'lessons'] as const;
export type Tab = (typeof TABS)[number];

export interface Page {
  scene: Scene;
  /** As whom one acts. */
  as: ScenePerson;
  actAs(key: string): void;
  /** Brings a part of the page into view and moves the focus there, or to the element named. */
  show(tab: Tab, id?: string): void;
}

const NOBODY: ScenePerson = { key: '', name: 'Nobody', login: '', slack: null, groups: [], slackLinked: false };

export const PageContext = createContext<Page | null>(null);

/** The page around a component. Throws where there is none. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('This component stands outside of the page.');
  return page;
}

/** The person of this key; somebody without a name while the server has not told who there is. */
export function personOf(people: ScenePerson[], key: string): ScenePerson {
  return people.find((person) => person.key === key) ?? people[0] ?? NOBODY;
}

export interface Doing {
  busy: boolean;
  /** Why the last deed could not be done; null where it could. */
  why: string | null;
  /** The same where it stands at the fields of a dialog, by their blocks. */
  fields: Record<string, string>;
  /** Resolves to whether it was done. While one deed is under way another is not begun. */
  send(deed: Deed): Promise<boolean>;
}

const NONE: Pick<Doing, 'why' | 'fields'> = { why: null, fields: {} };

/** One control's deeds. */
export function useDeed(): Doing {
  const [busy, setBusy] = useState(false);
  const [{ why, fields }, setRefusal] = useState(NONE);
  return {
    busy,
    why,
    fields,
    async send(deed) {
      if (busy) return false;
      setBusy(true);
      setRefusal(NONE);
      const answer = await send(deed);
      setBusy(false);
      if (!answer.ok) setRefusal({ why: answer.why, fields: answer.fields ?? {} });
      return answer.ok;
    },
  };
}
