/** The first generation of every read model. */
export const firstGeneration = 'g1';
