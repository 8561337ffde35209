/** All commands of the command line and what it says of itself. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addAudit } from './audit.ts';
import { addDoctor } from './doctor.ts';
import { addGateway } from './gateway.ts';
import { addInit } from './init.ts';
import { addList } from './list.ts';
import { addPolicy } from './policy.ts';

/** The program with each of its commands; what it is told wrong it throws as a CommanderError. */
export function createProgram(): Command {
  const program = new Command('debug-approval')
    .description('Debug in production safely: approvals in Slack, the audit log in an issue.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(see debug-approval --help)')
    .addHelpText('after', '\nExit codes: 0 yes, 1 no, 2 could not be determined or wrong usage.');
  for (const add of [addInit, addDoctor, addAudit, addPolicy, addList, addGateway]) add(program);
  return program;
}
