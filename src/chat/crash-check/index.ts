/** The door of the crash check: the chat machine closed, killed and cut off, against one that never stops. */

export { type CrashCheckResult, checkCrashes } from './crash-check.ts';
export { type ChatMutant, type ChatMutantResult, chatMutants, huntInChat } from './mutants.ts';
