/** How many last lines of a command a policy may let be said: no more than a phone shows in two looks. */
export const LAST_LINES = 40;
