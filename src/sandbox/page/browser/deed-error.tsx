/** Why a deed could not be done, beside the control that was used. */
import type { JSX } from 'preact';
import { Icon } from './icons.tsx';

/** Said at once to a screen reader; the focus stays where it is. */
export function DeedError({ why }: { why: string | null }): JSX.Element {
  return (
    <div class="deed-error" role="alert">
      {why !== null && (
        <p>
          <Icon name="cross" /> {why}
        </p>
      )}
    </div>
  );
}
