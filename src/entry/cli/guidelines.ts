/** `policy guidelines`: prints what a channel's people must know, made from the policy, or posts and pins it. */

import { Fault } from '../../app/fault.ts';
import { guidelines, guidelinesText } from '../../policy/guidelines.ts';
import { formatProblems, loadPolicy } from '../../policy/load.ts';
import { apiFromShell } from './api.ts';
import { postToChannel } from './channel-guidelines.ts';
import type { GuidelinesOptions } from './policy.ts';
import { findRepository } from './repository.ts';
import { readOrTell, tell } from './tell.ts';

/** Prints or posts. Throws Faults. */
export async function guidelinesCommand(file: string, { json, post, repository }: GuidelinesOptions): Promise<void> {
  const text = await readOrTell(file, json);
  if (text === null) return;
  const { loopback } = apiFromShell();
  const loaded = loadPolicy(text, { apiIsLoopback: loopback });
  if (!loaded.ok) return tell(1, formatProblems(file, loaded.problems), json, { problems: loaded.problems });
  const { policy } = loaded;
  const words = guidelines(policy, { repository: await findRepository(repository), policyPath: file });
  if (post !== true) return tell(0, guidelinesText(words), json, { guidelines: words });
  if (policy.slack === undefined) {
    throw new Fault('refused', `${file} names no Slack channel to post to.`, 'Add slack: { channel: C… } to it.');
  }
  const { words: told, posted } = await postToChannel(policy.slack.channel, words);
  tell(0, told, json, { guidelines: words, ...posted });
}
