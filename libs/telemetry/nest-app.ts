import 'reflect-metadata';
import type { INestApplication, ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from './logger.ts';
import { NestLogger } from './nest-logger.ts';

/**
 * A Nest application whose messages go to `log` and whose errors at start reach the caller.
 *
 * @param metadata modules, controllers and providers of the process
 */
export function createNestApp(
  metadata: ModuleMetadata,
  log: Logger,
  more: NestApplicationOptions = {},
): Promise<INestApplication> {
  return NestFactory.create(metadata, { ...more, logger: new NestLogger(log), abortOnError: false });
}
