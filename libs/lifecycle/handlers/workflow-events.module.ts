/**
 * What a service imports to have its handlers called: `WorkflowEventsModule.forRoot({ kafka, groupId, … })`, or
 * `forRootAsync` with options that are made of other providers. Call `app.enableShutdownHooks()` as well: without them
 * a signal ends the process like a crash, and what was under way comes again.
 */
import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { WorkflowEventsOptions } from './options.ts';
import { optionsToken, WorkflowEventsService } from './workflow-events.service.ts';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<WorkflowEventsOptions>({
  optionsInjectionToken: optionsToken,
})
  .setClassMethodName('forRoot')
  .build();

@Module({ imports: [DiscoveryModule], providers: [WorkflowEventsService], exports: [WorkflowEventsService] })
export class WorkflowEventsModule extends ConfigurableModuleClass {}
