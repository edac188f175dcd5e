/** `add_note`: a note in the activity feed of the linked customer. */
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { NoteStore } from '#libs/domain/crm/note.ts';
import type { AddNoteInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './publish-changes.ts';
import { effectRecord } from './action-record.ts';
import { knownCustomer } from './require-customer.ts';

export interface AddNotePorts {
  directory: Pick<DirectoryActions, 'customer'>;
  notes: NoteStore;
}

export function addNoteActivity({ directory, notes }: AddNotePorts) {
  return async (input: AddNoteInput): Promise<EffectResult> => {
    const customer = await knownCustomer(directory, input);
    const note = await notes.add({ ...effectRecord(input), customer_id: customer.id, body: input.body });
    const emits = [{ type: 'note.added', data: { note_id: note.id }, at: note.created_at }];
    const report = { code: 'note_added', params: { customer: customer.id } } as const;
    return { detail: `customer ${customer.id}: note added`, report, emits };
  };
}
