/** The words of OCSF 1.8.0 that an event uses: numbers and their captions, as the published schema names them. */

/** The version of the schema by which events are built. */
export const OCSF_VERSION = '1.8.0';

export const CATEGORY = { uid: 3, name: 'Identity & Access Management' } as const;
export const CLASS = { uid: 3004, name: 'Entity Management' } as const;

export const ACTIVITIES = { Create: 1, Update: 3, Activate: 10, Deactivate: 11 } as const;
export type Activity = keyof typeof ACTIVITIES;

/** In ascending order: of several the last one counts. */
export const SEVERITIES = { Informational: 1, Low: 2, Medium: 3, High: 4 } as const;
export type Severity = keyof typeof SEVERITIES;

export const OUTCOMES = { Success: 1, Failure: 2 } as const;
export type Outcome = keyof typeof OUTCOMES;

/** Of the profile `security_control`. */
export const ACTIONS = { Allowed: 1, Denied: 2, Observed: 3 } as const;
export type Action = keyof typeof ACTIONS;

/** Of the profile `security_control`. */
export const DISPOSITIONS = {
  Allowed: 1,
  Blocked: 2,
  Approved: 8,
  Detected: 15,
  Logged: 17,
  Count: 20,
  'Access Revoked': 24,
  Rejected: 25,
  Unauthorized: 26,
  Error: 27,
} as const;
export type Disposition = keyof typeof DISPOSITIONS;

/** Accounts that act are those of people: bots decide nothing. */
export const USER_TYPE = { id: 1, name: 'User' } as const;

/** The type of an observable that is somebody's account name. */
export const USER_NAME = { id: 4, name: 'User Name' } as const;

/** An entity of a kind that OCSF does not name. */
export const OTHER = 99;
