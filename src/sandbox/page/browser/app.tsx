/** The whole page: the server's scene, seen through one person's eyes. */
import type { JSX } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { ScenePart } from '../scene.ts';
import { Channel } from './channel.tsx';
import { Dialogs } from './dialog.tsx';
import { HintBar } from './hint-bar.tsx';
import { Issue } from './issue.tsx';
import { Jobs } from './jobs.tsx';
import { Lessons } from './lessons.tsx';
import { PageContext, personOf, type Tab } from './page.ts';
import { RunForm } from './run-form.tsx';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { type Connection, type Heard, listen, NOTHING_HEARD, withPart } from './wire.ts';

export function App(): JSX.Element {
  const [{ scene, missing }, onPart] = useReducer<Heard, ScenePart>(withPart, NOTHING_HEARD);
  const [connection, onConnection] = useState<Connection>('opening');
  const [as, actAs] = useState('ana');
  const [tab, setTab] = useState<Tab>('run');
  useEffect(() => listen({ onPart, onConnection }), []);
  const show = (shown: Tab, id: string = shown): void => {
    setTab(shown);
    // After the next picture: on a phone it stands in no picture before.
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };
  const page = { scene, as: personOf(scene.people, as), actAs, show };
  return (
    <PageContext.Provider value={page}>
      <a class="skip" href="#main">
        Skip to the page’s content
      </a>
      <TopBar connection={connection} />
      {missing.length === 0 && (
        <>
          <HintBar />
          <main id="main" class="panes" data-tab={tab} tabIndex={-1}>
            <div class="guide">
              <RunForm />
              <Lessons />
            </div>
            <Channel />
            <div class="github">
              <Jobs />
              <Issue />
            </div>
          </main>
          <TabBar tab={tab} />
          <Dialogs />
        </>
      )}
    </PageContext.Provider>
  );
}
