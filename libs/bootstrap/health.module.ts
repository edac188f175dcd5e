/** What every process offers to those who run it: `/health/live`, `/health/ready` and `/metrics`. */
import {
  Controller,
  Get,
  Header,
  Inject,
  Module,
  Res,
  ServiceUnavailableException,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
} from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  TerminusModule,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { Readiness, type CheckReport } from '#libs/telemetry/readiness.ts';

export interface OperationsOptions {
  /** Everything this process cannot work without. */
  checks: readonly HealthCheck[];
  registry: Registry;
  log: Logger;
  /** More metrics in Prometheus text format, such as those of the Temporal SDK; put after those of the registry. */
  extraMetrics?: () => Promise<string>;
  /** Aborted when the process begins to end. */
  stopping?: AbortSignal;
}

const options = Symbol('operations options');

@Controller()
class OperationsController {
  readonly #readiness: Readiness;

  constructor(
    @Inject(options) private readonly options: OperationsOptions,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {
    this.#readiness = new Readiness(options.checks, options);
  }

  /** Answers as long as the event loop turns: a process that fails this one has to be restarted. */
  @Get('health/live')
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const reports = await this.#readiness.report();
    const result = await this.#check(reports.map((report) => () => this.#indicate(report)));
    // Before anything is closed: no new work is sent to a process that is about to end.
    if (this.options.stopping?.aborted) result.status = 'shutting_down';
    response.status(result.status === 'ok' ? 200 : 503);
    return result;
  }

  #indicate({ name, status, ...more }: CheckReport): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return status === 'up' ? indicator.up(more) : indicator.down(more);
  }

  /** The result itself: the exception would become an answer of the API. */
  async #check(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.health.check(indicators);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return error.getResponse() as HealthCheckResult;
    }
  }

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  async metrics(): Promise<string> {
    const { registry, extraMetrics, log } = this.options;
    const own = await registry.metrics();
    try {
      return `${own}${(await extraMetrics?.()) ?? ''}`;
    } catch (error) {
      log.warn({ err: error }, 'some metrics could not be read');
      return own;
    }
  }
}

/** The log says once that something is down, not with each question. */
const terminus = TerminusModule.forRoot({ logger: false });

@Module({})
export class OperationsModule {
  static register(given: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
      imports: [terminus],
      controllers: [OperationsController],
      providers: [{ provide: options, useValue: given }],
    };
  }

  /** For options that are made of providers of other modules. */
  static registerAsync(given: {
    imports?: ModuleMetadata['imports'];
    inject: FactoryProvider['inject'];
    useFactory: (...injected: never[]) => OperationsOptions;
  }): DynamicModule {
    const { imports = [], inject = [], useFactory } = given;
    return {
      module: OperationsModule,
      imports: [terminus, ...imports],
      controllers: [OperationsController],
      providers: [{ provide: options, inject, useFactory: (...injected: never[]) => useFactory(...injected) }],
    };
  }
}
