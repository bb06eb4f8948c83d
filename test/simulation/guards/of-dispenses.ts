import type { Guard } from './guard.ts';

const prescription = 'lambdas/contexts/dispense/domain/prescription.ts';

/** Guards of the review: no reading is used unseen, and a person confirms the one that was seen. */
export const dispenseGuards: readonly Guard[] = [
  {
    name: 'no-completion-unseen',
    what: 'A dispense does not complete while a person must look at a reading.',
    file: prescription,
    changes: [
      { find: "if (prescription?.review !== 'to-review') return undefined;", replace: 'return undefined;' },
    ],
  },
  {
    name: 'newest-reading-is-confirmed',
    what: 'A reading that a newer one has replaced cannot be confirmed.',
    file: prescription,
    changes: [
      {
        find: 'if (prescription?.analysis === analysis) return undefined;',
        replace: 'if (prescription?.analysis !== undefined) return undefined;',
      },
    ],
  },
  {
    name: 'late-result-ignored',
    what: 'The result of an analysis counts only for the newest upload.',
    file: prescription,
    changes: [
      {
        find: "if (review !== 'under-way' || keys.at(-1) !== key) return [];",
        replace: "if (review !== 'under-way' || key === '') return [];",
      },
    ],
  },
  {
    name: 'all-pages-are-read',
    what: 'An analysis reads all pages of the prescription.',
    file: 'lambdas/contexts/dispense/automations/analysis/analyze-uploads.ts',
    changes: [{ find: '[...upload.earlierKeys, upload.key]', replace: '[upload.key]' }],
  },
  {
    name: 'doubtful-reading-is-not-trusted',
    what: 'A reading with a line that was not understood is not trusted.',
    file: 'lambdas/contexts/dispense/domain/trust.ts',
    changes: [
      { find: "analyzer === 'embedded' &&", replace: "drugs.length > 0 ||\n    analyzer === 'embedded' &&" },
    ],
  },
  {
    name: 'drugs-confirm-only-what-was-seen',
    what: 'Drugs confirm a reading only if their command names it.',
    file: 'lambdas/contexts/dispense/domain/dispense.ts',
    changes: [{ find: 'confirmsAnalysis: analysis !== undefined', replace: 'confirmsAnalysis: true' }],
  },
  {
    name: 'review-stays-open',
    what: 'Drugs close the item of a review only if they confirm the reading.',
    file: 'lambdas/contexts/dispense/todo-rules.ts',
    changes: [{ find: 'where: ({ confirmsAnalysis }) => confirmsAnalysis', replace: 'where: () => true' }],
  },
];
