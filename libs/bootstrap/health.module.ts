/** What every process offers to those who run it: `/health/live`, `/health/ready` and `/metrics`. */
import {
  Controller,
  Get,
  Header,
  Inject,
  Module,
  Res,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
} from '@nestjs/common';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { Readiness, type ReadinessReport } from '#libs/telemetry/readiness.ts';

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
  readonly #options: OperationsOptions;
  readonly #readiness: Readiness;

  constructor(@Inject(options) given: OperationsOptions) {
    this.#options = given;
    this.#readiness = new Readiness(given.checks, given);
  }

  /** Answers as long as the event loop turns: a process that fails this one has to be restarted. */
  @Get('health/live')
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const report = await this.#readiness.report();
    response.status(report.status === 'ready' ? 200 : 503);
    return report;
  }

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  async metrics(): Promise<string> {
    const { registry, extraMetrics, log } = this.#options;
    const own = await registry.metrics();
    try {
      return `${own}${(await extraMetrics?.()) ?? ''}`;
    } catch (error) {
      log.warn({ err: error }, 'some metrics could not be read');
      return own;
    }
  }
}

@Module({})
export class OperationsModule {
  static register(given: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
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
      imports,
      controllers: [OperationsController],
      providers: [{ provide: options, inject, useFactory: (...injected: never[]) => useFactory(...injected) }],
    };
  }
}
