import { dispenseContext } from '../../../lambdas/contexts/dispense/context.ts';
import { ledgerContext } from '../../../lambdas/contexts/ledger/context.ts';
import { loadProjections } from '../../../lambdas/contexts/load-projections.ts';
import { type LoadedReadModel, loadReadModel } from '../../../lambdas/contexts/load-read-models.ts';
import { loadTodoRules } from '../../../lambdas/contexts/load-todo-rules.ts';
import { metricsContext } from '../../../lambdas/contexts/metrics/context.ts';
import { personContext } from '../../../lambdas/contexts/person/context.ts';
import { todoProjections } from '../../../lambdas/contexts/todo/read-model/projection.ts';
import type { TodoRules } from '../../../lambdas/contexts/todo-rule.ts';
import { type ContextName, contextNames, recordOf } from '../../../schema/contexts.ts';
import type { CodeVersion } from '../world/deployment.ts';
import {
  type NewShape,
  newCredit,
  newMeasurement,
  nextDecider,
  nextEvents,
  nextProjection,
  nextRules,
  readerEvents,
  withCredits,
} from './next-code.ts';

/** What the functions load at their start, loaded once for all histories. */
const loadedRules = await loadTodoRules();
const loadedProjections = await loadProjections();
const loadedModels = await Promise.all(contextNames.map(loadReadModel));

type AnyProjection = LoadedReadModel['projections'][number]['projection'];
type Contexts = {
  readonly ledger: typeof ledgerContext;
  readonly metrics: typeof metricsContext;
  readonly dispense: typeof dispenseContext;
  readonly person: typeof personContext;
};

/** The event types with a new shape, by the category of their streams. */
const newShapes: Readonly<Record<string, NewShape>> = { ledger: newCredit, metrics: newMeasurement };

/** What a version of the code consists of. */
interface Code {
  readonly contexts: Contexts;
  readonly rules: readonly TodoRules[];
  readonly projection: (projection: AnyProjection) => AnyProjection;
}

const current: Code = {
  contexts: {
    ledger: ledgerContext,
    metrics: metricsContext,
    dispense: dispenseContext,
    person: personContext,
  },
  rules: loadedRules,
  projection: (projection) => projection,
};

const reader: Code = {
  contexts: {
    ledger: { ...ledgerContext, events: readerEvents(ledgerContext.events, newCredit) },
    metrics: { ...metricsContext, events: readerEvents(metricsContext.events, newMeasurement) },
    dispense: dispenseContext,
    person: personContext,
  },
  rules: loadedRules.map((rules) =>
    withShape(rules, (shape) => ({ events: readerEvents(rules.events, shape) })),
  ),
  projection: (projection) =>
    withShape(projection, (shape) => ({ events: readerEvents(projection.events, shape) })),
};

const next: Code = {
  contexts: {
    ledger: {
      ...ledgerContext,
      decider: nextDecider(ledgerContext.decider, newCredit),
      events: nextEvents(ledgerContext.events, newCredit),
    },
    metrics: {
      ...metricsContext,
      decider: nextDecider(metricsContext.decider, newMeasurement),
      events: nextEvents(metricsContext.events, newMeasurement),
    },
    dispense: { ...dispenseContext, decider: withNextState(dispenseContext.decider) },
    person: { ...personContext, decider: withNextState(personContext.decider) },
  },
  rules: loadedRules.map((rules) => withShape(rules, (shape) => nextRules(rules, shape))),
  projection: (projection) => {
    const changed = withShape(projection, (shape) => nextProjection(projection, shape));
    return projection.category === 'ledger' ? withCredits(changed) : changed;
  },
};

function withNextState<Decider extends { readonly stateVersion: number }>(decider: Decider): Decider {
  return { ...decider, stateVersion: decider.stateVersion + 1 };
}

/** A part of the code, changed if an event type of its category has a new shape. */
function withShape<Part extends { readonly category: string }>(
  part: Part,
  change: (shape: NewShape) => Partial<Part>,
): Part {
  const shape = newShapes[part.category];
  return shape === undefined ? part : { ...part, ...change(shape) };
}

/** What a version of the code is composed from. */
export type Definitions = ReturnType<typeof definitionsOf>;

const byVersion: Readonly<Record<CodeVersion, Definitions>> = {
  current: definitionsOf(current),
  reader: definitionsOf(reader),
  next: definitionsOf(next),
};

/** The contexts, projections and rules of a version of the code. */
export function definitionsIn(version: CodeVersion): Definitions {
  return byVersion[version];
}

function definitionsOf({ contexts, rules, projection }: Code) {
  const projectionsOfTodo = todoProjections(rules);
  const projected = new Map(
    [...loadedProjections].map(([category, each]) => [
      category,
      projection(each as unknown as AnyProjection) as unknown as typeof each,
    ]),
  );
  return {
    contexts,
    todoRules: rules,
    projectionsOfTodo,
    sealedProjections: projected,
    readModelOf: recordOf(contextNames, (name) => readModel(name, projection, projectionsOfTodo)),
  };
}

function readModel(
  name: ContextName,
  projection: Code['projection'],
  projectionsOfTodo: readonly { readonly category: string }[],
): LoadedReadModel {
  const loaded = loadedModels.find((each) => each.name === name);
  if (loaded === undefined) throw new Error(`There is no read model ${name}.`);
  const projections = loaded.projections.map((each) => {
    const ofTodo = projectionsOfTodo.find(({ category }) => category === each.projection.category);
    return { ...each, projection: name === 'todo' ? (ofTodo as AnyProjection) : projection(each.projection) };
  });
  const [own] = projections;
  return {
    ...loaded,
    projections,
    listing: name === 'todo' || own === undefined ? loaded.listing : own.projection,
  };
}
