import 'reflect-metadata';
import type { ModuleMetadata, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '#libs/telemetry/logger.ts';
import { NestLogger } from './nest-logger.ts';

/** A browser neither guesses what an answer is, nor shows it inside a page of others, nor tells others its address. */
const safeHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/**
 * A Nest application whose messages go to `log` and whose errors at start reach the caller.
 *
 * @param metadata modules, controllers and providers of the process
 * @param adapter what serves HTTP
 */
export async function createNestApp(
  metadata: ModuleMetadata,
  log: Logger,
  more: NestApplicationOptions = {},
  adapter = new ExpressAdapter(),
): Promise<NestExpressApplication> {
  const options = { ...more, logger: new NestLogger(log), abortOnError: false };
  const app = await NestFactory.create<NestExpressApplication>(metadata, adapter, options);
  app.disable('x-powered-by');
  app.use((_request: Request, response: Response, next: NextFunction) => {
    for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
    next();
  });
  return app;
}
