/** What people read wherever a request is shown some of whose records carry no signature. */

/** A notice, on the card, in the dialog and on the issue. */
export const UNSIGNED_NOTICE =
  'Not signed: jobs of this request have no ID token, and the policy accepts their records so (signers.unsigned). Whoever may ' +
  'write comments as a bot in this repository could have written them.';
