/** What was written and not sent, a room, kept in this browser. */
import { readSetting, writeSetting } from '../app/settings.ts';

export const readDraft = (room: string): string => readSetting(`draft.${room}`) ?? '';
export const writeDraft = (room: string, text: string): void => writeSetting(`draft.${room}`, text);
