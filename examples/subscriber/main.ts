import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from './config.ts';
import { SubscriberModule } from './subscriber.module.ts';

const app = await NestFactory.createApplicationContext(SubscriberModule.register(loadConfig(process.env)), {
  logger: ['error', 'warn'],
});
// A signal lets the handler end, commits what is done, and leaves the consumer group.
app.enableShutdownHooks();
