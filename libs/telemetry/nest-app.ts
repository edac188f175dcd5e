import 'reflect-metadata';
import type { ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from './logger.ts';
import { NestLogger } from './nest-logger.ts';

/**
 * A Nest application whose messages go to `log` and whose errors at start reach the caller.
 *
 * @param metadata modules, controllers and providers of the process
 */
export async function createNestApp(
  metadata: ModuleMetadata,
  log: Logger,
  more: NestApplicationOptions = {},
): Promise<NestExpressApplication> {
  const options = { ...more, logger: new NestLogger(log), abortOnError: false };
  const app = await NestFactory.create<NestExpressApplication>(metadata, options);
  app.disable('x-powered-by');
  return app;
}
