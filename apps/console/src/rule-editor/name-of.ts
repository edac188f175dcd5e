import type { NameOf } from '../shared/rule/rule-sentence.ts';
import type { Registry } from './rule-editor.queries.ts';

const sources: Readonly<Record<Parameters<NameOf>[0], readonly string[]>> = {
  manager: ['manager'],
  team: ['team'],
  desk: ['desk'],
  status: ['sales_status', 'sales_or_kyc_status'],
  template: ['mail_template', 'sms_template'],
  endpoint: ['endpoint'],
};

/** Names by what can be chosen for parameters of actions. */
export function nameOf({ actions }: Registry): NameOf {
  const params = actions.flatMap((action) => action.params);
  return (kind, value) => {
    const choices = params.filter(({ refers_to }) => refers_to !== undefined && sources[kind].includes(refers_to));
    const found = choices.flatMap((param) => param.choices ?? []).find((choice) => choice.value === value);
    return found?.label ?? (value === undefined ? '…' : String(value));
  };
}
