/**
 * The sequence diagram as one SVG file that can be read by itself: with its own colours, its lanes' names, its times,
 * a legend, and the whole of it in words for who cannot see it. Pure.
 */
import { type ArrowKind, arrowKinds, type Sequence } from './sequence-items.ts';
import { layOut } from './sequence-layout.ts';
import { arrowLooks, glyphPath, isStroked, noteLook, type Tone, toneOf } from './sequence-look.ts';
import type { ExportWords } from './sequence-mermaid.ts';
import { headPath, isHeadFilled, linePath } from './sequence-shapes.ts';

export interface SvgWords extends ExportWords {
  readonly title: string;
  /** A moment, to the millisecond. */
  readonly time: (at: number) => string;
  readonly arrow: (what: ArrowKind) => string;
}

/** Dark on white, each at least 4.5 to 1: for paper and for pages of any colour. */
const colours: Readonly<Record<Tone, string>> = {
  request: '#15211d',
  copy: '#1c62c4',
  done: '#0d7a48',
  change: '#855000',
  trouble: '#b3261e',
  quiet: '#5f6d67',
};

const escaped = (text: string): string =>
  // Control characters have no place in XML, escaped or not.
  text.replace(/[^\P{Cc}\t\n]/gu, ' ').replace(/[&<>"']/g, (found) => `&#${found.codePointAt(0)};`);

const headPx = 76;
const legendPx = 58;
const rowPx = 26;
const gutter = 108;

const style = [
  'text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;fill:#15211d}',
  '.title{font-size:17px;font-weight:700}.lane{font-size:14px;font-weight:700;text-anchor:middle}',
  '.time{fill:#5f6d67;font-variant-numeric:tabular-nums}',
  '.label{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}',
].join('');

const legend = (words: SvgWords, width: number, top: number): string => {
  const each = Math.max(150, (width - 32) / arrowKinds.length);
  const perRow = Math.max(1, Math.floor((width - 32) / each));
  return arrowKinds
    .map((what, place) => {
      const { tone, dash } = arrowLooks[what];
      const [x, y] = [16 + (place % perRow) * each, top + Math.floor(place / perRow) * 22];
      const line = `<path d="M${x},${y}h34" stroke="${colours[tone]}" stroke-width="2" stroke-dasharray="${dash}"/>`;
      return `${line}<text x="${x + 42}" y="${y + 4}">${escaped(words.arrow(what))}</text>`;
    })
    .join('');
};

/** @param steps whether the steps of each copy are in it too */
export const svgOf = (sequence: Sequence, words: SvgWords, steps: boolean): string => {
  const laneMin = 170;
  const width = Math.max(760, gutter + laneMin * sequence.lanes.length);
  const layout = layOut(sequence, { width, rowPx, gutter, laneMin, steps });
  const legendRows = Math.ceil(
    arrowKinds.length / Math.max(1, Math.floor((width - 32) / Math.max(150, (width - 32) / arrowKinds.length))),
  );
  const height = headPx + layout.height + legendPx + (legendRows - 1) * 22;
  const body: string[] = [];
  for (const lane of layout.lanes) {
    body.push(`<path d="M${lane.x},0V${layout.height}" stroke="#7c8a84"/>`);
  }
  for (const { item, x, y1, y2 } of layout.spans) {
    const look =
      item.kind === 'primary'
        ? 'stroke="#0d7a48" stroke-width="7" stroke-opacity=".35"'
        : 'stroke="#b3261e" stroke-width="5" stroke-dasharray="2 5"';
    body.push(`<path d="M${x},${y1}V${y2}" ${look}/>`);
  }
  for (const { y, at, gapMs } of layout.marks) {
    if (gapMs !== null) {
      const line = `<path d="M8,${y - rowPx}H${layout.width - 8}" stroke="#7c8a84" stroke-dasharray="1 5"/>`;
      body.push(`${line}<text class="time" x="8" y="${y - rowPx - 4}">${escaped(words.gap(gapMs))}</text>`);
    }
    body.push(`<text class="time" x="8" y="${y + 4}">${escaped(words.time(at))}</text>`);
  }
  for (const arrow of layout.arrows) {
    const { item, labelX, labelY, anchor } = arrow;
    const colour = colours[toneOf(item)];
    const fill = isHeadFilled(arrow) ? colour : 'none';
    body.push(
      `<path d="${linePath(arrow)}" stroke="${colour}" stroke-width="1.6" stroke-dasharray="${arrowLooks[item.what].dash}"/>`,
      `<path d="${headPath(arrow)}" stroke="${colour}" stroke-width="1.6" fill="${fill}"/>`,
      `<text class="label" x="${labelX}" y="${labelY + 2}" text-anchor="${anchor}">${escaped(words.short(item))}</text>`,
    );
  }
  for (const { item, x, y, anchor } of layout.notes) {
    const colour = colours[toneOf(item)];
    const lines = isStroked(item.what) || noteLook(item.what).hollow === true;
    body.push(
      `<path transform="translate(${x},${y})" d="${glyphPath(item.what)}" stroke="${colour}" stroke-width="2" fill="${lines ? '#fff' : colour}"/>`,
      `<text class="label" x="${anchor === 'start' ? x + 13 : x - 13}" y="${y + 4}" text-anchor="${anchor}">${escaped(words.short(item))}</text>`,
    );
  }
  const heads = layout.lanes.map(
    (lane) => `<text class="lane" x="${lane.x}" y="${headPx - 12}">${escaped(words.lane(lane))}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${height}" viewBox="0 0 ${layout.width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(words.title)}</title><style>${style}</style>`,
    `<rect width="100%" height="100%" fill="#fff"/><text class="title" x="16" y="30">${escaped(words.title)}</text>`,
    ...heads,
    `<g fill="none" transform="translate(0,${headPx})">`,
    ...body,
    '</g>',
    `<g>${legend(words, layout.width, headPx + layout.height + 30)}</g>`,
    '</svg>\n',
  ].join('\n');
};
