/** The sequence diagram as Mermaid text, for documents: https://mermaid.js.org/syntax/sequenceDiagram.html */
import { type Arrow, endOf, type Item, isStep, type Lane, type Sequence } from './sequence-items.ts';

/** What the exports need in the language of the page. */
export interface ExportWords {
  readonly lane: (lane: Lane) => string;
  readonly short: (item: Item) => string;
  /** How long nothing happened. */
  readonly gap: (ms: number) => string;
}

/** Nothing for so long is said. */
const gapMs = 1_000;

/** Mermaid ends a statement at a line break or a semicolon, and reads what is between # and ; as a character’s name. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[#;]/g, (found) => (found === '#' ? '#35;' : '#59;'))
    .trim();

const lines: Readonly<Record<Arrow['what'], string>> = {
  taken: '->>',
  forward: '->>',
  append: '->>',
  stored: '-->>',
  synchronised: '->>',
  answered: '-->>',
};

const lineOf = ({ what, fate }: Arrow): string => (fate === 'lost' ? '-x' : fate === 'open' ? '-)' : lines[what]);

/** @param steps whether the steps of each copy are in it too */
export const mermaidOf = (sequence: Sequence, words: ExportWords, steps: boolean): string => {
  const names = new Map(sequence.lanes.map(({ id }, place) => [id, `p${place}`]));
  const all = [...names.values()];
  const everyone = `${all[0]},${all.at(-1)}`;
  const text: string[] = ['sequenceDiagram'];
  for (const lane of sequence.lanes) {
    text.push(
      `  ${lane.kind === 'people' ? 'actor' : 'participant'} ${names.get(lane.id)} as ${escaped(words.lane(lane))}`,
    );
  }
  let before: number | null = null;
  for (const item of sequence.items) {
    if (!steps && isStep(item)) continue;
    const clock = sequence.clocks[endOf(item).place]!;
    if (before !== null && clock - before >= gapMs)
      text.push(`  Note over ${everyone}: ${escaped(words.gap(clock - before))}`);
    before = clock;
    const short = escaped(words.short(item));
    if (item.kind === 'note') text.push(`  Note over ${names.get(item.lane)}: ${short}`);
    else text.push(`  ${names.get(item.from)}${lineOf(item)}${names.get(item.to)}: ${short}`);
  }
  return `${text.join('\n')}\n`;
};
