/** Writes a question that people are asked into their inbox, without the secrets that were written into it. */
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { maskText, maskValue } from '#libs/domain/masking/masking.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';

export type ApprovalInbox = Pick<ApprovalRepository, 'put' | 'close'>;

export function saveApprovalActivity(inbox: ApprovalInbox) {
  return async (approval: Approval): Promise<void> => {
    try {
      await inbox.put(withoutSecrets(approval));
    } catch (error) {
      const { token, state, closed_at } = approval;
      // An approval that cannot be stored must not stay open: it could not be answered.
      if (error instanceof PermanentError && state !== 'open' && closed_at !== null) {
        await inbox.close(token, state, closed_at);
      }
      throw error;
    }
  };
}

/** People and rules write these texts, and events may be quoted in them. */
function withoutSecrets(approval: Approval): Approval {
  const { title, message, answers, reassignments, exception } = approval;
  const masked = (text: string | null): string | null => (text === null ? null : maskText(text));
  return {
    ...approval,
    title: maskText(title),
    message: masked(message),
    answers: answers.map(({ comment, data, ...answer }) => ({
      ...answer,
      comment: masked(comment),
      data: maskValue(data) as typeof data,
    })),
    reassignments: reassignments.map((entry) => ({ ...entry, reason: masked(entry.reason) })),
    ...(exception !== undefined && {
      exception: { ...exception, message: masked(exception.message), source: masked(exception.source) },
    }),
  };
}
