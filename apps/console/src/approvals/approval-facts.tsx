import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRoleName } from '../session/role-name.ts';
import type { Approval } from '../shared/client.ts';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';

export function ApprovalFacts({ approval }: { approval: Approval }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { message, rule_name, customer_id, login, tenant, asked_at, expires_at, run_id, event_id } = approval;
  const { approvers, required, forbidden_users, answers } = approval;
  return (
    <Stack>
      {message !== null && <Untrusted text={message} />}
      <Facts>
        <Fact name={t('shared.rule')}>
          <Untrusted text={rule_name} />
        </Fact>
        <Fact name={t('shared.customer')}>{customer_id}</Fact>
        <Fact name={t('shared.login')}>{login}</Fact>
        <Fact name={t('shared.brand')}>{tenant}</Fact>
        <Fact name={t('approvals.asked')}>
          <When at={asked_at} />
        </Fact>
        <Fact name={t('approvals.expires')}>
          {expires_at === null ? t('approvals.never') : <When at={expires_at} />}
        </Fact>
        <Fact name={t('approvals.whom')}>
          <Untrusted text={[...approvers.roles.map(roleName), ...approvers.users].join(', ')} />
        </Fact>
        <Fact name={t('approvals.required')}>{required}</Fact>
        <Fact name={t('approvals.forbidden')}>{forbidden_users.join(', ')}</Fact>
        <Fact name={t('shared.event')}>
          <Untrusted text={event_id} />
        </Fact>
        <Fact name={t('shared.run')}>
          <Link to="/runs/$runId" params={{ runId: run_id }}>
            <Untrusted text={run_id} />
          </Link>
        </Fact>
      </Facts>
      <Title order={2} size="h4">
        {t('approvals.answers')}
      </Title>
      {answers.length === 0 ? <Text>{t('approvals.noAnswers')}</Text> : <Answers answers={answers} />}
    </Stack>
  );
}

function Answers({ answers }: Pick<Approval, 'answers'>) {
  const { t } = useTranslation();
  return (
    <ol className="timeline">
      {answers.map(({ by, decision, comment, at }) => (
        <li key={`${by} ${at}`}>
          <b>
            <Untrusted text={by} />
          </b>{' '}
          {t(`approvals.decided.${decision}`)}, <When at={at} />
          {comment !== null && (
            <div>
              <Untrusted text={comment} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
