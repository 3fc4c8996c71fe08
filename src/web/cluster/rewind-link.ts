/** The address of a moment: `/cluster?at=2026-11-28T14:02:10.250Z`. Milliseconds since 1970 are understood as well. */

/** The moment that an address's query asks for; null when it asks for none, or for nonsense. */
export const momentIn = (query: string): number | null => {
  const asked = new URLSearchParams(query).get('at');
  if (asked === null || asked.length > 40) return null;
  const number = /^\d{12,14}(?:\.\d+)?$/.test(asked);
  if (!number && !/^\d{4}-\d\d-\d\dT/.test(asked)) return null;
  const at = number ? Number(asked) : Date.parse(asked);
  return Number.isFinite(at) && at > 0 && at < 8.64e15 ? at : null;
};

/** The address of a moment, or with null of the present: a path; put `location.origin` before it. */
export const momentPath = (at: number | null): string =>
  at === null ? '/cluster' : `/cluster?at=${new Date(at).toISOString()}`;
