/** Follows what a step prints: obeys workflow commands and writes everything else to the log, masked. */
import { type Command, readCommand } from './commands.ts';
import { annotate, type JobScope, type StepScope, writeLog } from './scope.ts';

type Obey = (job: JobScope, step: StepScope, command: Command) => void;

function annotation(level: 'error' | 'warning' | 'notice'): Obey {
  return (job, step, command) => annotate(job, step.name, level, command.data, command.properties['title'] ?? null);
}

function disabled(job: JobScope, step: StepScope, command: Command): void {
  step.problem = `The \`${command.name}\` command is disabled. Use the environment files instead.`;
  annotate(job, step.name, 'error', step.problem);
}

const commands = new Map<string, Obey>(
  Object.entries({
    'add-mask': (job, _step, command) => job.masks.add(command.data),
    error: annotation('error'),
    warning: annotation('warning'),
    notice: annotation('notice'),
    group: (job, step, command) => writeLog(job, step.name, 'runner', `##[group]${command.data}`),
    endgroup: (job, step) => writeLog(job, step.name, 'runner', '##[endgroup]'),
    /** Without step debugging GitHub's runner drops these. */
    debug: () => {},
    echo: () => {},
    'add-matcher': () => {},
    'remove-matcher': () => {},
    'set-output': (_job, step, command) => {
      step.outputs[command.properties['name'] ?? ''] = command.data;
    },
    'save-state': (_job, step, command) => {
      step.state[command.properties['name'] ?? ''] = command.data;
    },
    'set-env': disabled,
    'add-path': disabled,
  } satisfies Record<string, Obey>),
);

/** Makes the line reader of one process: commands stop at `::stop-commands::token` and go on after `::token::`. */
export function createConsole(job: JobScope, step: StepScope): (stream: 'stdout' | 'stderr', text: string) => void {
  let stopToken: string | null = null;
  return (stream, text) => {
    const command = readCommand(text);
    if (command !== null && stopToken !== null) {
      if (command.name === stopToken) stopToken = null;
      writeLog(job, step.name, stream, text);
    } else if (command?.name === 'stop-commands') {
      stopToken = command.data.toLowerCase();
      writeLog(job, step.name, stream, text);
    } else {
      const obey = command === null ? undefined : commands.get(command.name);
      if (command === null || obey === undefined) writeLog(job, step.name, stream, text);
      else obey(job, step, command);
    }
  };
}
