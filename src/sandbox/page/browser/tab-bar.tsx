/** On a phone: which part of the page one sees, and which others have something new. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Scene, ScenePerson } from '../scene.ts';
import { Icon, type IconName } from './icons.tsx';
import { TABS, type Tab, usePage } from './page.ts';

const LABELS: Record<Tab, { label: string; icon: IconName }> = {
  run: { label: 'Run', icon: 'play' },
  slack: { label: 'Slack', icon: 'chat' },
  issue: { label: 'Issue', icon: 'issue' },
  jobs: { label: 'Jobs', icon: 'jobs' },
  lessons: { label: 'Lessons', icon: 'book' },
};

export function TabBar({ tab }: { tab: Tab }): JSX.Element {
  const { scene, as, show } = usePage();
  const there = amounts(scene, as);
  const [seen, setSeen] = useState(there);
  const here = there[tab];
  useEffect(() => setSeen((all) => ({ ...all, [tab]: here })), [tab, here]);
  return (
    <nav class="tabs" aria-label="Parts of the page">
      {TABS.map((one) => (
        <button key={one} type="button" aria-current={one === tab ? 'page' : undefined} onClick={() => show(one)}>
          <Icon name={LABELS[one].icon} />
          <span>{LABELS[one].label}</span>
          {one !== tab && there[one] !== seen[one] && (
            <span class="new">
              <span class="unseen"> has news</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

/** What there is to see in each part: a part whose amount changed has news. */
function amounts(scene: Scene, as: ScenePerson): Record<Tab, string> {
  const messages = scene.messages.flatMap((message) => [message, ...message.thread]);
  const visible = messages.filter(({ onlyFor }) => onlyFor === null || onlyFor === as.slack);
  return {
    run: '',
    slack: String(visible.length + scene.directs.filter(({ onlyFor }) => onlyFor === as.slack).length),
    issue: scene.issues.map(({ comments, broken }) => `${comments.length}/${broken.length}`).join(),
    jobs: scene.runs.flatMap(({ jobs }) => jobs.map(({ status }) => status)).join(),
    lessons: String(scene.lessons.length),
  };
}
