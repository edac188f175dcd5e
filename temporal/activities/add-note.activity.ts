/** `add_note`: a note in the activity feed of the linked customer. */
import type { DirectoryEffects } from '#libs/domain/directory.ts';
import type { NoteStore } from '#libs/domain/note.ts';
import type { AddNoteInput, StepResult } from '#temporal/contract/activities.ts';
import { effectRecord } from './effect-record.ts';
import { knownCustomer } from './linked-customer.ts';

export interface AddNotePorts {
  directory: Pick<DirectoryEffects, 'customer'>;
  notes: NoteStore;
}

export function addNoteActivity({ directory, notes }: AddNotePorts) {
  return async (input: AddNoteInput): Promise<StepResult> => {
    const customer = await knownCustomer(directory, input);
    await notes.add({ ...effectRecord(input), customer_id: customer.id, body: input.body });
    return { detail: `customer ${customer.id}: note added` };
  };
}
