import { useTranslation } from 'react-i18next';
import type { Rule } from '../shared/client.ts';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { useRuleWrite, type RuleWrite } from './use-rule-write.ts';

export const ruleCommands = ['switchOff', 'toShadow', 'archive'] as const;
export type RuleCommand = (typeof ruleCommands)[number];

export interface AskedCommand {
  /** As it was looked at. */
  rule: Rule;
  command: RuleCommand;
}

/** To switch a rule on has a page of its own. */
export function commandsFor({ status }: Pick<Rule, 'status'>): RuleCommand[] {
  if (status === 'archived') return [];
  if (status === 'active') return ['switchOff', 'toShadow', 'archive'];
  return status === 'shadow' ? ['switchOff', 'archive'] : ['archive'];
}

interface Props {
  asked: AskedCommand;
  onTaken: (rule: Rule) => void;
  onClose: () => void;
}

export function RuleCommandDialog({ asked: { rule, command }, onTaken, onClose }: Props) {
  const { t } = useTranslation('rules');
  const { write, isPending, error } = useRuleWrite(rule.id, onTaken);
  return (
    <AskDialog
      title={t(`commands.${command}`)}
      text={t(`explained.${command}`, { name: rule.name.slice(0, 100) })}
      confirm={t(`confirm.${command}`)}
      isPending={isPending}
      error={error}
      onConfirm={() => write(toWrite(command, rule.version))}
      onClose={onClose}
    />
  );
}

function toWrite(command: RuleCommand, version: number): RuleWrite {
  if (command === 'archive') return { archive: true, version };
  return { status: command === 'switchOff' ? 'inactive' : 'shadow', version };
}
