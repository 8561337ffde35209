/** Text for the job log in which the runner finds no command of its own. */

/**
 * The runner obeys `::command::` at the beginning of a line and, in its older form, `##[command]` **anywhere** in one
 * (actions/runner, ActionCommand.cs). Both get a space in between, which people read over and the runner does not.
 */
export function withoutCommands(message: string): string {
  return message.replaceAll('##[', '## [').replace(/^((?:\u0085|[^\S\r\n])*):(?=:)/gm, '$1: ');
}
