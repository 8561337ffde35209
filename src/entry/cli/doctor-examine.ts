/** `doctor` on the command line: looks with a person's own tokens and prints the table. */

import type { Finding } from '../../app/doctor/finding.ts';
import { summaryOf } from '../../app/doctor/summary.ts';
import { AREAS, examine } from '../../app/doctor.ts';
import { Fault } from '../../app/fault.ts';
import { createInspector } from '../../github/inspect.ts';
import { createRepository } from '../../github/repository.ts';
import { githubTeams } from '../../github/teams.ts';
import { clock } from '../clock.ts';
import { doctorTable } from '../doctor-table.ts';
import { inspectedSlack } from '../slack-inspected.ts';
import { VERSION } from '../version.ts';
import type { DoctorOptions } from './doctor.ts';
import { ownCommit } from './git.ts';
import { githubFromShell, serverFromShell } from './github.ts';
import { repositoryOf } from './repository.ts';

/** Examines and prints. Throws Faults where it cannot even begin. */
export async function doctorCommand(options: DoctorOptions): Promise<void> {
  const name = await repositoryOf(options.repository);
  const done = progressOn(process.stderr);
  const findings = await look(name, options, done.area).finally(done.end);
  const summary = summaryOf(findings);
  process.exitCode = summary.exitCode;
  if (options.json === true)
    console.log(JSON.stringify({ repository: name, findings, summary, exitCode: summary.exitCode }));
  else console.log(doctorTable(findings, summary));
}

async function look(name: string, options: DoctorOptions, onArea: (area: string) => void): Promise<Finding[]> {
  const { api, client, token } = githubFromShell();
  const origin = await originFromGit();
  const [bot = '', app = ''] = [process.env['SLACK_BOT_TOKEN'], process.env['SLACK_APP_TOKEN']];
  return examine(
    {
      repository: createRepository(client, name),
      inspector: createInspector(client, name),
      slack: await inspectedSlack({ bot, app }),
      // A person's own token reads the teams that this person can see.
      teams: githubTeams({ api, token, version: VERSION }),
      ...{ job: null, clock },
    },
    {
      policyPath: options.policy,
      ...{ api, version: VERSION, origin, tryWrites: options.tryWrites === true, tokens: null },
    },
    onArea,
  );
}

/** Which repository this program is a clone of; null where git does not tell. The sandbox stands for another GitHub. */
async function originFromGit(): Promise<{ name: string } | null> {
  const { hosts, apiIsLoopback } = serverFromShell();
  if (apiIsLoopback) return null;
  try {
    return await ownCommit(hosts);
  } catch (error) {
    // Without git nothing else of doctor fails.
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** One line on a terminal's standard error that says how far it is; nothing elsewhere. */
function progressOn(stream: NodeJS.WriteStream): { area(area: string): void; end(): void } {
  if (!stream.isTTY) return { area: () => {}, end: () => {} };
  const left = new Set<string>(AREAS);
  const show = (): void => void stream.write(`\r\u001b[KLooking at ${[...left].join(', ')} …`);
  show();
  return {
    area(area) {
      left.delete(area);
      if (left.size > 0) show();
    },
    end: () => void stream.write('\r\u001b[K'),
  };
}
