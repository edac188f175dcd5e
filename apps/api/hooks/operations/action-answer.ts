import { encodeActionId } from '#libs/domain/hooks/global-id.ts';
import type { FoundAction } from '../targets.ts';

export interface ActionAnswer {
  actionId: string;
  requestNumber: number;
  number: number;
}

export function toActionAnswer({ number: requestNumber, action: number }: FoundAction): ActionAnswer {
  return { actionId: encodeActionId({ requestNumber, number }), requestNumber, number };
}
