/** Slack's `files.delete`: the app deletes what it uploaded itself, and nobody else's. */
import * as v from 'valibot';
import { type Method, method, no, TIER, word, yes } from '../answer.ts';

const remove = method({
  scopes: ['files:write'],
  limit: TIER[3],
  args: v.object({ file: word }),
  run({ file }, slack) {
    const found = slack.files.get(file);
    if (found === undefined) return no('file_not_found');
    if (found.deleted) return no('file_deleted');
    if (found.user !== slack.options.bot.userId) return no('cant_delete_file');
    found.deleted = true;
    return yes();
  },
});

export const files: Record<string, Method> = { 'files.delete': remove };
