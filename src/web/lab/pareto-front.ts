/** Which of several choices no other one beats: more of the one thing wanted, less of the other. Pure. */

export interface Choice {
  readonly id: string;
  /** What there should be little of, such as time. Null: there is nothing to compare. */
  readonly cost: number | null;
  /** What there should be much of, such as what arrives. */
  readonly gain: number;
}

/**
 * The ids of those that are not dominated: no other has as much for less, or more for as much. In the order of their
 * cost. Of equal ones all are in it.
 */
export const paretoFront = (choices: readonly Choice[]): readonly string[] => {
  const known = choices.filter((choice): choice is Choice & { readonly cost: number } => choice.cost !== null);
  const beats = (one: (typeof known)[number], other: (typeof known)[number]): boolean =>
    one.cost <= other.cost && one.gain >= other.gain && (one.cost < other.cost || one.gain > other.gain);
  return known
    .filter((one) => !known.some((other) => beats(other, one)))
    .sort((one, other) => one.cost - other.cost || other.gain - one.gain)
    .map(({ id }) => id);
};
