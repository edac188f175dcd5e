/** What activating a rule, or what a draft of it says, would mean: seen before it is done. */
import type { ImpactBody } from '#libs/contracts/rule.schema.ts';
import { diffRules } from '#libs/domain/rules/rule-diff.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import type { BacktestsService } from '../backtests/backtests.service.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { brandScope } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { RuleCheck } from '../rules/rule.check.ts';
import { visibleRule, type RuleReader } from '../rules/rule.reader.ts';
import type { ImpactView } from './impact.schema.ts';
import type { RulesService } from '../rules/rules.service.ts';

export interface ImpactPorts {
  rules: RuleReader;
  runs: RunReader;
  writer: Pick<RulesService, 'read'>;
  check: Pick<RuleCheck, 'compare' | 'heldBack'>;
  backtests: Pick<BacktestsService, 'start'>;
}

/** Runs of one state are counted up to it. */
export const maxCounted = 500;

export class ImpactService {
  readonly #ports: ImpactPorts;

  constructor(ports: ImpactPorts) {
    this.#ports = ports;
  }

  /** @throws what reading the rule and starting a backtest throw */
  async of(session: Session, id: string, { rule: draft, days }: ImpactBody): Promise<ImpactView> {
    const stored = await visibleRule(this.#ports.rules, session, id);
    const written = draft ?? { ...toDefinition(stored), status: 'active' };
    const { candidate } = await this.#ports.writer.read(session, written, id);
    // What is not active does nothing to others: asked is what it would do once it is.
    const warnings = await this.#ports.check.compare(session, { ...candidate, status: 'active' });
    const heldBack = await this.#ports.check.heldBack(session, candidate);
    const [running, paused, held] = await Promise.all([
      this.#count(session, id, 'running'),
      this.#count(session, id, 'paused'),
      this.#count(session, id, 'held'),
    ]);
    const rule = { ...toDefinition(candidate), id };
    return {
      changes: diffRules(stored, candidate),
      warnings,
      ...heldBack,
      runs: { running, paused, held },
      backtest: days === undefined ? null : await this.#ports.backtests.start(session, { rule, days }),
    };
  }

  async #count(session: Session, ruleId: string, status: keyof ImpactView['runs']): Promise<number> {
    const brand = brandScope(session, undefined);
    const filter = { ruleId, status, ...(brand !== undefined && { brand }) };
    return (await this.#ports.runs.list(filter, { limit: maxCounted })).items.length;
  }
}
