/** What one was about to answer, a room, kept in this browser beside the draft of the text. */
import type { Quote } from '../../client/index.ts';
import { readSetting, writeSetting } from '../app/settings.ts';

const nameOf = (room: string): string => `draft.${room}.reply`;

export const readReplyDraft = (room: string): Quote | null => {
  try {
    const kept = JSON.parse(readSetting(nameOf(room)) ?? 'null') as Quote | null;
    return typeof kept?.id === 'string' && typeof kept.text === 'string' ? kept : null;
  } catch {
    return null;
  }
};

export const writeReplyDraft = (room: string, quote: Quote | null): void =>
  writeSetting(nameOf(room), quote && JSON.stringify(quote));
