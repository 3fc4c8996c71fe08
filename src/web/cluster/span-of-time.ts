/** How long something lasted, in its two largest units. Pure. */

export interface SpanPart {
  readonly value: number;
  readonly unit: 'day' | 'hour' | 'minute' | 'second';
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** 3 723 000 ms: 1 hour and 2 minutes. */
export const spanParts = (ms: number): readonly SpanPart[] => {
  let left = Math.max(0, Math.floor(ms / 1_000));
  const parts: SpanPart[] = [];
  for (const [unit, seconds] of units) {
    const value = Math.floor(left / seconds);
    left -= value * seconds;
    if (value > 0 || parts.length > 0) parts.push({ value, unit });
  }
  const shown = parts.slice(0, 2).filter(({ value }) => value > 0);
  return shown.length === 0 ? [{ value: 0, unit: 'second' }] : shown;
};
