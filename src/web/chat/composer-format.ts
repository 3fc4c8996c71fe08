/** Puts marks around what is selected, or takes them off. Pure. */

export interface Selected {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What to put from `from` to `to` of the text, and what is selected then. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Marks the selection with `mark` on both sides; without one, puts the caret between two marks. */
export const withMark = ({ text, start, end }: Selected, mark: string): Replacement => {
  const inner = text.slice(start, end);
  const size = mark.length;
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return { from: start - size, to: end + size, text: inner, start: start - size, end: end - size };
  }
  if (inner.length >= 2 * size && inner.startsWith(mark) && inner.endsWith(mark)) {
    const bare = inner.slice(size, -size);
    return { from: start, to: end, text: bare, start, end: start + bare.length };
  }
  return { from: start, to: end, text: mark + inner + mark, start: start + size, end: end + size };
};

/** Code: a block when more than one line is selected. */
export const withCode = (selected: Selected): Replacement => {
  const { text, start, end } = selected;
  const inner = text.slice(start, end);
  if (!inner.includes('\n')) return withMark(selected, '`');
  const open = `${start > 0 && text[start - 1] !== '\n' ? '\n' : ''}\`\`\`\n`;
  const close = `\n\`\`\`${end < text.length && text[end] !== '\n' ? '\n' : ''}`;
  return {
    from: start,
    to: end,
    text: open + inner + close,
    start: start + open.length,
    end: start + open.length + inner.length,
  };
};

/** Writes into a field as a hand would, so that the browser can undo it. */
export const replaceIn = (field: HTMLTextAreaElement, { from, to, text, start, end }: Replacement): void => {
  field.focus();
  field.setSelectionRange(from, to);
  const done = text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
  if (!done) {
    field.setRangeText(text, from, to, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  field.setSelectionRange(start, end);
};
