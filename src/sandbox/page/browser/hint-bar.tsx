/** The line that always says what to try next. */
import type { JSX } from 'preact';
import { nextHint } from './hint.ts';
import { Icon } from './icons.tsx';
import { usePage } from './page.ts';
import { RUN_FORM } from './run-form.tsx';

export function HintBar(): JSX.Element {
  const { scene, as, actAs, show } = usePage();
  const { text, act } = nextHint(scene, as);
  const follow = (): void => {
    if (act === null) return;
    if (act.as !== null) actAs(act.as);
    show(act.show, act.focus);
  };
  return (
    <aside class="hint" aria-label="What to try next">
      <p>
        <strong>Next</strong> {text}
      </p>
      {act?.submits === 'run' && (
        <button type="submit" form={RUN_FORM} class="button button-hint">
          {act.label} <Icon name="arrow" />
        </button>
      )}
      {act !== null && act.submits === undefined && (
        <button type="button" class="button button-hint" onClick={follow}>
          {act.label} <Icon name="arrow" />
        </button>
      )}
    </aside>
  );
}
