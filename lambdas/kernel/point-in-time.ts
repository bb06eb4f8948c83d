/** A point in the history of a stream: a version, or a time (ISO 8601, UTC, ms). */
export type PointInTime = { readonly version: number } | { readonly at: string };
