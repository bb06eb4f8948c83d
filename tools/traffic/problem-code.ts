/** The last part of the problem's `type`, as in `ledger/closed`; undefined where the body is no problem. */
export function problemCodeOf(body: unknown): string | undefined {
  const type = typeof body === 'object' ? (body as { type?: unknown } | null)?.type : undefined;
  return typeof type === 'string' ? type.slice(type.lastIndexOf(':') + 1) : undefined;
}
