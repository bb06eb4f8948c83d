import {
  categoryOfStream,
  idOfStream,
  type KeyedLine,
  plainStreamName,
  type RecordedEvent,
  versionKey,
} from '../../../kernel/index.ts';
import type { TodoRule } from '../../todo-rule.ts';

/** The event that opened or closed an item. */
export interface EventReference {
  readonly eventId: string;
  readonly type: string;
  /** Version of the event in its stream. */
  readonly version: number;
}

/** A piece of work for a person or an automation. It is done when it is closed. */
export interface TodoItem {
  readonly id: string;
  readonly kind: string;
  readonly context: string;
  /** The stream that the work is about, as callers name it. The row of the item has the tenant. */
  readonly subject: string;
  readonly doneBy: 'person' | 'automation';
  readonly status: 'open' | 'closed';
  readonly openedAt: string;
  readonly openedBy: EventReference;
  readonly closedAt?: string;
  readonly closedBy?: EventReference;
}

/** The item that an event opens. */
export function openItem(context: string, { kind, doneBy }: TodoRule, event: RecordedEvent): TodoItem {
  return {
    id: todoId(event.stream, event.version, kind),
    kind,
    context,
    subject: plainStreamName(event.stream),
    doneBy,
    status: 'open',
    openedAt: event.committedAt,
    openedBy: reference(event),
  };
}

/** The item after an event closes it. */
export function closeItem(item: TodoItem, event: RecordedEvent): TodoItem {
  return { ...item, status: 'closed', closedAt: event.committedAt, closedBy: reference(event) };
}

function reference({ id, type, version }: RecordedEvent): EventReference {
  return { eventId: id, type, version };
}

/** The line that stores an item. */
export function lineOf(item: TodoItem): KeyedLine<TodoItem> {
  return { key: lineKey(item.openedBy.version, item.kind), line: item };
}

/** The key of an item's line. It sorts the items of a stream by the event that opened them. */
function lineKey(version: number, kind: string): string {
  return `${versionKey(version)}#${kind}`;
}

/** The id of an item, from which {@link placeOf} finds its line: `dispense.7f3c.1.add-patient`. */
function todoId(stream: string, version: number, kind: string): string {
  return `${categoryOfStream(stream)}.${idOfStream(stream)}.${version}.${kind}`;
}

/** The row and line in which the item with this id is stored. Undefined: no item can have this id. */
export function placeOf(id: string): { readonly subject: string; readonly lineKey: string } | undefined {
  const parts = /^([a-z][a-z0-9-]*)\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.([1-9]\d{0,15})\.([a-z-]+)$/.exec(id);
  if (parts === null) return undefined;
  const [, category = '', streamId = '', version = '', kind = ''] = parts;
  return { subject: `${category}/${streamId}`, lineKey: lineKey(Number(version), kind) };
}
