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
  const watched: Chat = {
    get position() {
      return chat.position;
    },
    apply: watch(chat.apply),
    install: chat.install,
    outcome: watch(chat.outcome),
    session: watch(chat.session),
    user: watch(chat.user),
    users: watch(chat.users),
    roomsOf: watch(chat.roomsOf),
    rooms: watch(chat.rooms),
    room: watch(chat.room),
    message: watch(chat.message),
    page: watch(chat.page),
    eventsAfter: watch(chat.eventsAfter),
    contentHash: watch(chat.contentHash),
    close: chat.close,
  };
  return { chat: watched, broken: promise };
};
