/** How each thing on the diagram looks: tone, dash, head and glyph. No two kinds differ by their colour alone. */
import {
  type SymbolType,
  symbol,
  symbolAsterisk,
  symbolCircle,
  symbolDiamond,
  symbolPlus,
  symbolSquare,
  symbolStar,
  symbolTimes,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import type { ArrowKind, Item, Note } from './sequence-items.ts';

/** What colour says, and never says alone. */
export type Tone = 'request' | 'copy' | 'done' | 'change' | 'trouble' | 'quiet';

export interface ArrowLook {
  readonly tone: Tone;
  /** As in `stroke-dasharray`; empty for a line without gaps. */
  readonly dash: string;
  readonly head: 'full' | 'open';
}

export const arrowLooks: Readonly<Record<ArrowKind, ArrowLook>> = {
  taken: { tone: 'request', dash: '', head: 'full' },
  forward: { tone: 'request', dash: '8 3', head: 'full' },
  append: { tone: 'copy', dash: '', head: 'full' },
  stored: { tone: 'copy', dash: '2 3', head: 'open' },
  synchronised: { tone: 'done', dash: '', head: 'full' },
  answered: { tone: 'done', dash: '7 3 2 3', head: 'open' },
};

interface NoteLook {
  readonly tone: Tone;
  readonly glyph: SymbolType;
  readonly hollow?: boolean;
}

const quiet: NoteLook = { tone: 'quiet', glyph: symbolSquare, hollow: true };

const noteLooks: Readonly<Partial<Record<Note['what'], NoteLook>>> = {
  sequenced: { tone: 'copy', glyph: symbolSquare },
  committed: { tone: 'done', glyph: symbolDiamond },
  processed: { tone: 'done', glyph: symbolCircle },
  synchronised: { tone: 'done', glyph: symbolCircle, hollow: true },
  dying: { tone: 'trouble', glyph: symbolTimes },
  'server-down': { tone: 'trouble', glyph: symbolTimes },
  'primary-killed': { tone: 'trouble', glyph: symbolTimes },
  halted: { tone: 'trouble', glyph: symbolTimes },
  'primary-lost': { tone: 'trouble', glyph: symbolAsterisk },
  dropped: { tone: 'trouble', glyph: symbolPlus },
  'lock-gained': { tone: 'change', glyph: symbolDiamond, hollow: true },
  promoted: { tone: 'change', glyph: symbolStar },
  'stepped-down': { tone: 'change', glyph: symbolStar, hollow: true },
  following: { tone: 'copy', glyph: symbolTriangle, hollow: true },
  resynced: { tone: 'done', glyph: symbolTriangle },
  'server-up': { tone: 'done', glyph: symbolPlus },
  acted: { tone: 'change', glyph: symbolWye },
};

export const noteLook = (what: Note['what']): NoteLook => noteLooks[what] ?? quiet;

const stroked: ReadonlySet<SymbolType> = new Set([symbolTimes, symbolAsterisk, symbolPlus]);

/** Whether a note's glyph is drawn with lines only. */
export const isStroked = (what: Note['what']): boolean => stroked.has(noteLook(what).glyph);

const glyphs = new Map<string, string>();

/** A note's glyph around 0,0. */
export const glyphPath = (what: Note['what']): string => {
  const known = glyphs.get(what);
  if (known !== undefined) return known;
  const { glyph } = noteLook(what);
  const path = symbol(glyph, glyph === symbolStar ? 110 : 62)() ?? '';
  glyphs.set(what, path);
  return path;
};

/** The tone in which an item is drawn. What went wrong is in the tone of trouble, whatever it was to be. */
export const toneOf = (item: Item): Tone => {
  if (item.kind === 'note') return noteLook(item.what).tone;
  return item.fate === 'lost' ? 'trouble' : arrowLooks[item.what].tone;
};
