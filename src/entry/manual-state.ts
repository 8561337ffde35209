/** What the first step of a manual runbook leaves for the last: the issue whose start it recorded. */
export const STARTED_ISSUE = 'started-issue';
