/** The outlines of what the diagram draws: lines, heads of arrows, the ends of those that did not arrive. Pure. */
import type { PlacedArrow } from './sequence-layout.ts';
import { arrowLooks } from './sequence-look.ts';

const headLength = 8;
const headHalf = 4;
/** A line ends so far before the middle of a lane, where notes have their glyphs. */
const shortOf = 3;

const round = (value: number): number => Math.round(value * 10) / 10;

/** The end of the line, a little before its lane, and the direction in which it comes there. */
const tipOf = ({ x1, y1, x2, y2, item }: PlacedArrow) => {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const back = item.fate === 'arrived' ? shortOf : 0;
  return { x: x2 - dx * back, y: y2 - dy * back, dx, dy };
};

export const linePath = (arrow: PlacedArrow): string => {
  const { x, y } = tipOf(arrow);
  return `M${round(arrow.x1)},${round(arrow.y1)}L${round(x)},${round(y)}`;
};

/** The head of an arrow that arrived; a cross where one was lost; a ring where nobody knows. */
export const headPath = (arrow: PlacedArrow): string => {
  const { x, y, dx, dy } = tipOf(arrow);
  const at = (along: number, aside: number): string =>
    `${round(x - dx * along - dy * aside)},${round(y - dy * along + dx * aside)}`;
  if (arrow.item.fate === 'lost') return `M${at(5, 5)}L${at(-5, -5)}M${at(-5, 5)}L${at(5, -5)}`;
  if (arrow.item.fate === 'open') {
    return `M${at(-4, 0)}A4,4 0 1 1 ${at(4, 0)}A4,4 0 1 1 ${at(-4, 0)}`;
  }
  const sides = `M${at(headLength, headHalf)}L${at(0, 0)}L${at(headLength, -headHalf)}`;
  return arrowLooks[arrow.item.what].head === 'full' ? `${sides}Z` : sides;
};

/** Whether a head is filled, or drawn with lines only. */
export const isHeadFilled = ({ item }: PlacedArrow): boolean =>
  item.fate === 'arrived' && arrowLooks[item.what].head === 'full';
