/**
 * Where each server stands on the map. A place, once given, is kept: whoever comes later gets the middle of the widest
 * gap, whoever goes leaves theirs free and finds it again, and what a person has moved stays where it was put. Pure.
 *
 * Coordinates are of the map's own: both axes from -1 to 1, the middle is 0, 0.
 */

export interface Place {
  readonly x: number;
  readonly y: number;
  /** Where on the ring it is, in turns from the right, clockwise; null once a person has put it elsewhere. */
  readonly turn: number | null;
}

export type Places = Readonly<Record<string, Place>>;

const onRing = (turn: number): Place => {
  const angle = 2 * Math.PI * turn;
  return { x: Math.cos(angle), y: Math.sin(angle), turn: turn - Math.floor(turn) };
};

/** A few that stand evenly: one in the middle, two beside each other, more in a ring that begins at the top. */
const evenly = (names: readonly string[]): Places => {
  if (names.length === 1) return { [names[0]!]: { x: 0, y: 0, turn: null } };
  const first = names.length === 2 ? 0.5 : -0.25;
  const ring = names.map((name, at) => [name, onRing(first + at / names.length)] as const);
  if (names.length === 2) return Object.fromEntries(ring);
  // An odd number leaves the lower end of the map empty: the ring is drawn out to it.
  const lowest = Math.max(...ring.map(([, { y }]) => y));
  return Object.fromEntries(
    ring.map(([name, place]) => [name, { ...place, y: place.y > 0 ? place.y / lowest : place.y }]),
  );
};

/** The middle of the widest gap between turns that are taken; of several alike the first from the top. */
const widestGap = (turns: readonly number[]): number => {
  const top = 0.75;
  const fromTop = turns.map((turn) => (turn - top + 1) % 1).sort((a, b) => a - b);
  let [at, width] = [0, 0];
  fromTop.forEach((turn, i) => {
    const next = fromTop[i + 1] ?? fromTop[0]! + 1;
    // Not wider by what arithmetic leaves behind.
    if (next - turn > width + 1e-9) [at, width] = [turn + (next - turn) / 2, next - turn];
  });
  return top + at;
};

/** Places for all of `names`, of which those in `known` keep theirs. */
export const placesFor = (known: Places, names: readonly string[]): Places => {
  const fresh = names.filter((name) => known[name] === undefined);
  if (fresh.length === 0) return known;
  const here = names.filter((name) => known[name] !== undefined);
  // One in the middle has no place in a ring: the first others to come make one of it.
  const alone = here.length === 1 && known[here[0]!]!.x === 0 && known[here[0]!]!.y === 0;
  if (here.length === 0 || alone) return { ...known, ...evenly(names) };
  const places: Record<string, Place> = { ...known };
  for (const name of fresh) {
    const turns = names.flatMap((other) => places[other]?.turn ?? []);
    places[name] = onRing(turns.length === 0 ? 0.75 : widestGap(turns));
  }
  return places;
};

/** With one of them moved, as far as the map goes. */
export const movedTo = (places: Places, name: string, x: number, y: number): Places => {
  const inside = (value: number): number => Math.max(-1, Math.min(1, value));
  return { ...places, [name]: { x: inside(x), y: inside(y), turn: null } };
};
