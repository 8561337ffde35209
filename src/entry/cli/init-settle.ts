/** Settles what `init` needs to know before GitHub is asked anything: flags, what git tells, and answers on a terminal. */
import { resolve } from 'node:path';
import { type KeptPolicy, keepPolicy, wishesOf } from '../../app/init/kept.ts';
import { type Found, type Missing, missingOf, notMistaken } from '../../app/init/missing.ts';
import { PLACES } from '../../app/init/plan.ts';
import type { GitHubServer } from '../../app/init/server.ts';
import { type Flags, readWishes, type Wishes } from '../../app/init/wishes.ts';
import type { ActionPin } from '../../app/init/workflow.ts';
import { readTokenOwner } from '../../github/token-owner.ts';
import { VERSION } from '../version.ts';
import { findOut, workTreeOf } from './git.ts';
import { githubFromShell, serverFromShell } from './github.ts';
import type { InitOptions } from './init.ts';
import { readPresent } from './init-files.ts';
import { slackTokenFromShell } from './slack.ts';
import { tell } from './tell.ts';

/** Where it starts. */
export interface Start {
  options: InitOptions;
  /** The top of the work tree. */
  top: string;
  found: Found;
  server: GitHubServer;
  apiIsLoopback: boolean;
  /** The policy that is there already. */
  kept: KeptPolicy | null;
  /** Whether somebody can be asked. */
  interactive: boolean;
}

export interface Settled {
  wishes: Wishes;
  /** The flags, those among them that were answered on the terminal. */
  flags: Flags;
  /** Whether any was answered. */
  answered: boolean;
  repository: string;
  branch: string;
  action: ActionPin;
}

/** Looks around without asking anybody. Throws a Fault. */
export async function begin(options: InitOptions): Promise<Start> {
  const { server, hosts, apiIsLoopback } = serverFromShell();
  const top = await workTreeOf(resolve(options.directory));
  const policy = (await readPresent(top, [PLACES.policy])).get(PLACES.policy);
  const interactive = options.json !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
  return {
    options,
    top,
    found: await findOut(top, hosts),
    server,
    apiIsLoopback,
    kept: policy === undefined ? null : keepPolicy(policy.text, apiIsLoopback),
    interactive,
  };
}

/** Everything that must be said; null once it is told what is missing or wrong. */
export async function settle(start: Start): Promise<Settled | null> {
  const { options, found, server, kept } = start;
  const asked = await asking(start);
  if (asked === null) {
    tell(1, 'Nothing was written.', options.json, { files: [] });
    return null;
  }
  const { wishes, mistakes } = wished(start, asked);
  if (options.postGuidelines === true && wishes.channel?.kind === 'none') {
    const why = kept === null ? 'with --no-slack' : `in the policy that is there already`;
    mistakes.push(`--post-guidelines: there is no channel to post them to ${why}.`);
  }
  const missing = notMistaken(missingOf(wishes, found, surroundings(start)), mistakes, asked);
  const repository = wishes.repository ?? found.repository;
  const branch = wishes.branch ?? found.branch;
  const action = wishes.action ?? found.action;
  if (mistakes.length + missing.length > 0 || repository === null || branch === null || action === null) {
    tellMissing(mistakes, missing, options.json);
    return null;
  }
  const issuer = wishes.issuer ?? (kept === null ? server.issuer : null);
  const answered = asked !== options;
  return {
    ...{ wishes: { ...wishes, issuer }, flags: asked, answered },
    ...{ repository, branch, action: { ...action, version: VERSION } },
  };
}

/** For whoever has no bot token, or another one in its place. */
export const NO_TOKEN_NEEDED =
  'It stands in the Slack app under "OAuth & Permissions". With ids in place of handles and of the channel\'s name, no token is needed.';

/** The flags as wishes; what a policy says that is there already goes before them. */
function wished({ kept }: Pick<Start, 'kept'>, flags: Flags): ReturnType<typeof readWishes> {
  const { wishes, mistakes } = readWishes(flags);
  return { wishes: kept === null ? wishes : wishesOf(wishes, kept), mistakes };
}

async function asking(start: Start): Promise<Flags | null> {
  const { options, interactive, found } = start;
  if (!interactive) return options;
  const { wishes, mistakes } = wished(start, options);
  const missing = missingOf(wishes, found, surroundings(start));
  // A token is nothing to type: who lacks one is told so before answering anything.
  if (mistakes.length > 0 || missing.some(({ key }) => key.endsWith('-token'))) return options;
  if (missing.length === 0) return options;
  // So is who has another token in its place.
  if (start.kept === null && options.slack !== false && surroundings(start).slackToken)
    slackTokenFromShell(NO_TOKEN_NEEDED);
  const { askMissing } = await import('./init-ask.ts');
  const self = missing.some(({ key }) => key === 'people') ? await readTokenOwner(githubFromShell().client) : null;
  return askMissing(missing, options, { slackToken: surroundings(start).slackToken, self });
}

function surroundings({ options, server, interactive, kept }: Start) {
  const given = (name: string): boolean => (process.env[name] ?? '') !== '';
  return {
    githubToken: given('GITHUB_TOKEN') || given('GH_TOKEN'),
    slackToken: given('SLACK_BOT_TOKEN'),
    issuerKnown: server.issuerKnown,
    policyThere: kept !== null,
    posts: options.postGuidelines === true,
    agreed: interactive || options.yes === true || options.dryRun === true,
  };
}

/** Tells what is wrong and what is missing, each with its flag. */
export function tellMissing(mistakes: readonly string[], missing: readonly Missing[], json: true | undefined): void {
  const lines = missing.map(({ flag, what }) => `  ${flag}\n      ${what}`);
  const words = [...mistakes, ...(lines.length > 0 ? ['Missing:', ...lines] : []), 'Nothing was written.'].join('\n');
  tell(2, words, json, { mistakes, missing: missing.map(({ flag, what }) => ({ flag, what })) });
}
