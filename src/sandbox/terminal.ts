/** The demo in a terminal: tells the story as it goes, and lets a person decide as any member. */
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import type { Narrator, Stage } from './story.ts';
import { PEOPLE, type PersonKey } from './town.ts';

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
        const how = change.status === 'completed' ? change.conclusion : change.status.replace('_', ' ');
        print(paint('cyan', `  ${change.job.padEnd(6)} ▸ ${how}`));
      }
    },
    end(lines) {
      print('');
      for (const line of lines) print(paint('green', line));
    },
  };
}

const HELP = `You may act as anybody: ${Object.values(PEOPLE)
  .map(({ name }) => name.toLowerCase())
  .join(', ')}.
  approve NAME        press Approve in Slack          deny NAME        press Deny in Slack
  comment NAME TEXT   write on the issue (/approve)   cancel           cancel the run
  log                 what the issue holds            help             this list`;

/** Lets the person at the terminal decide until the run ends. */
export async function atTerminal(stage: Stage): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new AbortController();
  stage.whenOver.then(() => ended.abort());
  console.log(`\n${HELP}\n`);
  try {
    while (!ended.signal.aborted) {
      const line = await lines.question('> ', { signal: ended.signal });
      await obey(stage, line.trim());
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  } finally {
    lines.close();
  }
}

async function obey(stage: Stage, line: string): Promise<void> {
  const [verb = '', name = '', ...rest] = line.split(/\s+/);
  const person = isPerson(name) ? name : null;
  try {
    if ((verb === 'approve' || verb === 'deny') && person !== null) return await pressAs(stage, person, verb);
    if (verb === 'comment' && person !== null) return await stage.github(person).comment(stage.issue, rest.join(' '));
    if (verb === 'cancel') return stage.cancel();
    if (verb === 'log') return await showLog(stage);
  } catch (error) {
    console.log(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  if (verb !== '') console.log(HELP);
}

async function pressAs(stage: Stage, person: PersonKey, verb: 'approve' | 'deny'): Promise<void> {
  await stage.press(person, verb);
}

async function showLog(stage: Stage): Promise<void> {
  for (const { id, body } of await stage.github('di').comments(stage.issue)) {
    console.log(`#${id} ${body.split('\n', 1)[0]}`);
  }
}

function isPerson(name: string): name is PersonKey {
  return Object.hasOwn(PEOPLE, name);
}
