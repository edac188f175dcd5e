/** Records of the directory that rules name, as choices of a form: by the brands a session is for, and by label. */
import type { ParamSource } from '#libs/domain/actions/action-catalog.ts';
import type { TradingGroup } from '#libs/domain/directory/directory.ts';
import type { MessageTemplate } from '#libs/domain/directory/outbound.ts';
import { maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import { filterVisible } from './rule-environment.ts';
import type { NamedRecords } from './named-records.ts';

export interface ParamOption {
  value: string | number;
  label: string;
}

/** A longer list is of no use to a person; what is not listed may be named all the same. */
const maxOptions = 1_000;

export function buildParamOptions(session: Session, records: NamedRecords): Record<ParamSource, ParamOption[]> {
  const statuses = filterVisible(session, records.statuses);
  const ofType = (type: string): ParamOption[] =>
    listed(
      statuses.filter((one) => one.type === type).map(({ code, label }) => ({ value: code, label: label ?? code })),
    );
  const templates = (channel: MessageTemplate['channel']): ParamOption[] =>
    listed(
      filterVisible(session, records.templates)
        .filter((one) => one.channel === channel)
        .map(({ code }) => ({ value: code, label: code })),
    );
  const managers = records.managers.filter(({ brands }) => brands?.some((brand) => maySee(session, brand)) ?? true);
  const own = new Set(managers.map(({ id }) => id));
  const teams = records.teams.filter(
    ({ agent_ids = [] }) => agent_ids.length === 0 || agent_ids.some((id) => own.has(id)),
  );
  return {
    manager: listed(managers.filter(({ enabled }) => enabled).map(({ id, name }) => ({ value: id, label: name }))),
    team: listed(teams.map(({ id, name }) => ({ value: id, label: name }))),
    desk: listed(filterVisible(session, records.desks).map(({ code, name }) => ({ value: code, label: name }))),
    sales_status: ofType('sales'),
    sales_or_kyc_status: listed([
      ...ofType('sales').map(({ value, label }) => ({ value, label: `${label} (sales)` })),
      ...ofType('kyc').map(({ value, label }) => ({ value, label: `${label} (kyc)` })),
    ]),
    mail_template: templates('email'),
    sms_template: templates('sms'),
    endpoint: listed(filterVisible(session, records.endpoints).map(({ name }) => ({ value: name, label: name }))),
  };
}

/** Of the trading groups: whose rules may run. */
export function listOwnBrands(session: Session, groups: readonly TradingGroup[]): string[] {
  const known = groups.flatMap(({ brand }) => (brand !== null && maySee(session, brand) ? [brand] : []));
  return [...new Set([...known, ...(session.brands ?? [])])].sort((a, b) => (a < b ? -1 : 1));
}

/** One of each: a brand's own template or desk has the code of the one for all. */
function listed(choices: ParamOption[]): ParamOption[] {
  const byValue = new Map(choices.map((choice) => [choice.value, choice]));
  return [...byValue.values()].sort((a, b) => (a.label < b.label ? -1 : 1)).slice(0, maxOptions);
}
