import { dispenseContext } from '../../../lambdas/contexts/dispense/context.ts';
import { ledgerContext } from '../../../lambdas/contexts/ledger/context.ts';
import { loadProjections } from '../../../lambdas/contexts/load-projections.ts';
import { loadReadModel } from '../../../lambdas/contexts/load-read-models.ts';
import { loadTodoRules } from '../../../lambdas/contexts/load-todo-rules.ts';
import { metricsContext } from '../../../lambdas/contexts/metrics/context.ts';
import { todoProjections } from '../../../lambdas/contexts/todo/read-model/projection.ts';
import { contextNames, recordOf } from '../../../schema/contexts.ts';
import type { CodeVersion } from '../world/instance.ts';

/** What the functions load at their start, loaded once for all histories. */
export const todoRules = await loadTodoRules();
export const projectionsOfTodo = todoProjections(todoRules);
export const sealedProjections = await loadProjections();
const readModels = await Promise.all(contextNames.map(loadReadModel));

/** The read models with their projections. */
export const readModelOf = recordOf(contextNames, (name) => {
  const found = readModels.find((readModel) => readModel.name === name);
  if (found === undefined) throw new Error(`There is no read model ${name}.`);
  return found;
});

/** The contexts with commands, as a version of the code has them. The next version cannot use the snapshots of the current one. */
export function contextsOf(version: CodeVersion) {
  if (version === 'current') return current;
  return next;
}

const current = { ledger: ledgerContext, metrics: metricsContext, dispense: dispenseContext };

const next = {
  ledger: { ...ledgerContext, decider: withNextState(ledgerContext.decider) },
  metrics: { ...metricsContext, decider: withNextState(metricsContext.decider) },
  dispense: { ...dispenseContext, decider: withNextState(dispenseContext.decider) },
};

function withNextState<Decider extends { readonly stateVersion: number }>(decider: Decider): Decider {
  return { ...decider, stateVersion: decider.stateVersion + 1 };
}
