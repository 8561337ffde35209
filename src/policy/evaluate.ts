/** What the policy says of the approvals so far, and why: a tree with a sentence at each node. */

export interface Verdict {
  status: 'met' | 'waiting' | 'blocked';
  /** For people: "2 of sre: Bo approved; 1 more of Cy, Di." */
  sentence: string;
  children: Verdict[];
}
