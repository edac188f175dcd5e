/** What one would write by hand: a Nest endpoint that writes each event to Kafka and answers. Arguments: brokers, topic. */
import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = ''] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'by-hand', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false });

interface ReportedEvent {
  customerId: string;
  occurredAt: string;
  idempotencyKey: string;
}

@Controller()
class ReportController {
  @Post('report')
  @HttpCode(200)
  async report(@Body() event: ReportedEvent): Promise<object> {
    const { customerId, occurredAt, idempotencyKey: id, ...rest } = event;
    const data = { ...rest, customerId, occurredAt };
    const envelope = { id, type: 'customer.registered', occurredAt, brand: 'alpha', customerId, data };
    await producer.send({ topic, acks: -1, messages: [{ key: customerId, value: JSON.stringify(envelope) }] });
    return { success: true, data: { received: true } };
  }
}

@Module({ controllers: [ReportController] })
class ReportModule {}

await producer.connect();
const app = await NestFactory.create(ReportModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.once('disconnect', () => void app.close().then(() => producer.disconnect()));
process.send?.(await app.getUrl());
