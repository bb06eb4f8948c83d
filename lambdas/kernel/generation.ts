/** The first generation of every read model. A generation is one complete copy of the rows. */
export const firstGeneration = 'g1';
