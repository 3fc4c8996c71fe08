/** What was written and not sent, a room, kept in this browser. */
import { forgetSettings, readSetting, writeSetting } from '../app/settings.ts';

export const readDraft = (room: string): string => readSetting(`draft.${room}`) ?? '';
export const writeDraft = (room: string, text: string): void => writeSetting(`draft.${room}`, text);
/** Who signs out leaves nothing of theirs to the next person at this browser. */
export const forgetDrafts = (): void => forgetSettings('draft.');
