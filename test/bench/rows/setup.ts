/** Row: from an empty repository to one that `doctor` finds nothing wrong with, by the built command line. */
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { git } from '../../../src/sandbox/git.ts';
import { CHANNEL_NAME, commitAll, OWNER, openTown, PEOPLE, REPOSITORY, type Town } from '../../../src/sandbox/town.ts';
import { ROOT } from '../../source.ts';
import { type Figure, type Row, rounded } from '../row.ts';

const ACTION = 'acme/debug-approval';

export const setup: Row = {
  name: 'setup',
  about:
    '`init` with flags in an empty repository, then `doctor`: both together, what is asked, and what is wrong afterwards',
  async measure(say) {
    const town = await openTown({ empty: true, published: true });
    try {
      return await setUp(town, await publish(town), say);
    } finally {
      await town.close();
    }
  },
};

/** Puts the product where its users find it; gives its commit. */
async function publish(town: Town): Promise<string> {
  const address = `https://github.com/${OWNER}/${REPOSITORY}.git`;
  await git(town.checkout, ['remote', 'add', 'origin', address]);
  const folder = town.published?.gitDir;
  if (folder === undefined) throw new Error('The town has no published action.');
  for (const part of ['action.yml', 'action']) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await commitAll(folder, 'Release');
  return (await git(folder, ['rev-parse', 'HEAD'])).toString().trim();
}

const Report = v.object({ findings: v.array(v.object({ health: v.string() })) });

async function setUp(town: Town, commit: string, say: (text: string) => void): Promise<Figure[]> {
  const init = await run(town, ['init', ...flags(town, commit), '--yes']);
  // Whatever it would ask a person for, it names here.
  const asked = init.err.match(/^ {2}(--|[A-Z_]+\b)/gm) ?? [];
  if (init.code !== 0) throw new Error(`init ended with exit code ${init.code}: ${init.err}`);
  await commitAll(town.checkout, 'Set up');
  const doctor = await run(town, ['doctor', '--repository', `${OWNER}/${REPOSITORY}`, '--json']);
  const { findings } = v.parse(Report, JSON.parse(doctor.out));
  const wrong = findings.filter(({ health }) => health === 'wrong');
  say(`init ${rounded(init.seconds)} s, doctor ${rounded(doctor.seconds)} s, ${findings.length} findings`);
  return [
    { name: 'setup', value: rounded(init.seconds + doctor.seconds), unit: 's', bar: 10 },
    { name: 'setup-questions', value: asked.length, unit: 'questions', bar: 0 },
    { name: 'setup-wrong', value: wrong.length, unit: 'wrong', bar: 0 },
  ];
}

function flags({ github }: Town, commit: string): string[] {
  return [
    ...['--person', 'ana-dev:@ana', '--person', 'bo-dev:bo', '--person', 'cy-dev'],
    ...['--slack-channel', `#${CHANNEL_NAME}`, '--target', 'production', '--target', 'staging'],
    ...['--admin-bypass', 'show', '--action', `${ACTION}@${commit}`, '--issuer', github.oidcIssuer],
  ];
}

interface Ended {
  code: number;
  out: string;
  err: string;
  seconds: number;
}

/** Runs the built command line as Ana, where nobody can be asked anything. */
function run({ github, slack, slackToken, slackAppToken, checkout }: Town, args: string[]): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    ...{ GITHUB_API_URL: github.url, GITHUB_TOKEN: github.userToken(PEOPLE.ana.login) },
    ...{ SLACK_API_URL: slack.url, SLACK_BOT_TOKEN: slackToken, SLACK_APP_TOKEN: slackAppToken },
  };
  const from = performance.now();
  return new Promise((resolve) => {
    const program = join(ROOT, 'action/dist/cli.js');
    const child = execFile(process.execPath, [program, ...args], { cwd: checkout, env }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err, seconds: (performance.now() - from) / 1000 });
    });
    child.stdin?.end();
  });
}
