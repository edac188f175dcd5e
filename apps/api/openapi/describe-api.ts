import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadConfig } from '#libs/config/config.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { ApiModule } from '../api.module.ts';
import { StrangerConnections } from '../http/stranger.connections.ts';
import { openApiDocument } from './document.ts';

/** The description of the API as its code gives it: nothing is started or connected. */
export async function describeApi(): Promise<OpenAPIObject> {
  const context = {
    config: loadConfig({ SESSION_SECRET: 'x'.repeat(32) }),
    log: createLogger('api', 'silent'),
    registry: createMetrics('api'),
    stopping: new AbortController().signal,
  };
  const module = ApiModule.register(context, new StrangerConnections(0));
  const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  return openApiDocument(app);
}
