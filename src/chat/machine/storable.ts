/**
 * Text as it is stored. Half a surrogate pair has no form in UTF-8, and at a NUL some versions of Node take a text that
 * they read from SQLite for ended: either becomes U+FFFD, before anybody is told of it, so that it reads the same
 * everywhere and for ever.
 */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
