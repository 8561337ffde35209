#!/usr/bin/env node
/** The command line. Each command is wired in a module of its own. Exit codes: 0 yes, 1 no, 2 not determined or wrong usage. */
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
