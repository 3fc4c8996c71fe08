const emoji = /\p{RGI_Emoji}/gv;

/** As many stand alone as a message and are drawn large. */
const largeMax = 6;

/** Whether a text is a few emoji and nothing else. */
export const isEmojiOnly = (text: string): boolean => {
  if (text.length > 120) return false;
  const found = text.match(emoji)?.length ?? 0;
  return found > 0 && found <= largeMax && text.replace(emoji, '').trim() === '';
};
