/**
 * Notices when the chat database cannot be relied on any more, whoever asks it: a damaged page may be met by a question
 * long after the server has started, and a server that answers some questions and not others should not serve.
 */
import { type Chat, isBroken } from '../chat/index.ts';

/** The same chat; `broken` resolves with the first error that says its database is damaged or unreadable. */
export const watchedChat = (chat: Chat): { readonly chat: Chat; readonly broken: Promise<Error> } => {
  const { promise, resolve } = Promise.withResolvers<Error>();
  const watch =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Result) =>
    (...args: Arguments): Result => {
      try {
        return call(...args);
      } catch (error) {
        if (error instanceof Error && isBroken(error)) resolve(error);
        throw error;
      }
    };
  // Every function of the chat is watched, those of tomorrow too; what is no function is read as it is.
  const watched = Object.create(
    null,
    Object.fromEntries(
      Object.entries(Object.getOwnPropertyDescriptors(chat)).map(([name, property]) => [
        name,
        typeof property.value === 'function' ? { ...property, value: watch(property.value) } : property,
      ]),
    ),
  ) as Chat;
  return { chat: watched, broken: promise };
};
