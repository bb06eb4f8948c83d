/** How far a clock may differ from the clock of DynamoDB, in ms: docs/promises.md says half a second. Two clocks: twice that. */
export const clockFreedomMs = 500;
