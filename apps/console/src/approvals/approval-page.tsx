import './texts.ts';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import type { components } from '../shared/api-types.ts';
import type { Approval } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { AnswerForm } from './answer-form.tsx';
import { ApprovalBackground } from './approval-background.tsx';
import { ApprovalFacts } from './approval-facts.tsx';
import { ApprovalState } from './approval-state.tsx';
import { approvalQuery } from './approvals.queries.ts';
import { ReassignDialog } from './reassign-dialog.tsx';
import { useAnswer } from './use-answer.ts';

const route = getRouteApi('/approvals/$token');

/** The page behind a link: reading it, and leaving it, decides nothing. */
export function ApprovalPage() {
  const { token } = route.useParams();
  const { data, error, refetch } = useQuery(approvalQuery(token));
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <ApprovalView key={token} token={token} {...data} />}
    </Stack>
  );
}

interface ViewProps {
  token: string;
  approval: Approval;
  background: components['schemas']['ApprovalBackground'] | null;
}

function ApprovalView({ token, approval, background }: ViewProps) {
  const { t } = useTranslation('approvals');
  const signedIn = useSession();
  const { session } = signedIn;
  const answer = useAnswer(token);
  const own = approval.answers.find(({ by }) => by === session?.userId);
  const mayAnswer = approval.state === 'open' && approval.may_answer && own === undefined && !answer.isSuccess;
  return (
    <>
      <PageTitle text={approval.title} />
      <ApprovalState approval={approval} />
      <Outcome
        approval={approval}
        taken={answer.isSuccess ? answer.variables.decision : own?.decision}
        hasAnswered={answer.isSuccess || answer.isError}
      />
      {approval.state === 'open' && !approval.may_answer && own === undefined && (
        <>
          <Text>{t('notForYou')}</Text>
          <Text size="sm">{t('whoYouAre', { user: session?.userId.slice(0, 200) ?? '' })}</Text>
        </>
      )}
      <ApprovalFacts approval={approval} />
      <ApprovalBackground background={background} isOpen={approval.state === 'open'} />
      {mayAnswer && <AnswerForm answer={answer} />}
      {approval.state === 'open' && isAdministrator(signedIn) && <Reassign token={token} approval={approval} />}
    </>
  );
}

function Reassign({ token, approval }: Omit<ViewProps, 'background'>) {
  const { t } = useTranslation('approvals');
  const [isAsking, setAsking] = useState(false);
  const [isTaken, setTaken] = useState(false);
  return (
    <Stack align="flex-start">
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('reassign.open')}
      </Button>
      <div role="status">{isTaken && <Text>{t('reassign.taken')}</Text>}</div>
      {isAsking && (
        <ReassignDialog
          token={token}
          approvers={approval.approvers}
          onTaken={() => {
            setAsking(false);
            setTaken(true);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Stack>
  );
}

interface OutcomeProps {
  approval: Approval;
  taken: 'approve' | 'reject' | undefined;
  /** On this page, whether the answer was taken or not. */
  hasAnswered: boolean;
}

/** What has become of it: for who has answered, and for who comes second. */
function Outcome({ approval, taken, hasAnswered }: OutcomeProps) {
  const { t } = useTranslation('approvals');
  const told = useRef<HTMLDivElement>(null);
  const said = outcome();
  const isNews = hasAnswered && said !== null;
  useEffect(() => {
    // The button that was pressed is gone.
    if (isNews) told.current?.focus();
  }, [isNews]);
  return (
    <div role="status" ref={told} tabIndex={-1}>
      {said !== null && <Alert variant="default" title={said} withCloseButton={false} />}
    </div>
  );

  function outcome(): string | null {
    if (taken !== undefined) return t(`taken.${taken}`);
    const { state, answers, exception } = approval;
    const last = answers.at(-1);
    if (state === 'open') return null;
    if (state === 'expired') return t('hasExpired');
    if (state === 'cancelled') return t('wasCancelled', { by: exception?.by ?? '–' });
    return last === undefined ? null : t(`already.${last.decision}`, { by: last.by });
  }
}
