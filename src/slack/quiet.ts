/** A logger for Slack's SDK that says nothing: its debug log holds payloads, its warnings hold addresses. */
import { type Logger, LogLevel } from '@slack/web-api';

const nothing = (): void => {};

/** Every failure reaches us as an error or a state of its own, so nothing is lost by this silence. */
export const quietLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
