/** Draws the tree of a message's text. Every node is an element made here: no HTML of anybody's ever gets into the page. */
import './text.css';
import { Fragment, type MouseEvent, memo, type ReactNode } from 'react';
import { navigate, routeOf } from '../app/router.ts';
import { CodeBlock } from './code-block.tsx';
import { isEmojiOnly } from './emoji-only.ts';
import { type Block, type Inline, type ListItem, markdownOf } from './markdown.ts';
import { type Mentioned, splitMentions } from './mentions.ts';

interface Around {
  /** Whom the message mentions. */
  readonly mentions: readonly Mentioned[];
  /** Id of the person at this screen. */
  readonly you: string;
}

/** An address of this page itself is followed in it, without loading it again. */
const pathHere = (href: string): string | null => {
  const url = new URL(href);
  return url.origin === location.origin && routeOf(url.pathname).page === 'chat' ? url.pathname : null;
};

const follow = (event: MouseEvent, path: string): void => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(path);
};

const TextLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => {
  const path = pathHere(href);
  if (path !== null) {
    return (
      <a href={href} onClick={(event) => follow(event, path)}>
        {children}
      </a>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
};

/** The pieces of a text have no names of their own, and never change places. */
const numbered = <T,>(list: readonly T[]): readonly (readonly [string, T])[] =>
  list.map((one, at) => [String(at), one] as const);

const withMentions = (text: string, { mentions, you }: Around): ReactNode =>
  numbered(splitMentions(text, mentions)).map(([key, piece]) =>
    piece.mention ? (
      <span
        key={key}
        className="text-mention"
        data-you={piece.mention.id === you || piece.mention.id === 'room' || undefined}
      >
        {piece.text}
      </span>
    ) : (
      <Fragment key={key}>{piece.text}</Fragment>
    ),
  );

const inline = (node: Inline, around: Around): ReactNode => {
  switch (node.kind) {
    case 'text':
      return withMentions(node.text, around);
    case 'break':
      return <br />;
    case 'code':
      return <code className="text-code">{node.text}</code>;
    case 'strong':
      return <strong>{inlines(node.children, around)}</strong>;
    case 'em':
      return <em>{inlines(node.children, around)}</em>;
    case 'del':
      return <del>{inlines(node.children, around)}</del>;
    case 'link':
      return <TextLink href={node.href}>{inlines(node.children, around)}</TextLink>;
  }
};

const inlines = (nodes: readonly Inline[], around: Around): ReactNode =>
  numbered(nodes).map(([key, node]) => <Fragment key={key}>{inline(node, around)}</Fragment>);

const listItem = (item: ListItem, around: Around): ReactNode => (
  <>
    {item.ticked === null ? null : <span className="text-tick">{item.ticked ? '☑' : '☐'}</span>}
    {blocks(item.blocks, around)}
  </>
);

const block = (node: Block, around: Around, tail: ReactNode): ReactNode => {
  switch (node.kind) {
    case 'paragraph':
      return (
        <p dir="auto">
          {inlines(node.children, around)}
          {tail}
        </p>
      );
    case 'heading':
      return (
        <p dir="auto" className="text-heading" data-level={Math.min(node.level, 3)}>
          {inlines(node.children, around)}
          {tail}
        </p>
      );
    case 'code':
      return <CodeBlock text={node.text} />;
    case 'quote':
      return <blockquote>{blocks(node.blocks, around)}</blockquote>;
    case 'list': {
      const items = numbered(node.items).map(([key, item]) => (
        <li key={key} data-task={item.ticked !== null || undefined}>
          {listItem(item, around)}
        </li>
      ));
      return node.start === null ? <ul>{items}</ul> : <ol start={node.start}>{items}</ol>;
    }
    case 'table': {
      const [head = [], ...rows] = node.rows;
      return (
        <div className="text-table">
          <table>
            <thead>
              <tr>
                {numbered(head).map(([key, cell]) => (
                  <th key={key}>{inlines(cell, around)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {numbered(rows).map(([key, row]) => (
                <tr key={key}>
                  {numbered(row).map(([cellKey, cell]) => (
                    <td key={cellKey}>{inlines(cell, around)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case 'rule':
      return <hr />;
  }
};

const blocks = (nodes: readonly Block[], around: Around): ReactNode =>
  numbered(nodes).map(([key, node]) => <Fragment key={key}>{block(node, around, null)}</Fragment>);

const takesTail = (node: Block | undefined): boolean => node?.kind === 'paragraph' || node?.kind === 'heading';

interface MarkdownViewProps extends Around {
  readonly text: string;
  /** Stands behind the last word. */
  readonly tail?: ReactNode;
}

/** A message's text as it was meant. */
export const MarkdownView = memo(({ text, tail = null, ...around }: MarkdownViewProps) => {
  const nodes = markdownOf(text);
  const last = nodes.at(-1);
  return (
    <div className="message-text text" data-large={isEmojiOnly(text) || undefined}>
      {numbered(nodes).map(([key, node]) => (
        <Fragment key={key}>{block(node, around, node === last ? tail : null)}</Fragment>
      ))}
      {takesTail(last) ? null : tail}
    </div>
  );
});
