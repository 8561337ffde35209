/** Whose limit a call counts against: all job tokens of a repository share one, a person has their own. */
import type { Principal } from './accounts.ts';
import type { Holder } from './limits.ts';

export const holderOf = (who: Principal): Holder =>
  who.kind === 'job' ? { key: 'repository', job: true } : { key: String(who.account.id), job: false };
