/** The page's head: its name, as whom one acts, light or dark, and whether the server is still there. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Avatar, Icon } from './icons.tsx';
import { usePage } from './page.ts';
import type { Connection } from './wire.ts';

export function TopBar({ connection }: { connection: Connection }): JSX.Element {
  return (
    <header class="top">
      <div class="brand">
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="m9 16.5 5 5 9.5-11" />
        </svg>
        <h1>
          Debug Approval <span class="brand-where">sandbox</span>
        </h1>
      </div>
      <ActAs />
      <Theme />
      <p class="lost" role="status">
        {connection === 'lost' &&
          'The sandbox does not answer; what you see is its last state. Trying again … (is “npm run demo” still running?)'}
      </p>
    </header>
  );
}

function ActAs(): JSX.Element {
  const { scene, as, actAs } = usePage();
  return (
    <fieldset class="act-as">
      <legend>Act as</legend>
      <div class="people">
        {scene.people.map(({ key, name, groups }) => (
          <label key={key} class="person">
            <input type="radio" name="as" value={key} checked={key === as.key} onChange={() => actAs(key)} />
            <Avatar name={name} />
            <span class="person-name">{name}</span>
            <span class="person-groups">{groups.length === 0 ? 'no group' : groups.join(', ')}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const KEPT = 'debug-approval-theme';

/** Follows the system until one chooses; the choice is kept. */
function Theme(): JSX.Element {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setDark(isDark());
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, []);
  const toggle = (): void => {
    const chosen = dark ? 'light' : 'dark';
    localStorage.setItem(KEPT, chosen);
    document.documentElement.dataset['theme'] = chosen;
    setDark(!dark);
  };
  return (
    <button
      type="button"
      class="icon-button theme"
      aria-label={dark ? 'Light colours' : 'Dark colours'}
      onClick={toggle}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

/** Before the first picture: the colours that were chosen on an earlier visit. */
export function restoreTheme(): void {
  const chosen = localStorage.getItem(KEPT);
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
}
