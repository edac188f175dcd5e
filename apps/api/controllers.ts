/** Every controller of the API: what is served, and what its description describes. */
import { ApiKeysController } from './api-keys/api-keys.controller.ts';
import { ApprovalsController } from './approvals/approvals.controller.ts';
import { ExecutionsController } from './approvals/executions.controller.ts';
import { AuditController } from './audit/audit.controller.ts';
import { BacktestsController } from './backtests/backtests.controller.ts';
import { ExplanationController, WhatIfController } from './explain/explain.controllers.ts';
import { HeldRunController, HeldRunsOfRuleController } from './held-runs/held-runs.controller.ts';
import { ImpactController } from './rules/impact.controller.ts';
import { RegistryController } from './registry/registry.controller.ts';
import { RuleValidationController } from './rules/rule-validation.controller.ts';
import { RuleVersionsController } from './rules/rule-versions.controller.ts';
import { RuleWritesController } from './rules/rule-writes.controller.ts';
import { RulesController } from './rules/rules.controller.ts';
import { RunControlController } from './runs/run-control.controller.ts';
import { RunsController } from './runs/runs.controller.ts';
import { ReferenceController } from './openapi/reference.controller.ts';

export const controllers = [
  RegistryController,
  RuleValidationController,
  RulesController,
  RuleWritesController,
  RuleVersionsController,
  ImpactController,
  WhatIfController,
  BacktestsController,
  ExplanationController,
  RunsController,
  RunControlController,
  HeldRunController,
  HeldRunsOfRuleController,
  ApprovalsController,
  ExecutionsController,
  ApiKeysController,
  AuditController,
];

/** Open to everybody: they tell of the API and of no data. */
export const openControllers = [ReferenceController];
