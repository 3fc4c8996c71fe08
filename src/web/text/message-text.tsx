/**
 * A message's text as the page shows it. What reads and draws Markdown is a file of its own, asked for together with the
 * page's: until it is there, and should it not come, texts are shown as they were written.
 */
import './text.css';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import type { Mentioned } from './mentions.ts';

interface MessageTextProps {
  readonly text: string;
  readonly mentions: readonly Mentioned[];
  /** Id of the person at this screen. */
  readonly you: string;
  /** Stands behind the last word. */
  readonly tail?: ReactNode;
}

const view = import('./markdown-view.tsx');
const words = import('./markdown.ts');
for (const part of [view, words]) part.catch(() => undefined);

const AsWritten = ({ text, tail = null }: Pick<MessageTextProps, 'text' | 'tail'>) => (
  <div className="message-text text text-as-written">
    {text}
    {tail}
  </div>
);

const Drawn = lazy<ComponentType<MessageTextProps>>(() =>
  view.then(
    ({ MarkdownView }) => ({ default: MarkdownView }),
    () => ({ default: AsWritten }),
  ),
);

export const MessageText = (props: MessageTextProps) => (
  <Suspense fallback={<AsWritten text={props.text} tail={props.tail} />}>
    <Drawn {...props} />
  </Suspense>
);

let plain = (text: string): string => text;
words.then(
  ({ plainText }) => {
    plain = plainText;
  },
  () => undefined,
);

/** The words of a text in one line, without its marks, as soon as it is known what these are. */
export const wordsNow = (text: string): string => plain(text);

const Words = lazy(() =>
  words.then(
    ({ plainText }) => ({ default: ({ text }: { readonly text: string }) => plainText(text) }),
    () => ({ default: ({ text }: { readonly text: string }) => text }),
  ),
);

/** The words of a text in one line, without its marks. */
export const MessageWords = ({ text }: { readonly text: string }) => (
  <Suspense fallback={text}>
    <Words text={text} />
  </Suspense>
);
