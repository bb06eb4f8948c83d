import { dispenseRules } from './dispense.ts';
import { ledgerRules } from './ledger.ts';
import { metricRules } from './metrics.ts';
import type { Rules } from './rules.ts';

const rulesByContext: Readonly<Record<string, Rules<unknown>>> = {
  ledger: ledgerRules as Rules<unknown>,
  metrics: metricRules as Rules<unknown>,
  dispense: dispenseRules as Rules<unknown>,
};

/** The rules of a context; undefined for one that has none here. */
export function rulesOf(context: string): Rules<unknown> | undefined {
  return Object.hasOwn(rulesByContext, context) ? rulesByContext[context] : undefined;
}
