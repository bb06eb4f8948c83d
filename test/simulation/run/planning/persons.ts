import type { PersonCommand } from '../../history.ts';
import type { Random } from '../../world/random.ts';
import { people } from './commands.ts';
import type { CommandDraft, Draft } from './draft.ts';
import type { Planned } from './planned.ts';

type Visit = Extract<PersonCommand, { context: 'dispense' }>;

/** How close first dispenses of a person are, and what comes at the moment of an erasure, in ms. */
const togetherMs = 300;
const aroundErasureMs = 4_000;

/** Persons with several dispenses, often at the same moment, who are corrected, held and erased. */
export function persons(random: Random, planned: Planned): readonly Draft[] {
  return Array.from({ length: random.between(1, 3) }, (_, index) =>
    personOf(random.of(index), planned, `Quill-${index + 1}`),
  ).flat();
}

function personOf(random: Random, { temper }: Planned, identifier: string): readonly Draft[] {
  const { spanMs, attempts, patienceMs } = temper;
  const of = (command: Visit, atMs: number): CommandDraft => ({
    ...{ kind: 'command', atMs, who: random.pick(people), command, isKeyed: random.chance(0.8) },
    attempts: random.between(1, attempts),
    patienceMs: random.between(300, patienceMs),
  });
  const visit = (id: string, fromMs: number): readonly Draft[] => {
    const base = { context: 'dispense', id } as const;
    const patient = { ...base, name: `Ada ${identifier}`, identifier };
    const later = () => fromMs + random.under(spanMs - Math.min(fromMs, spanMs - 1));
    const other = random.pick([identifier, 'Quill-1', 'Quill-2', undefined]);
    const corrected = {
      ...base,
      name: `Eda ${identifier}`,
      ...(other !== undefined && { identifier: other }),
    };
    const optional: readonly (readonly [number, Visit])[] = [
      [0.6, { ...base, do: 'upload', document: random.pick(['plain-5', 'plain-6', 'doubtful-3']) }],
      [0.5, { ...base, do: 'add-drugs', drugs: ['Ibuprofen'] }],
      [0.4, { ...corrected, do: 'correct-patient' }],
      [0.4, { ...base, do: 'complete' }],
      [0.15, { ...base, do: 'cancel' }],
      [0.4, { ...base, do: 'add-page', document: 'plain-7' }],
    ];
    return [
      of({ ...base, do: 'start' }, fromMs),
      of({ ...patient, do: 'add-patient' }, fromMs + 400 + random.under(togetherMs)),
      ...optional.flatMap(([share, command]) => (random.chance(share) ? [of(command, later())] : [])),
    ];
  };
  const idOf = (number: number) => `${identifier.toLowerCase().replace('quill', 'visit')}-${number}`;
  const firstMs = random.under(spanMs * 0.3);
  const visits = Array.from({ length: random.between(1, 3) }, (_, index) => {
    const isTogether = random.chance(0.6);
    return visit(idOf(index + 1), isTogether ? firstMs + random.under(50) : random.under(spanMs * 0.7));
  });
  const asks = (what: 'hold' | 'lift' | 'erase', atMs: number): Draft => ({
    ...{ kind: 'person', atMs, who: random.pick(people), asks: what, identifier },
  });
  const eraseMs = firstMs + random.under(spanMs * 0.6);
  const erasures = random.chance(0.75)
    ? [
        asks('erase', eraseMs),
        ...(random.chance(0.3) ? [asks('erase', eraseMs + random.under(spanMs / 2))] : []),
        ...(random.chance(0.6) ? visit(idOf(9), eraseMs + random.under(aroundErasureMs)) : []),
      ]
    : [];
  const holds = random.chance(0.4)
    ? [asks('hold', random.under(spanMs)), asks('lift', random.under(spanMs))]
    : [];
  return [...visits.flat(), ...erasures, ...holds];
}
