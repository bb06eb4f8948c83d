import { type GenerationState, generationName, type Removing } from './generations.ts';

/** Why a change of generations is refused: a sentence for the person who asked. Nothing was changed. */
export interface RefusedChange {
  readonly code: GenerationRefusal;
  readonly refused: string;
}

export type GenerationRefusal =
  /** A generation is being built already. */
  | 'build-runs'
  /** No generation is being built. */
  | 'no-build'
  /** Another generation is being built than the one that was named. */
  | 'other-generation'
  /** The generation that is being built is in another phase. */
  | 'wrong-phase'
  /** The number of segments is out of bounds. */
  | 'segments-out-of-bounds'
  /** There is no generation before the active one. */
  | 'no-previous'
  /** The generation is not one whose rows are to be deleted. */
  | 'not-removing'
  /** So many generations wait for the deletion of their rows that no other may be added. */
  | 'too-many-removing';

/** The next state, with the revision of the old one: the store counts revisions. Or why it is refused. */
export type GenerationChange = GenerationState | RefusedChange;

/** Parts of the log that may be folded at the same time. */
export const segmentsMax = 64;

/** Maximum number of generations whose rows are not deleted yet. It bounds the item of the control table. */
export const removingMax = 20;

export function isRefusedChange(change: GenerationChange): change is RefusedChange {
  return 'refused' in change;
}

/** Names a new generation, which is folded from the log. `now`: ISO 8601, UTC, ms; so in all changes. */
export function begin(
  state: GenerationState,
  { segments, now }: { readonly segments: number; readonly now: string },
): GenerationChange {
  if (state.building !== undefined) {
    const { generation } = state.building;
    return refuse('build-runs', `Generation ${generation} is being built. Resume it, or discard it first.`);
  }
  if (!Number.isInteger(segments) || segments < 1 || segments > segmentsMax) {
    return refuse(
      'segments-out-of-bounds',
      `The number of segments must be a whole number from 1 to ${segmentsMax}.`,
    );
  }
  const last = state.last + 1;
  const building = { generation: generationName(last), phase: 'folding', segments, startedAt: now } as const;
  return { ...state, last, building };
}

/** From now on projectors write the generation that is being built. Repeating it changes nothing. */
export function follow(state: GenerationState, generation: string, now: string): GenerationChange {
  const building = buildOf(state, generation);
  if ('refused' in building) return building;
  if (building.phase === 'following') return state;
  if (building.phase !== 'folding') return wrongPhase(generation, building.phase, 'be followed');
  return { ...state, building: { ...building, phase: 'following', followingSince: now } };
}

/** The generation that is being built is compared, and can become active. Repeating it changes nothing. */
export function finish(state: GenerationState, generation: string): GenerationChange {
  const building = buildOf(state, generation);
  if ('refused' in building) return building;
  if (building.phase === 'compared') return state;
  if (building.phase !== 'following') return wrongPhase(generation, building.phase, 'be finished');
  return { ...state, building: { ...building, phase: 'compared' } };
}

/** The generation that was built becomes active. The active one becomes the previous one; an older previous one is given up. */
export function switchOver({ building, ...state }: GenerationState, now: string): GenerationChange {
  if (building === undefined) {
    return refuse('no-build', 'No generation is being built, so there is none to switch to.');
  }
  const { generation, phase } = building;
  if (phase !== 'compared') return wrongPhase(generation, phase, 'become active');
  const switched = { ...state, active: generation, previous: state.active };
  return state.previous === undefined ? switched : givenUp(switched, state.previous, now);
}

/** The previous generation becomes active again, and the active one previous. A second undo undoes the first. */
export function undo(state: GenerationState): GenerationChange {
  const { active, previous } = state;
  if (previous === undefined) return noPrevious('undo');
  return { ...state, active: previous, previous: active };
}

/** Gives up the generation that is being built, in any phase. */
export function discard({ building, ...state }: GenerationState, now: string): GenerationChange {
  if (building === undefined) {
    return refuse('no-build', 'No generation is being built, so there is none to discard.');
  }
  return givenUp(state, building.generation, now);
}

/** Gives up the previous generation. After that, the last switch cannot be undone. */
export function drop({ previous, ...state }: GenerationState, now: string): GenerationChange {
  return previous === undefined ? noPrevious('drop') : givenUp(state, previous, now);
}

/** All rows of a generation that was given up are deleted. */
export function removed({ removing = [], ...state }: GenerationState, generation: string): GenerationChange {
  const left = removing.filter((one) => one.generation !== generation);
  if (left.length === removing.length) {
    return refuse('not-removing', `Generation ${generation} was not given up, so its rows are not deleted.`);
  }
  return left.length === 0 ? state : { ...state, removing: left };
}

function givenUp(state: GenerationState, generation: string, now: string): GenerationChange {
  const removing: readonly Removing[] = [...(state.removing ?? []), { generation, since: now }];
  if (removing.length <= removingMax) return { ...state, removing };
  return refuse(
    'too-many-removing',
    `The rows of ${removingMax} generations are not deleted yet. Delete those first.`,
  );
}

function buildOf({ building }: GenerationState, generation: string) {
  if (building === undefined) {
    return refuse('no-build', `Generation ${generation} is not being built. No generation is.`);
  }
  if (building.generation === generation) return building;
  return refuse(
    'other-generation',
    `Generation ${generation} is not being built. Generation ${building.generation} is.`,
  );
}

function wrongPhase(generation: string, phase: string, what: string): RefusedChange {
  return refuse('wrong-phase', `Generation ${generation} cannot ${what} now. Its phase is ${phase}.`);
}

function noPrevious(what: string): RefusedChange {
  return refuse('no-previous', `There is no generation before the active one to ${what}.`);
}

function refuse(code: GenerationRefusal, refused: string): RefusedChange {
  return { code, refused };
}
