/** People whom the policy links with Slack by their confirmed address: that exactly one member has it. */
import { findBySlack } from '../../policy/people.ts';
import type { Policy } from '../../policy/schema.ts';
import { told } from '../find-member.ts';
import type { MemberFacts } from '../ports.ts';
import type { Finding } from './finding.ts';
import { judgeOf } from './judge.ts';
import type { SlackInspector } from './slack-inspector.ts';

const { note, unknown } = judgeOf('People');

export interface Links {
  /** By person; as the opening record would hold them. */
  links: Record<string, { team: string; user: string }>;
  findings: Finding[];
}

/** Looks the addresses up, where the policy says so. What is found is judged along with the other Slack accounts. */
export async function examineLinks(slack: SlackInspector | null, policy: Policy): Promise<Links> {
  const found: Links = { links: {}, findings: [] };
  if (!policy.linkByEmail || policy.slack === undefined || slack === null || slack.tokens.bot !== 'bot') return found;
  for (const [key, { name, slack: link, email }] of Object.entries(policy.people)) {
    if (link !== undefined || email === undefined) continue;
    const id = `person.${key}.email`;
    const answer = await slack.memberByEmail(email);
    if (!answer.ok) {
      const { what, remedy, kind } = answer.failure;
      found.findings.push(unknown(id, `${name}'s Slack account is not known: ${what}`, remedy));
      // The others would fail alike.
      if (kind === 'scope') break;
      continue;
    }
    const member = answer.value;
    const account = member === null ? null : { team: member.team, user: member.id };
    const why = member === null || account === null ? NOBODY : objection(member, account, policy, found.links);
    if (account !== null && why === null) {
      found.links[key] = account;
      continue;
    }
    const what = `${name} decides by comments on the issue alone: ${why}.`;
    const remedy = `Mend \`people.${key}.email\` in the policy, or name the account under \`slack\`.`;
    found.findings.push(note(id, what, remedy));
  }
  return found;
}

const NOBODY = 'no member of the workspace has the address that the policy names, confirmed';

/** Why a member with the address is not linked; null: is. */
function objection(
  member: MemberFacts,
  account: { team: string; user: string },
  policy: Policy,
  links: Links['links'],
): string | null {
  if (findBySlack(policy, account) !== null || holderOf(links, account.user) !== null) {
    return `${told(member)}, who has the address that the policy names, is somebody else's account there`;
  }
  const unfit = member.deleted || member.bot || member.guest || member.stranger;
  return unfit ? `the account with the address that the policy names, ${told(member)}, may not decide` : null;
}

const holderOf = (links: Links['links'], user: string): string | null =>
  Object.entries(links).find(([, account]) => account.user === user)?.[0] ?? null;
