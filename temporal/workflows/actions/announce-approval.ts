/**
 * Announces an approval by mail to those who are asked: when it is asked, when others are asked instead, and when they
 * are reminded. It holds the run up in nothing, and nothing of it fails the run.
 */
import {
  condition,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { messageOf } from '#libs/domain/errors/errors.ts';
import type {
  AnnouncementInput,
  LocalActivities,
  MailActivities,
  SendEmailInput,
} from '#temporal/contract/activities.ts';
import { mailTaskQueue } from '#temporal/contract/names.ts';
import { mailOptions, messageTryPolicy, recordOptions } from '../activity-options.ts';
import { Tries } from '../run/tries.ts';
import type { PendingApproval } from './pending-approval.ts';

const { announcements } = proxyLocalActivities<LocalActivities>(recordOptions);
const { sendEmail } = proxyActivities<MailActivities>(mailOptions);

/** Resolves when the question is closed and no mail of it is under way. */
export async function announceApproval(question: PendingApproval): Promise<void> {
  const mails = [announce(question, 'asked')];
  for (let seen = 0; question.isOpen;) {
    await condition(() => !question.isOpen || question.approval.reassignments.length > seen);
    if (!question.isOpen) break;
    seen = question.approval.reassignments.length;
    mails.push(announce(question, 'reassigned'));
  }
  await Promise.all(mails);
}

export async function announce(question: PendingApproval, why: AnnouncementInput['why']): Promise<void> {
  try {
    const input = { approval: question.approval, why };
    const mails = await announcements.executeWithOptions({ summary: `mails to approvers: ${why}` }, [input]);
    await Promise.all(mails.map((mail) => send(question, mail)));
  } catch (error) {
    if (!isCancellation(error)) log.warn('an approval could not be announced by mail', { error: messageOf(error) });
  }
}

/** As long as the question is open, and as often as mails to customers are tried. */
async function send(question: PendingApproval, mail: SendEmailInput): Promise<void> {
  const tries = new Tries(0);
  const options = { summary: 'an approval is announced', taskQueue: mailTaskQueue(workflowInfo().taskQueue) };
  while (question.isOpen) {
    try {
      await sendEmail.executeWithOptions(options, [{ ...mail, tries: tries.soFar }]);
      return;
    } catch (error) {
      const pauseMs = isCancellation(error) ? null : tries.after(error, messageTryPolicy, Date.now());
      if (pauseMs === null) throw error;
      await condition(() => !question.isOpen, pauseMs);
    }
  }
}
