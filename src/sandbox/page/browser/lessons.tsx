/** What just happened and which rule held, and what one may try against it. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Lesson, SceneAttack } from '../scene.ts';
import { DeedError } from './deed-error.tsx';
import { Icon, type IconName } from './icons.tsx';
import { useDeed, usePage } from './page.ts';

const TONES: Record<Lesson['tone'], { icon: IconName; words: string }> = {
  step: { icon: 'arrow', words: 'What happened' },
  held: { icon: 'shield', words: 'A rule held' },
  attack: { icon: 'bolt', words: 'An attack' },
};

export function Lessons(): JSX.Element {
  const { scene } = usePage();
  const latestFirst = scene.lessons.toReversed();
  const told = useRef<HTMLElement>(null);
  const newest = latestFirst[0]?.id;
  useEffect(() => {
    if (newest !== undefined && told.current !== null) told.current.scrollTop = 0;
  }, [newest]);
  return (
    <section class="pane pane-lessons" id="lessons" tabIndex={-1} aria-label="The story">
      <section
        class="lessons-told"
        ref={told}
        aria-labelledby="lessons-title"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too.
        tabIndex={0}
      >
        <h2 id="lessons-title">What just happened</h2>
        {latestFirst.length === 0 ? (
          <HowItGoes />
        ) : (
          <>
            <ol class="lessons">
              {latestFirst.slice(0, SHOWN).map((lesson, index) => (
                <LessonItem key={lesson.id} lesson={lesson} age={index} />
              ))}
            </ol>
            <Earlier lessons={latestFirst.slice(SHOWN)} />
          </>
        )}
      </section>
      <Attacks />
      <Announced lessons={scene.lessons} />
    </section>
  );
}

/** So many are seen in all, and so many of them with their text: the attacks below must not be pushed away. */
const SHOWN = 5;
const TOLD = 2;

function Earlier({ lessons }: { lessons: Lesson[] }): JSX.Element | null {
  if (lessons.length === 0) return null;
  return (
    <details class="earlier">
      <summary class="earlier-many">
        {lessons.length === 1 ? '1 earlier step' : `${lessons.length} earlier steps`}
      </summary>
      <ol class="lessons">
        {lessons.map((lesson) => (
          <LessonItem key={lesson.id} lesson={lesson} age={SHOWN} />
        ))}
      </ol>
    </details>
  );
}

function HowItGoes(): JSX.Element {
  return (
    <ol class="how">
      <li>
        <strong>Ask.</strong> Somebody runs the workflow and says why.
      </li>
      <li>
        <strong>Decide.</strong> The card in Slack shows exactly what would run. Another person presses Approve.
      </li>
      <li>
        <strong>Run.</strong> The debug job proves to itself that it runs what was approved, and masks secrets.
      </li>
      <li>
        <strong>Prove.</strong> Each step is a signed record in the issue, chained to the one before.
      </li>
    </ol>
  );
}

/** The newest ones tell all; older ones only their title, until one opens them. */
function LessonItem({ lesson, age }: { lesson: Lesson; age: number }): JSX.Element {
  const tone = TONES[lesson.tone];
  const told = (
    <>
      <p class="lesson-text">{lesson.text}</p>
      {lesson.rule !== null && (
        <p class="rule">
          <span class="rule-number">Rule {lesson.rule.number}</span> {lesson.rule.words}
        </p>
      )}
    </>
  );
  if (age >= TOLD) {
    return (
      <li class={`lesson lesson-${lesson.tone}`}>
        <details>
          <summary class="lesson-title">
            <Icon name={tone.icon} /> <span class="unseen">{tone.words}: </span>
            {lesson.title}
          </summary>
          {told}
        </details>
      </li>
    );
  }
  return (
    <li class={`lesson lesson-${lesson.tone}`} data-latest={age === 0}>
      <p class="lesson-tone">
        <Icon name={tone.icon} /> {tone.words}
      </p>
      <h3>{lesson.title}</h3>
      {told}
    </li>
  );
}

/** The page's one polite live region: each lesson is said once, when it comes; what was there before is not. */
function Announced({ lessons }: { lessons: Lesson[] }): JSX.Element {
  const newest = lessons.at(-1)?.id ?? 0;
  const said = useRef(newest);
  const [words, setWords] = useState('');
  useEffect(() => {
    const fresh = lessons.filter(({ id }) => id > said.current);
    said.current = newest;
    if (fresh.length > 0) setWords(fresh.map(({ title, text }) => `${title}. ${text}`).join(' '));
  }, [newest]);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {words}
    </div>
  );
}

function Attacks(): JSX.Element {
  const { scene } = usePage();
  const ready = scene.attacks.filter(({ unavailable }) => unavailable === null);
  const waiting = Object.groupBy(scene.attacks, ({ unavailable }) => unavailable ?? '');
  return (
    <section class="attacks" id="attacks" tabIndex={-1} aria-labelledby="attacks-title">
      <h2 id="attacks-title">Try to break it</h2>
      <AttackList attacks={ready} />
      {Object.entries(waiting).map(
        ([why, attacks = []]) =>
          why !== '' && (
            <details key={why} class="attacks-waiting">
              <summary class="attacks-why">
                {attacks.length} more: <span class="attack-waits">{why}</span>
              </summary>
              <AttackList attacks={attacks} />
            </details>
          ),
      )}
    </section>
  );
}

function AttackList({ attacks }: { attacks: SceneAttack[] }): JSX.Element {
  return (
    <ul>
      {attacks.map((attack) => (
        <li key={attack.id}>
          <Attack attack={attack} />
        </li>
      ))}
    </ul>
  );
}

function Attack({ attack }: { attack: SceneAttack }): JSX.Element {
  const { busy, why, send } = useDeed();
  const closed = attack.unavailable !== null;
  const press = (): void => {
    if (closed || busy) return;
    void send({ do: 'attack', id: attack.id });
    // On a phone lessons and attacks scroll together: what happens next is told at the top.
    document.getElementById('lessons')?.scrollTo({ top: 0 });
  };
  return (
    <>
      <button
        type="button"
        class="attack"
        aria-disabled={closed || busy}
        aria-describedby={`attack-${attack.id}`}
        onClick={press}
      >
        <span class="attack-icon">
          <Icon name="bolt" />
        </span>{' '}
        {attack.label}
      </button>
      <p id={`attack-${attack.id}`} class="attack-explains">
        {attack.explains}
        {closed && <span class="unseen"> {attack.unavailable}</span>}
      </p>
      <DeedError why={why} />
    </>
  );
}
