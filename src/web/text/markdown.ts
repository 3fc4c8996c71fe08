/**
 * A message's text as a tree: what of Markdown a chat needs, and nothing that could load, run or hide something. Raw
 * HTML is text, an image is a link to it, and an address is kept only when its scheme is harmless. Pure, and safe for
 * any input: what is nested or marked up beyond measure is shown as it was typed.
 */
import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';
import { linkify, safeHref } from './linkify.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] };

export interface ListItem {
  /** Of an item with a box before it: whether that is ticked. */
  readonly ticked: boolean | null;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'rule' };

/** Quotes in quotes, and lists in lists, are followed so deep. */
const depthMax = 12;
/** With more marks than this a text is not prose: lexing it would take longer than anybody wants to wait. */
const marksMax = 800;

const nothing = (): undefined => undefined;

/** No HTML, no definitions that disappear, no code by indentation alone, no heading by the line below it. */
class MessageTokenizer extends Tokenizer {
  override html = nothing;
  override tag = nothing;
  override def = nothing;
  override code = nothing;
  override lheading = nothing;
}

const lex = (text: string): Token[] => Lexer.lex(text, { gfm: true, breaks: true, tokenizer: new MessageTokenizer() });

/** What only Markdown reads into a text: without any of it, there is no need to look closer. */
const marked = /[*_~`[\\|]|<\S|^ *(?:>|#{1,6} |[-+] |\d{1,9}[.)] |-{3})|www\.|\S@\S/m;
/** Only what stands before a marker may be blank, so that there is one way to match. */
const deep = new RegExp(`^(?:[ \\t]*(?:>|[-*+]|\\d{1,9}[.)])){${depthMax + 1},}`, 'm');

const isTooMuch = (text: string): boolean => {
  if (deep.test(text)) return true;
  const prose = text.includes('```') ? text.replace(/^```[\s\S]*?^```/gm, '') : text;
  return (prose.match(/[*_~`[\]\\]/g)?.length ?? 0) > marksMax;
};

const paragraphsOf = (text: string): readonly Block[] =>
  text
    .split(/\n[ \t]*\n\s*/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ kind: 'paragraph', children: textOf(part) }));

/** Plain text with its addresses and line breaks. */
const textOf = (text: string): Inline[] =>
  text
    .split('\n')
    .flatMap((line, at) => [
      ...(at === 0 ? [] : [{ kind: 'break' } as const]),
      ...linkify(line).map(
        (piece): Inline =>
          piece.href === undefined
            ? { kind: 'text', text: piece.text }
            : { kind: 'link', href: piece.href, children: [{ kind: 'text', text: piece.text }] },
      ),
    ]);

const plain = (text: string): readonly Inline[] => (text === '' ? [] : [{ kind: 'text', text }]);

const linkOf = (token: Tokens.Link | Tokens.Image, depth: number): readonly Inline[] => {
  const href = safeHref(token.href);
  if (href === null) return plain(token.raw);
  if (token.type === 'image') return [{ kind: 'link', href, children: plain(token.text || href) }];
  // A link inside the words of a link would be none of the two.
  const words = inlinesOf(token.tokens ?? [], depth + 1).flatMap((one) => (one.kind === 'link' ? one.children : [one]));
  return [{ kind: 'link', href, children: words.length === 0 ? plain(href) : words }];
};

const inlineOf = (token: Token, depth: number): readonly Inline[] => {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ kind: token.type, children: inlinesOf(token.tokens ?? [], depth + 1) }];
    case 'codespan':
      return [{ kind: 'code', text: (token as Tokens.Codespan).text }];
    case 'br':
      return [{ kind: 'break' }];
    case 'link':
    case 'image':
      return linkOf(token as Tokens.Link, depth);
    case 'escape':
      return plain((token as Tokens.Escape).text);
    case 'checkbox':
      return [];
    case 'text':
      return token.tokens ? inlinesOf(token.tokens, depth + 1) : textOf((token as Tokens.Text).text);
    default:
      return plain(token.raw);
  }
};

const inlinesOf = (tokens: readonly Token[], depth: number): readonly Inline[] => {
  if (depth > depthMax * 2) return plain(tokens.map((token) => token.raw).join(''));
  return tokens.flatMap((token) => inlineOf(token, depth));
};

const itemOf = (item: Tokens.ListItem, depth: number): ListItem => ({
  ticked: item.task ? item.checked === true : null,
  blocks: blocksOf(item.tokens, depth + 1),
});

const blockOf = (token: Token, depth: number): Block | null => {
  switch (token.type) {
    case 'space':
      return null;
    case 'paragraph':
    case 'text':
      return { kind: 'paragraph', children: inlinesOf(token.tokens ?? [], depth) };
    case 'heading':
      return {
        kind: 'heading',
        level: (token as Tokens.Heading).depth,
        children: inlinesOf(token.tokens ?? [], depth),
      };
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code;
      return { kind: 'code', text, language: lang.trim().split(/\s/)[0] ?? '' };
    }
    case 'blockquote':
      return { kind: 'quote', blocks: blocksOf(token.tokens ?? [], depth + 1) };
    case 'list': {
      const { ordered, start, items } = token as Tokens.List;
      return {
        kind: 'list',
        start: ordered ? Number(start) || 0 : null,
        items: items.map((item) => itemOf(item, depth)),
      };
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return {
        kind: 'table',
        rows: [header, ...rows].map((row) => row.map((cell) => inlinesOf(cell.tokens, depth + 1))),
      };
    }
    case 'hr':
      return { kind: 'rule' };
    case 'checkbox':
      return null;
    default:
      return { kind: 'paragraph', children: plain(token.raw) };
  }
};

const blocksOf = (tokens: readonly Token[], depth: number): readonly Block[] => {
  if (depth > depthMax) return paragraphsOf(tokens.map((token) => token.raw).join(''));
  const blocks: Block[] = [];
  let apart = true;
  for (const token of tokens) {
    const block = blockOf(token, depth);
    const before = blocks.at(-1);
    // Two paragraphs with no empty line between them were one to the person who wrote them.
    if (block?.kind === 'paragraph' && before?.kind === 'paragraph' && !apart) {
      blocks[blocks.length - 1] = {
        kind: 'paragraph',
        children: [...before.children, { kind: 'break' }, ...block.children],
      };
    } else if (block) blocks.push(block);
    apart = token.type === 'space';
  }
  return blocks;
};

const parse = (text: string): readonly Block[] => {
  if (!marked.test(text) || isTooMuch(text)) return paragraphsOf(text);
  try {
    return blocksOf(lex(text), 0);
  } catch {
    // The lexer calls itself for what is nested, and a text can be nested deeper than the stack.
    return paragraphsOf(text);
  }
};

const cacheMax = 500;
const cache = new Map<string, readonly Block[]>();

/** The tree of a text. The newest ones are kept, because a list that scrolls asks again and again. */
export const markdownOf = (text: string): readonly Block[] => {
  const known = cache.get(text);
  if (known) return known;
  const made = parse(text);
  cache.set(text, made);
  if (cache.size > cacheMax) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  return made;
};

const wordsOf = (inlines: readonly Inline[]): string =>
  inlines
    .map((one) =>
      one.kind === 'text' || one.kind === 'code' ? one.text : one.kind === 'break' ? ' ' : wordsOf(one.children),
    )
    .join('');

const wordsOfBlock = (block: Block): string => {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return wordsOf(block.children);
    case 'code':
      return block.text;
    case 'quote':
      return block.blocks.map(wordsOfBlock).join(' ');
    case 'list':
      return block.items.map((item) => item.blocks.map(wordsOfBlock).join(' ')).join(' ');
    case 'table':
      return block.rows.map((row) => row.map(wordsOf).join(' ')).join(' ');
    case 'rule':
      return '';
  }
};

/** The words of a text in one line, without its marks: for quotes, notifications and what is read aloud. */
export const plainText = (text: string): string =>
  markdownOf(text).map(wordsOfBlock).join(' ').replace(/\s+/g, ' ').trim();
