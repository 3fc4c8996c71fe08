import { Fragment } from 'react';
import { linkify } from '../text/linkify.ts';

/** A message's text as it was written, with its web addresses as links that leave nothing of this page behind. */
export const MessageText = ({ text }: { readonly text: string }) => {
  let at = 0;
  return linkify(text).map((piece) => {
    const key = at;
    at += piece.text.length;
    if (!piece.href) return <Fragment key={key}>{piece.text}</Fragment>;
    return (
      <a key={key} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    );
  });
};
