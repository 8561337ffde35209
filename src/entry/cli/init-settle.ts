/** Settles what `init` needs to know before GitHub is asked anything: flags, what git tells, and answers on a terminal. */
import { resolve } from 'node:path';
import { type Found, type Missing, missingOf } from '../../app/init/missing.ts';
import { type GitHubServer, serverOf } from '../../app/init/server.ts';
import { type Flags, readWishes, type Wishes } from '../../app/init/wishes.ts';
import type { ActionPin } from '../../app/init/workflow.ts';
import { parseApiAddress } from '../../github/api-address.ts';
import { readTokenOwner } from '../../github/token-owner.ts';
import { VERSION } from '../version.ts';
import { findOut, workTreeOf } from './git.ts';
import { githubFromShell } from './github.ts';
import type { InitOptions } from './init.ts';
import { tell } from './tell.ts';

/** Where it starts. */
export interface Start {
  options: InitOptions;
  /** The top of the work tree. */
  top: string;
  found: Found;
  server: GitHubServer;
  apiIsLoopback: boolean;
  /** Whether somebody can be asked. */
  interactive: boolean;
}

export interface Settled {
  wishes: Wishes;
  repository: string;
  branch: string;
  action: ActionPin;
}

/** Looks around without asking anybody. Throws a Fault. */
export async function begin(options: InitOptions): Promise<Start> {
  const api = parseApiAddress(process.env['GITHUB_API_URL'] || 'https://api.github.com');
  const top = await workTreeOf(resolve(options.directory));
  const server = serverOf(api);
  const url = process.env['GITHUB_SERVER_URL'] || server.url;
  const interactive = options.json !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
  return {
    options,
    top,
    found: await findOut(top),
    server: { ...server, url },
    apiIsLoopback: api.loopback,
    interactive,
  };
}

/** Everything that must be said; null once it is told what is missing or wrong. */
export async function settle(start: Start): Promise<Settled | null> {
  const { options, found, server } = start;
  const asked = await asking(start);
  if (asked === null) {
    tell(1, 'Nothing was written.', options.json, { files: [] });
    return null;
  }
  const { wishes, mistakes } = readWishes(asked);
  if (options.postGuidelines === true && wishes.channel?.kind === 'none') {
    mistakes.push('--post-guidelines: there is no channel to post them to with --no-slack.');
  }
  const missing = missingOf(wishes, found, surroundings(start));
  const repository = wishes.repository ?? found.repository;
  const branch = wishes.branch ?? found.branch;
  const action = wishes.action ?? found.action;
  if (mistakes.length + missing.length > 0 || repository === null || branch === null || action === null) {
    tellMissing(mistakes, missing, options.json);
    return null;
  }
  const issuer = wishes.issuer ?? server.issuer;
  return { wishes: { ...wishes, issuer }, repository, branch, action: { ...action, version: VERSION } };
}

async function asking(start: Start): Promise<Flags | null> {
  const { options, interactive, found } = start;
  if (!interactive) return options;
  const { wishes, mistakes } = readWishes(options);
  const missing = missingOf(wishes, found, surroundings(start));
  // A token is nothing to type: who lacks one is told so before answering anything.
  if (mistakes.length > 0 || missing.some(({ key }) => key === 'github-token')) return options;
  const { askMissing } = await import('./init-ask.ts');
  const self = missing.some(({ key }) => key === 'people') ? await readTokenOwner(githubFromShell().client) : null;
  return askMissing(missing, options, { slackToken: surroundings(start).slackToken, self });
}

function surroundings({ options, server, interactive }: Start) {
  const given = (name: string): boolean => (process.env[name] ?? '') !== '';
  return {
    githubToken: given('GITHUB_TOKEN') || given('GH_TOKEN'),
    slackToken: given('SLACK_BOT_TOKEN'),
    issuerKnown: server.issuerKnown,
    posts: options.postGuidelines === true,
    agreed: interactive || options.yes === true || options.dryRun === true,
  };
}

function tellMissing(mistakes: readonly string[], missing: readonly Missing[], json: true | undefined): void {
  const lines = missing.map(({ flag, what }) => `  ${flag}\n      ${what}`);
  const words = [...mistakes, ...(lines.length > 0 ? ['Missing:', ...lines] : []), 'Nothing was written.'].join('\n');
  tell(2, words, json, { mistakes, missing: missing.map(({ flag, what }) => ({ flag, what })) });
}
