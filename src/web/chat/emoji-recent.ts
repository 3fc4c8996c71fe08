/** The emoji that the person at this browser likes, the latest first, and the skin tone they chose. */
import { readSetting, writeSetting } from '../app/settings.ts';

const keptMax = 24;
/** For who has not chosen any yet. */
const first = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export const recentEmoji = (): readonly string[] => {
  const kept = (readSetting('emoji.recent') ?? '').split(' ').filter((emoji) => emoji !== '');
  return [...kept, ...first.filter((emoji) => !kept.includes(emoji))];
};

/** Puts an emoji before the others. */
export const noteEmoji = (emoji: string): void => {
  const others = recentEmoji().filter((one) => one !== emoji);
  writeSetting('emoji.recent', [emoji, ...others].slice(0, keptMax).join(' '));
};

/** 0: none; 1 to 5: from light to dark. */
export const chosenTone = (): number => {
  const tone = Number(readSetting('emoji.tone'));
  return Number.isInteger(tone) && tone >= 0 && tone <= 5 ? tone : 0;
};
export const chooseTone = (tone: number): void => writeSetting('emoji.tone', tone === 0 ? null : String(tone));
