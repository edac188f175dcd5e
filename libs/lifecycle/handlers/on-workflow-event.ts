/** What a subscriber writes: a class with `handle`, and above it the types of the events it is for. */
import { Injectable, Scope } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EventType, WorkflowEvent } from './workflow-event.ts';

export interface WorkflowEventHandler<T extends WorkflowEvent> {
  /**
   * Resolves when the event has been handled. It comes at least once, and after a crash again under the same `eventId`.
   * A property rather than a method, so that the compiler refuses a handler that takes fewer types than it is for.
   * @param signal aborted at the time limit, when the process ends, and when another one may get the event: give up then
   * @throws anything: it is called again, unless it throws an error of this product that is not `retryable`
   */
  handle: (event: T, signal: AbortSignal) => Promise<void>;
}

/** One of the classes of `workflow-event.ts`. */
export interface WorkflowEventClass {
  readonly eventType: EventType;
  new (data: never): WorkflowEvent;
}

type Types = readonly [WorkflowEventClass, ...WorkflowEventClass[]];
type HandlerOf<T extends Types> = new (...dependencies: never[]) => WorkflowEventHandler<InstanceType<T[number]>>;

export const subscription = DiscoveryService.createDecorator<Types>();

/**
 * Registers a provider for each of the types, in any module of an application that imports `WorkflowEventsModule`. It
 * makes the class injectable and transient: each delivery gets an instance of its own.
 */
export function OnWorkflowEvent<const T extends Types>(...types: T): (handler: HandlerOf<T>) => void {
  return (handler) => {
    Injectable({ scope: Scope.TRANSIENT })(handler);
    subscription(types)(handler);
  };
}
