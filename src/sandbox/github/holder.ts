/** Whose limit a call counts against: all job tokens of a repository share one, as do an installation's; a person has their own. */
import type { Principal } from './accounts.ts';
import type { Holder } from './limits.ts';

export const holderOf = (who: Principal): Holder =>
  who.kind === 'job' ? { key: 'repository', kind: 'job' } : { key: String(who.account.id), kind: who.kind };
