import type { Guard } from './guard.ts';
import { commandGuards } from './of-commands.ts';
import { deliveryGuards } from './of-delivery.ts';
import { deploymentGuards } from './of-deployments.ts';
import { dispenseGuards } from './of-dispenses.ts';
import { logGuards } from './of-log.ts';
import { personGuards } from './of-persons.ts';
import { rebuildGuards } from './of-rebuilds.ts';
import { rowGuards } from './of-rows.ts';
import { sealedGuards } from './of-sealed.ts';

/**
 * The guards of the system. Random waits are none: they only spread load. A change of the source that no longer fits its patch needs
 * another patch here.
 */
export const guards: readonly Guard[] = [
  ...logGuards,
  ...commandGuards,
  ...rowGuards,
  ...deliveryGuards,
  ...rebuildGuards,
  ...sealedGuards,
  ...deploymentGuards,
  ...dispenseGuards,
  ...personGuards,
];
