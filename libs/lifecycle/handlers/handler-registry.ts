/** Which handlers the application has, found in its container. */
import type { Type } from '@nestjs/common';
import { ContextIdFactory, ModuleRef, type DiscoveryService } from '@nestjs/core';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { subscription, type WorkflowEventHandler } from './on-workflow-event.ts';
import type { EventType, WorkflowEvent } from './workflow-event.ts';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];
type HandlerClass = Type<WorkflowEventHandler<WorkflowEvent>>;

/** One class for one type of events. */
export interface RegisteredHandler {
  /** Of the class. */
  name: string;
  /** Makes a new instance with what it needs injected, and lets it handle the event. */
  handle(event: WorkflowEvent, signal: AbortSignal): Promise<void>;
}

/** By type of event, in the order in which modules list them as providers. */
export type HandlerRegistry = ReadonlyMap<EventType, readonly RegisteredHandler[]>;

/** @throws PermanentError `invalid_handlers` for classes that cannot be told apart or cannot be made anew */
export function findHandlers(discovery: DiscoveryService): HandlerRegistry {
  const registry = new Map<EventType, RegisteredHandler[]>();
  const names = new Set<string>();
  for (const wrapper of discovery.getProviders({ metadataKey: subscription.KEY })) {
    // Another name of a provider that is found by itself.
    if (wrapper.isAlias) continue;
    const handler = toHandler(wrapper);
    if (names.has(handler.name)) throw refuse(handler.name, 'is provided more than once: provide it in one module');
    names.add(handler.name);
    const types = discovery.getMetadataByDecorator(subscription, wrapper) ?? [];
    for (const type of new Set(types.map(({ eventType }) => eventType))) {
      registry.set(type, [...(registry.get(type) ?? []), handler]);
    }
  }
  return registry;
}

function toHandler(wrapper: Wrapper): RegisteredHandler {
  const { host, metatype, inject, token } = wrapper;
  const isClass = typeof metatype === 'function' && !inject;
  if (!isClass || !host) {
    throw refuse(String(wrapper.name), 'is provided by a value or a factory: provide the class, or by useClass');
  }
  const type = metatype as HandlerClass;
  const modules = host.providers.get(ModuleRef)?.instance as ModuleRef;
  return {
    name: type.name,
    handle: async (event, signal) => {
      // An `@Injectable()` above ours makes it a singleton.
      const instance = wrapper.isTransient
        ? await modules.resolve<WorkflowEventHandler<WorkflowEvent>>(token as HandlerClass, ContextIdFactory.create())
        : await modules.create(type);
      await instance.handle(event, signal);
    },
  };
}

function refuse(name: string, what: string): PermanentError {
  return new PermanentError('invalid_handlers', `the handler ${name} of workflow events ${what}`);
}
