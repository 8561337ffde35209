/** A request's state: the fold of its log under the policy it names. */
export type Status =
  | 'pending'
  | 'approved'
  | 'running'
  | 'finished'
  | 'failed'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'error';
