/** The runbooks' commands: that what is a path of the repository is there, leads to a file, and can be started. */
import type { Policy, Runbook } from '../../policy/schema.ts';
import type { PolicyFile } from '../ports.ts';
import type { Finding } from './finding.ts';
import type { Inspector } from './inspector.ts';
import { counted, judgeOf } from './judge.ts';
import { type Standing, treeOf } from './tree.ts';

const { ok, wrong, note } = judgeOf('Policy');

/** What has one of these at its end, and a folder before it, is taken for a file of the repository. */
const SCRIPT = /\.(?:sh|bash|zsh|py|rb|pl|php|js|mjs|cjs|ts|mts|ps1|sql)$/;
const SHELL = /(?:^|\/)(?:ba|da|z|k)?sh$/;
const INTERPRETER = /(?:^|\/)(?:python[0-9.]*|node|deno|bun|perl|ruby|php|pwsh)$/;
/** What follows these is code or a module, and no file; a shell's `-e` is another matter. */
const SHELL_CODE = /^-[A-Za-z]*c$/;
const CODE = /^-(?:[A-Za-z]*[ceE]|m|p|Command)$|^--(?:eval|print|command)$/;

/** Findings about all runbooks. What is looked up in PATH is the runner's, and is not judged. */
export async function examineCommands(inspector: Inspector, policy: Policy, file: PolicyFile): Promise<Finding[]> {
  const runbooks = Object.entries(policy.runbooks);
  const own = runbooks.filter(([, { run }]) => isPath(run[0] ?? ''));
  const tree = await treeOf(
    inspector,
    file.commit,
    runbooks.flatMap(([, { run }]) =>
      run.filter((word, at) => (at === 0 ? isPath(word) || isBare(word) : isScript(word))),
    ),
  );
  const found = await Promise.all(
    runbooks.map(async ([runbook, { run }]) => {
      const [command = '', ...words] = run;
      const judged = isPath(command) ? startable(runbook, command, await tree(command)) : [];
      if (isBare(command) && (await tree(command)).kind === 'file') return [bare(runbook, command)];
      return [...judged, ...(await handed(runbook, command, words))];
    }),
  );
  const findings = found.flat();
  if (own.length === 0 || findings.some(({ health }) => health === 'wrong')) return findings;
  const sound = `The commands of ${counted(own.length, 'runbook are', 'runbooks are')} in the repository and executable.`;
  return [ok('policy.commands', sound), ...findings];

  /** An interpreter surely fails without its script; what other programs are handed may be a file elsewhere. */
  async function handed(runbook: string, command: string, words: readonly string[]): Promise<Finding[]> {
    const before = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
    const scripts = before.filter(isScript);
    const standings = await Promise.all(scripts.map(tree));
    const first = words.findIndex(isScript);
    const runs = interprets(command) && !words.slice(0, first).some((word) => codeOf(command).test(word));
    return scripts.flatMap((script, at) => {
      if (standings[at]?.kind !== 'missing') return [];
      return [runs && at === 0 ? unstartable(runbook, command, script) : strange(runbook, command, script)];
    });
  }
}

/** The files of the repository that runbooks start or hand to an interpreter, as git names them. */
export function scriptsOf({ runbooks }: Policy): string[] {
  const words = Object.values(runbooks).flatMap(({ run }: Pick<Runbook, 'run'>) =>
    run.filter((word, at) => (at === 0 ? isPath(word) : isScript(word) && interprets(run[0] ?? ''))),
  );
  const paths = words.map((word) => word.split('/').filter((part) => part !== '' && part !== '.'));
  return [...new Set(paths.filter((parts) => !parts.includes('..')).map((parts) => parts.join('/')))];
}

const isPath = (word: string): boolean => word.includes('/') && !word.startsWith('/');
/** Looks like a script, and is looked up in PATH all the same. */
const isBare = (word: string): boolean => SCRIPT.test(word) && !word.includes('/');
const isScript = (word: string): boolean =>
  SCRIPT.test(word) && isPath(word) && !word.startsWith('-') && !word.includes('{{') && !word.includes('://');
const interprets = (command: string): boolean => SHELL.test(command) || INTERPRETER.test(command);
const codeOf = (command: string): RegExp => (SHELL.test(command) ? SHELL_CODE : CODE);

const AGAIN = (path: string, runbook: string): string =>
  `Add ${path}, or correct \`run\` of ${runbook} in the policy; letter case counts.`;

function startable(runbook: string, word: string, found: Standing): Finding[] {
  const id = `policy.runbook.${runbook}`;
  const path = word.replace(/^(?:\.\/)+/, '');
  const through = found.link === null ? '' : `, a symbolic link to ${found.link}`;
  switch (found.kind) {
    case 'unseen':
      return [];
    case 'outside': {
      const what = `The runbook ${runbook} runs ${path}${through}: that leads out of the repository, so what runs is not what was approved.`;
      return [wrong(id, what, `Put the script itself into the repository, and name it in \`run\` of ${runbook}.`)];
    }
    case 'missing':
      if (found.link === null)
        return [
          wrong(
            id,
            `The runbook ${runbook} runs ${path}, which is no file on the default branch.`,
            AGAIN(path, runbook),
          ),
        ];
      return [
        wrong(
          id,
          `The runbook ${runbook} runs ${path}${through}, where there is no file on the default branch.`,
          `Put the script itself in the link's place, or correct where ${path} leads.`,
        ),
      ];
    case 'file':
      return runnable(id, { runbook, path, through, found });
  }
}

function runnable(
  id: string,
  {
    runbook,
    path,
    through,
    found,
  }: { runbook: string; path: string; through: string; found: Standing & { kind: 'file' } },
): Finding[] {
  if (!found.executable) {
    return [
      wrong(
        id,
        `The runbook ${runbook} runs ${path}${through}, which is not executable (git mode 100644).`,
        `Run \`git update-index --chmod=+x ${found.path}\`, commit and merge it.`,
      ),
    ];
  }
  const first = /^#!.*(?=\r\n|\r$)/.exec(found.text ?? '');
  if (first === null) return [];
  return [
    wrong(
      id,
      `The runbook ${runbook} runs ${path}${through}, whose lines end as Windows ends them (CR LF): there is no interpreter of the name ${JSON.stringify(`${first[0].slice(2).trim()}\r`)}, so it cannot be started.`,
      `Write \`* text=auto eol=lf\` into .gitattributes, run \`git add --renormalize .\`, commit and merge it.`,
    ),
  ];
}

function bare(runbook: string, command: string): Finding {
  const what = `The runbook ${runbook} runs ${command}, which is looked up in PATH: the file ${command} of the repository is not taken.`;
  const remedy = `Write \`./${command}\` in \`run\` of ${runbook} in the policy if the repository's is meant, else rename that.`;
  return wrong(`policy.runbook.${runbook}`, what, remedy);
}

function unstartable(runbook: string, command: string, script: string): Finding {
  const what = `The runbook ${runbook} gives ${command} the script ${script}, which is no file on the default branch.`;
  return wrong(`policy.runbook.${runbook}`, what, AGAIN(script, runbook));
}

function strange(runbook: string, command: string, script: string): Finding {
  const what = `The runbook ${runbook} hands ${script} to ${command}; there is no such file on the default branch.`;
  return note(`policy.runbook.${runbook}`, what, `If it shall be a file of the repository: ${AGAIN(script, runbook)}`);
}
