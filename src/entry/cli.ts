#!/usr/bin/env node
/** The command line. Each command is wired in a module of its own. Exit codes: 0 yes, 1 no, 2 not determined or wrong usage. */
import { Command, CommanderError } from 'commander';
import { addAudit } from './cli/audit.ts';
import { addDoctor } from './cli/doctor.ts';
import { addGateway } from './cli/gateway.ts';
import { addInit } from './cli/init.ts';
import { addList } from './cli/list.ts';
import { addPolicy } from './cli/policy.ts';
import { VERSION } from './version.ts';

const program = new Command('debug-approval')
  .description('Debug in production safely: approvals in Slack, the audit log in an issue.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(see debug-approval --help)')
  .addHelpText('after', '\nExit codes: 0 yes, 1 no, 2 could not be determined or wrong usage.');

addInit(program);
addDoctor(program);
addAudit(program);
addPolicy(program);
addList(program);
addGateway(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
