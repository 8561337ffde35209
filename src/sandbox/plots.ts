/** The scenarios of the demo: who asks for what, under which policy, what the people then do, and how it must end. */
import type { Decider, Stage } from './story.ts';
import type { PersonKey, TownOptions } from './town.ts';

export const SCENARIOS = [
  'approve',
  'dialog',
  'deny',
  'replies',
  'withdraw',
  'break-glass',
  'expire',
  'cancel',
  'self-approve',
  'rerun',
  'tamper',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Plot {
  /** Ana unless named. */
  by?: PersonKey;
  inputs: Record<string, string>;
  /** What the policy says otherwise than usual. */
  policy?: NonNullable<TownOptions['policy']>;
  /** What the script's people do once the card has its buttons. */
  script: Decider;
  /** What follows once the run is over: a re-run of its debug job alone; or its after-review, and the sweep. */
  after?: 'rerun' | 'review';
  /** How it must end: the request's status, whether its command ran, whether the log holds, who signed the after-review. */
  ends: { status: string; ran: boolean; whole: boolean; reviewedBy?: string };
}

const HELLO = {
  runbook: 'hello',
  target: 'production',
  reason: 'Orders are slow since 14:00; look at the service.',
  ticket: 'OPS-42',
};
/** It needs SRE and security, and whoever approves ticks a checklist. */
const FIND_ORDER = { ...HELLO, runbook: 'find-order', inputs: '{"order":"AB-1234"}' };
const IN_AN_EMERGENCY = {
  ...HELLO,
  'break-glass': 'true',
  reason: 'Every order fails since 14:00 and nobody of SRE answers.',
};

const TICKED = '/approve\n- [x] The ticket names this order\n- [x] Nothing of it leaves the job';

const NEVER_RAN = { ran: false, whole: true };
const RAN = { ran: true, whole: true };

export const PLOTS: Readonly<Record<Scenario, Plot>> = {
  approve: { inputs: HELLO, script: ({ press }) => press('bo', 'approve'), ends: { status: 'finished', ...RAN } },
  dialog: { inputs: FIND_ORDER, script: byDialog, ends: { status: 'finished', ...RAN } },
  deny: { inputs: HELLO, script: ({ press }) => press('bo', 'deny'), ends: { status: 'denied', ...NEVER_RAN } },
  replies: {
    inputs: HELLO,
    policy: [{ path: ['rules', 0, 'require', 'count'], value: 2 }],
    script: byReplies,
    ends: { status: 'denied', ...NEVER_RAN },
  },
  withdraw: { inputs: FIND_ORDER, script: withdraw, ends: { status: 'finished', ...RAN } },
  'break-glass': {
    by: 'bo',
    inputs: IN_AN_EMERGENCY,
    script: async ({ narrator }) => narrator.say('Nobody is asked beforehand; whoever was passed over was told.'),
    after: 'review',
    ends: { status: 'finished', ...RAN, reviewedBy: 'Cy' },
  },
  expire: {
    inputs: HELLO,
    policy: [{ path: ['expiry'], value: '6s' }],
    script: async ({ narrator }) => narrator.say('Nobody answers. Silence is never consent.'),
    ends: { status: 'expired', ...NEVER_RAN },
  },
  cancel: { inputs: HELLO, script: cancelRun, ends: { status: 'cancelled', ...NEVER_RAN } },
  'self-approve': { inputs: HELLO, script: selfApprove, ends: { status: 'cancelled', ...NEVER_RAN } },
  rerun: {
    inputs: HELLO,
    script: ({ press }) => press('bo', 'approve'),
    after: 'rerun',
    ends: { status: 'finished', ...RAN },
  },
  tamper: { inputs: HELLO, script: tamper, ends: { status: 'error', ran: false, whole: false } },
};

async function approveAsDi({ github, issue, narrator }: Stage): Promise<void> {
  narrator.say('Di, who is not in Slack, approves by a comment on the issue that ticks the checklist.');
  await github('di').comment(issue, TICKED);
}

async function byDialog(stage: Stage): Promise<void> {
  await stage.press('bo', 'approve', { comment: 'The ticket is about this order.' });
  await approveAsDi(stage);
}

async function byReplies({ reply, slash, issue }: Stage): Promise<void> {
  await reply('cy', 'not approved, I want to see the graphs first');
  await reply('bo', 'approve');
  await slash('cy', `/reject-debug ${issue} not during the sale`);
}

async function withdraw(stage: Stage): Promise<void> {
  await stage.press('bo', 'approve');
  await stage.reply('bo', 'withdraw');
  await stage.press('cy', 'approve', { comment: 'I looked at it with Bo; it is fine.' });
  await approveAsDi(stage);
}

async function cancelRun({ narrator, cancel }: Stage): Promise<void> {
  narrator.say('Ana cancels the run.');
  cancel();
}

async function selfApprove({ press, narrator, cancel }: Stage): Promise<void> {
  await press('ana', 'approve');
  await press('ana', 'approve');
  narrator.say('Ana gives up and cancels the run.');
  cancel();
}

async function tamper({ press, github, issue, narrator }: Stage): Promise<void> {
  await press('ana', 'approve');
  const cy = github('cy');
  const records = await cy.comments(issue);
  const last = records.at(-1);
  if (last === undefined) throw new Error('There is no record to edit.');
  narrator.say(`Cy, who may write to the repository, edits the record in comment ${last.id}.`);
  await cy.edit(last.id, last.body.replace('Ana', 'Bo'));
}
