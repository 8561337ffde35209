/** The dialog of Ana's request, for the tests of the dialog and of its submission. */
import type { ApprovalDialog } from '../../src/request/dialog.ts';

export const DIALOG: ApprovalDialog = {
  title: 'Approve request #12',
  facts: [
    { label: 'Asked by', text: 'Ana (ana-dev on GitHub)', kind: 'words' },
    { label: 'Why', text: 'Orders hang & customers <wait>\nsince nine', kind: 'words' },
    { label: 'Runs exactly this', text: 'runbooks/status.sh --service web "--note=a b"', kind: 'command' },
    { label: 'Target', text: 'production', kind: 'words' },
    { label: 'May run for', text: '10 min', kind: 'words' },
  ],
  notices: ['An administrator may bypass the rules of the environment.', 'Supersedes #11.'],
  checklist: ['The replica was tried first', 'Nobody else is on it'],
};
