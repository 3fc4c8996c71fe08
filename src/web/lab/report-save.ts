/**
 * Gives files out of the page: texts, and charts as SVG and PNG. A chart leaves as it would be printed, in light colours,
 * with its title and what its lines mean, and with everything it needs inside: no style sheet goes with it.
 */

/** Hands a file to the browser, which asks or saves it as it is used to. */
export const saveFile = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

export const saveText = (name: string, text: string, type: string): void => {
  // Spreadsheets take a text without a mark for something older than UTF-8.
  const mark = type === 'text/csv' ? '\uFEFF' : '';
  saveFile(name, new Blob([mark, text], { type: `${type};charset=utf-8` }));
};

/** What a picture is made of, once the style sheet is gone. */
const painted = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
] as const;

const svgNs = 'http://www.w3.org/2000/svg';

/** Colours that shine through become plain ones with an opacity: what other programs than browsers know. */
const makeOpaque = (element: SVGElement): void => {
  const found = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(element.getAttribute('fill') ?? '');
  if (found === null) return;
  const [, red, green, blue, alpha] = found;
  element.setAttribute('fill', `rgb(${red}, ${green}, ${blue})`);
  element.setAttribute('fill-opacity', String(Number(alpha) * Number(element.getAttribute('fill-opacity') ?? 1)));
};

/** A copy with its looks written into each of its parts. */
const withLooks = (original: SVGElement): SVGElement => {
  const copy = original.cloneNode(true) as SVGElement;
  const originals = [original, ...original.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  for (const [at, element] of originals.entries()) {
    const looks = getComputedStyle(element);
    const target = copies[at]!;
    for (const property of painted) target.setAttribute(property, looks.getPropertyValue(property));
    makeOpaque(target);
    for (const name of ['class', 'style', 'tabindex']) target.removeAttribute(name);
  }
  return copy;
};

const textAt = (x: number, y: number, content: string, size: number, weight: string): SVGTextElement => {
  const text = document.createElementNS(svgNs, 'text');
  for (const [name, value] of Object.entries({ x, y, 'font-size': size, 'font-weight': weight, fill: '#15211d' })) {
    text.setAttribute(name, String(value));
  }
  text.setAttribute('font-family', 'sans-serif');
  text.textContent = content;
  return text;
};

const headHeight = 52;
const edge = 16;
/** What a letter of a key takes, about: keys stand one behind the other. */
const letterWidth = 7;

export interface Drawing {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** A chart's figure, with its `svg` and its keys, as one SVG file. */
export const drawingOf = (figure: HTMLElement, title: string): Drawing => {
  const picture = figure.querySelector<SVGSVGElement>('svg.plot');
  if (picture === null) throw new Error('There is no picture in this figure.');
  // Colours are decided at the root. Nothing is painted before it is as it was.
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = 'light';
  const { width, height } = picture.viewBox.baseVal;
  const whole = document.createElementNS(svgNs, 'svg');
  const size = { width: width + 2 * edge, height: height + headHeight + edge };
  whole.setAttribute('xmlns', svgNs);
  whole.setAttribute('width', String(size.width));
  whole.setAttribute('height', String(size.height));
  whole.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  const paper = document.createElementNS(svgNs, 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: '#ffffff' })) {
    paper.setAttribute(name, value);
  }
  const named = document.createElementNS(svgNs, 'title');
  named.textContent = title;
  whole.append(named, paper, textAt(edge, 22, title, 14, '700'));
  let x = edge;
  for (const key of figure.querySelectorAll<HTMLElement>('.chart-key')) {
    const mark = key.querySelector<SVGElement>('svg');
    if (mark !== null) {
      const copy = withLooks(mark);
      copy.setAttribute('x', String(x));
      copy.setAttribute('y', '33');
      whole.append(copy);
      x += 34;
    }
    const name = key.textContent ?? '';
    whole.append(textAt(x, 43, name, 12, '400'));
    x += letterWidth * name.length + 20;
  }
  const copy = withLooks(picture);
  for (const [name, value] of Object.entries({ x: edge, y: headHeight, width, height })) {
    copy.setAttribute(name, String(value));
  }
  whole.append(copy);
  if (theme === undefined) delete dataset.theme;
  else dataset.theme = theme;
  return { text: new XMLSerializer().serializeToString(whole), ...size };
};

/** Twice as many pixels as on a plain screen: for paper. */
const pngScale = 2;

/** The same as a PNG. */
export const pngOf = async ({ text, width, height }: Drawing): Promise<Blob> => {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width * pngScale);
    canvas.height = Math.ceil(height * pngScale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png === null) throw new Error('The browser could not make a picture of this chart.');
    return png;
  } finally {
    URL.revokeObjectURL(url);
  }
};
