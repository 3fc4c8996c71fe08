/** Orders for lists of what people named: as their language sorts it, numbers by their value. */
import { generalRoom } from '../../protocol/index.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** By name, the room that everybody is in first. */
export const byName = (language: string): ((a: Named, b: Named) => number) => {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const first = (one: Named) => (one.id === generalRoom ? 0 : 1);
  return (a, b) => first(a) - first(b) || collator.compare(a.name, b.name);
};
