/** The demo in a terminal: tells the story as it goes, and lets a person decide as any member. */
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import type { Decider, Narrator, Stage } from './story.ts';
import { PEOPLE, type PersonKey } from './town.ts';
import type { StateChange } from './workflow/run.ts';

export interface TerminalNarrator extends Narrator {
  end(lines: string[]): void;
}

/** Writes the story to a stream; coloured where that is a terminal, plain elsewhere. */
export function terminalNarrator(stream: NodeJS.WriteStream): TerminalNarrator {
  const color = stream.isTTY === true;
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text) : text;
  const print = (line: string): void => {
    // In a terminal the line takes the prompt's place.
    stream.write(color ? `\r\x1b[2K${line}\n` : `${line}\n`);
  };
  return {
    say: (text) => print(paint('bold', `● ${text}`)),
    onLog: ({ job, text, stream }) => {
      if (text.trim() !== '' && (stream !== 'runner' || text.startsWith('##[')))
        print(paint('dim', `  ${job.padEnd(6)} │ ${text}`));
    },
    onState(change) {
      if (change.kind === 'job') {
        print(paint('cyan', `  ${change.job.padEnd(6)} ▸ ${stateOf(change)}`));
      }
    },
    end(lines) {
      print('');
      for (const line of lines) print(paint('green', line));
    },
  };
}

function stateOf(change: Extract<StateChange, { kind: 'job' }>): string {
  if (change.status === 'completed') return change.conclusion;
  if (change.status === 'in_progress') return 'in progress';
  const at = change.environment ?? null;
  return at === null ? 'waiting' : `held by GitHub at ${at}; nobody waits on a runner`;
}

const HELP = `You may act as anybody: ${Object.values(PEOPLE)
  .map(({ name }) => name.toLowerCase())
  .join(', ')}.
  approve NAME [TEXT]  press Approve in Slack; a dialog is ticked and sent
  deny NAME            press Deny in Slack             withdraw NAME    take an approval back, in the thread
  say NAME TEXT        answer in the card's thread     slash NAME LINE  such as /reject-debug 1 not now
  comment NAME TEXT    write on the issue (/approve)   cancel           cancel the run
  log                  what the issue holds            help             this list
  Ctrl-C, Ctrl-D       cancel the run and leave`;

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Told when the person leaves: by Ctrl-C, or by closing the input (Ctrl-D). */
  onLeave: (how: 'interrupted' | 'closed') => void;
}

/** Lets the person at the terminal decide until the run ends or the person leaves, which cancels the run. */
export function atTerminal({ input, output, onLeave }: Terminal): Decider {
  return async (stage) => {
    const lines = createInterface({ input, output, terminal: true, prompt: '> ' });
    const tell = (text: string): void => void output.write(`${text}\n`);
    let over = false;
    let closed = false;
    const end = (): void => {
      over = true;
      lines.close();
    };
    stage.whenOver.then(end);
    lines.once('close', () => {
      closed = true;
    });
    lines.once('SIGINT', () => {
      onLeave('interrupted');
      end();
    });
    tell(`\n${HELP}\n`);
    lines.prompt();
    // An iterator keeps the lines that come while one is obeyed, as when several are pasted.
    for await (const line of lines) {
      if (over) break;
      await obey(stage, line.trim(), tell);
      if (!closed) lines.prompt();
    }
    if (!over) onLeave('closed');
  };
}

type Tell = (text: string) => void;

async function obey(stage: Stage, line: string, tell: Tell): Promise<void> {
  const [verb = '', name = '', ...rest] = line.split(/\s+/);
  const person = isPerson(name) ? name : null;
  try {
    if (person !== null && (await obeyAs(person, stage, verb, rest.join(' ')))) return;
    if (verb === 'cancel') return stage.cancel();
    if (verb === 'log') return await showLog(stage, tell);
  } catch (error) {
    tell(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  if (verb !== '') tell(HELP);
}

/** Does what can be done as a person; false: there is no such deed. */
async function obeyAs(person: PersonKey, stage: Stage, verb: string, text: string): Promise<boolean> {
  const deeds: Record<string, () => Promise<void>> = {
    approve: () => stage.press(person, 'approve', { comment: text }),
    deny: () => stage.press(person, 'deny'),
    withdraw: () => stage.reply(person, 'withdraw'),
    say: () => stage.reply(person, text),
    slash: () => stage.slash(person, text),
    comment: () => stage.github(person).comment(stage.issue, text),
  };
  const deed = Object.hasOwn(deeds, verb) ? deeds[verb] : undefined;
  await deed?.();
  return deed !== undefined;
}

async function showLog(stage: Stage, tell: Tell): Promise<void> {
  for (const { id, body } of await stage.github('di').comments(stage.issue)) tell(`#${id} ${body.split('\n', 1)[0]}`);
}

function isPerson(name: string): name is PersonKey {
  return Object.hasOwn(PEOPLE, name);
}
