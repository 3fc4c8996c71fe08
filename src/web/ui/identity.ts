/** How a person looks without a picture: initials, and a colour that is theirs everywhere. */

/** White text on each of them has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const avatarColours = [
  '#0f766e',
  '#9a3412',
  '#6d28d9',
  '#1d4ed8',
  '#a21caf',
  '#be123c',
  '#3f6212',
  '#854d0e',
  '#0369a1',
  '#4f46a5',
  '#4b5563',
  '#166534',
] as const;

/** The colour of a person, the same on every device: chosen by FNV-1a over the id, its bits mixed as in MurmurHash3. */
export const avatarColour = (id: string): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return avatarColours[(hash >>> 0) % avatarColours.length]!;
};

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstGrapheme = (text: string): string => segmenter.segment(text)[Symbol.iterator]().next().value?.segment ?? '';

/** One or two letters for a name: of its first and its last word. */
export const initials = (name: string): string => {
  const words = name.split(/[\s_.-]+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = words[0] ?? name;
  const last = words.length > 1 ? words.at(-1) : undefined;
  return (firstGrapheme(first) + (last ? firstGrapheme(last) : '')).toLocaleUpperCase();
};
