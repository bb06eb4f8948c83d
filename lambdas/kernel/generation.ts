/** The generation that the rows of every read model begin with. */
export const firstGeneration = 'g1';
