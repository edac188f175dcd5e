/** The two addresses of each workflow webhook, for the back ends of brokers. */
import { All, Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { JsonObject } from '#libs/domain/json/json-object.ts';
import type { ApiConfig } from '../api-config.ts';
import { ApiError } from '../http/api.error.ts';
import { readJsonBody } from '../http/json-body.ts';
import { readBytes } from '../http/read-bytes.ts';
import { StrangerConnections } from '../http/stranger.connections.ts';
import { endUnreadBody } from '../http/unread-body.ts';
import { PublicOperation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { EventRates } from './event-rates.ts';
import { handshakeData, reportData, reportedEventSchema } from './public.schema.ts';
import { readReport } from './reported-message.ts';
import { WebhookDoors } from './webhook-doors.ts';
import { WebhookIntake } from './webhook-intake.ts';
import { WebhookMetrics } from './webhook-metrics.ts';

/** What reads reported events recurses. */
const maxDepth = 1000;

const ofEvery = ['not_found', 'too_many_requests', 'internal_error', 'unavailable'] as const;

@Controller('webhooks/:workflow')
@ApiTags('Reporting events')
export class PublicWebhooksController {
  readonly #limits: ApiConfig['events'];
  readonly #maxBytes: number;

  constructor(
    private readonly doors: WebhookDoors,
    private readonly intake: WebhookIntake,
    private readonly rates: EventRates,
    private readonly strangers: StrangerConnections,
    private readonly metrics: WebhookMetrics,
    @Inject(tokens.config) { events, workflowWebhooks }: ApiConfig,
  ) {
    this.#limits = { ...events, maxDepth: Math.min(events.maxDepth, maxDepth) };
    this.#maxBytes = Math.min(workflowWebhooks.maxBodyBytes, events.maxBytes);
  }

  @PublicOperation({
    id: 'HandshakeOfWorkflowWebhook',
    summary: 'Get a session token for the API key of a workflow webhook',
    data: handshakeData,
    errors: [...ofEvery, 'api_key_missing', 'api_key_invalid', 'token_exchange_disabled', 'origin_refused'],
    security: ['webhookKey'],
  })
  @Post('handshake')
  async handshake(
    @Param('workflow') workflow: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    endUnreadBody(request, response);
    const data = await this.metrics.handshake(() => this.doors.handshake(workflow, request));
    this.strangers.welcome(request.socket);
    answer(response, data);
  }

  @PublicOperation({
    id: 'ReportWorkflowEvent',
    summary: 'Report one event; the answer comes when it is durable',
    data: reportData,
    errors: [
      ...ofEvery,
      'session_token_missing',
      'session_token_invalid',
      'session_token_expired',
      'api_key_missing',
      'api_key_invalid',
      'webhook_disabled',
      'bad_request',
      'idempotency_conflict',
      'too_large',
      'unsupported_media_type',
      'invalid_payload',
      'forbidden_field',
    ],
    security: ['webhookToken', 'webhookKey'],
    headers: ['Idempotency-Key'],
    body: { schema: reportedEventSchema },
  })
  @Post()
  async report(@Param('workflow') workflow: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    endUnreadBody(request, response);
    await this.metrics.report(() => this.#take(workflow, request));
    answer(response, { received: true });
  }

  @All('handshake')
  otherHandshake(@Req() request: Request, @Res() response: Response): never {
    return refuseMethod(request, response);
  }

  @All()
  otherReport(@Req() request: Request, @Res() response: Response): never {
    return refuseMethod(request, response);
  }

  async #take(workflow: string, request: Request): Promise<void> {
    const webhook = await this.doors.webhookOf(workflow, request);
    this.strangers.welcome(request.socket);
    this.rates.refuseBeyond(webhook);
    // The envelope is one level more.
    const payload = readPayload(await readBytes(request, this.#maxBytes), this.#limits.maxDepth - 1);
    const header = request.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : undefined;
    await this.intake.take(readReport(webhook, payload, key, this.#limits, new Date()));
  }
}

function readPayload(body: Buffer, depth: number): JsonObject {
  try {
    return readJsonBody(body, { maxDepth: depth });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [problem] = error.problems;
    const isJson = problem?.code === 'too_deep' || problem?.code === 'inexact_number';
    throw isJson
      ? new ApiError(422, 'invalid_payload', error.message, error.problems)
      : new ApiError(400, 'bad_request', error.message);
  }
}

function refuseMethod(request: Request, response: Response): never {
  endUnreadBody(request, response);
  response.setHeader('Allow', 'POST');
  throw new ApiError(405, 'method_not_allowed', 'This address takes POST alone.');
}

function answer(response: Response, data: object): void {
  const text = JSON.stringify({ success: true, data });
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(text);
}
