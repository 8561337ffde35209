/** Slack's view_submission payload, as it came, turned into an approval that was given in our dialog. */
import * as v from 'valibot';
import type { Submission } from '../app/ports.ts';
import { CHECKLIST_BLOCK, COMMENT_BLOCK, DIALOG_CALLBACK, FIELD_ACTION, METADATA_MAX } from './dialog-parts.ts';
import { foreign, Id, notA, type Parsed, triggerEvidence, unescapeControl } from './payload-parts.ts';
import { shownTexts } from './shown.ts';

const Field = <S extends v.GenericSchema>(element: S) => v.optional(v.object({ [FIELD_ACTION]: v.optional(element) }));
const Comment = Field(v.object({ value: v.nullish(v.string()) }));
const Checklist = Field(
  v.object({ selected_options: v.nullish(v.array(v.object({ text: v.object({ text: v.string() }) }))) }),
);

// Not strict: Slack adds fields at any time (docs.slack.dev, view_submission payload).
const ViewSubmission = v.object({
  type: v.literal('view_submission'),
  api_app_id: Id,
  user: v.object({ id: Id, team_id: v.nullish(Id) }),
  team: v.nullish(v.object({ id: Id })),
  trigger_id: v.optional(v.string()),
  view: v.looseObject({
    id: Id,
    type: v.literal('modal'),
    app_id: v.optional(Id),
    callback_id: v.string(),
    private_metadata: v.optional(v.pipe(v.string(), v.maxLength(METADATA_MAX)), ''),
    state: v.object({
      values: v.object({ [COMMENT_BLOCK]: Comment, [CHECKLIST_BLOCK]: Checklist }),
    }),
  }),
});

/**
 * Reads a view_submission payload. What the person saw is `shown`: every text that Slack says stood in the dialog; the
 * caller compares it with the log, so that a dialog that somebody else drew or changed decides nothing.
 */
export function parseSubmission(payload: unknown, appId: string | null): Parsed<Submission> {
  const parsed = v.safeParse(ViewSubmission, payload);
  if (!parsed.success) return notA('a dialog that was sent off', parsed.issues);
  const { view, ...body } = parsed.output;
  const app = body.api_app_id;
  if (foreign(app, appId) || (view.app_id ?? app) !== app) return { ignored: 'a dialog of another Slack app' };
  if (view.callback_id !== DIALOG_CALLBACK) return { ignored: 'not our dialog' };
  const userTeam = body.user.team_id;
  if (userTeam == null) return { ignored: 'no workspace is named' };
  const { [COMMENT_BLOCK]: comment, [CHECKLIST_BLOCK]: checklist } = view.state.values;
  return {
    deed: {
      kind: 'submission',
      metadata: view.private_metadata,
      comment: (comment?.[FIELD_ACTION]?.value ?? '').trim(),
      ticked: (checklist?.[FIELD_ACTION]?.selected_options ?? []).map(({ text }) => unescapeControl(text.text)),
      shown: shownTexts(view),
      slack: { team: userTeam, user: body.user.id },
      evidence: {
        app,
        team: body.team?.id ?? userTeam,
        view: view.id,
        ...triggerEvidence(body.trigger_id),
      },
    },
  };
}
