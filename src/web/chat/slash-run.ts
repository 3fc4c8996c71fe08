/** Does what a command written as a message asks for. */
import { EstafetError } from '../../client/index.ts';
import { navigate, roomHref } from '../app/router.ts';
import type { DeskNotice, MessageDesk } from './message-desk.ts';
import { personNamed, type SlashName, slashCommands } from './slash-commands.ts';

const shrug = '¯\\\\\\_(ツ)\\_/¯';

const run = async (desk: MessageDesk, name: SlashName, rest: string): Promise<DeskNotice | null> => {
  const { store, room } = desk;
  if (rest === '' && (slashCommands[name] === 'text' || slashCommands[name] === 'person')) {
    return { tone: 'problem', key: 'needs', name };
  }
  const person = slashCommands[name] === 'person' ? personNamed(store.state.directory.users.values(), rest) : null;
  if (slashCommands[name] === 'person' && !person) return { tone: 'problem', key: 'nobody', name: rest };
  switch (name) {
    case 'me':
      store.send(room, `/me ${rest}`);
      return null;
    case 'shrug':
      store.send(room, `${rest} ${shrug}`.trim());
      return null;
    case 'topic':
      await store.do('room.edit', { room, topic: rest });
      return null;
    case 'invite':
      await store.do('room.invite', { room, user: person!.id });
      return { tone: 'done', key: 'invited', name: person!.name };
    case 'dm': {
      const { outcome } = await store.do('direct.open', { users: [person!.id] });
      const opened = outcome.ok ? outcome.room : undefined;
      if (opened === undefined) return null;
      await store.until((state) => state.directory.rooms.has(opened));
      navigate(roomHref(store.state.directory.rooms.get(opened)!));
      return null;
    }
    case 'leave':
      await store.do('room.leave', { room });
      navigate('/');
      return null;
    case 'archive':
      await store.do('room.archive', { room, archived: true });
      return null;
    case 'lab':
      navigate('/lab');
      return null;
    case 'cluster':
      navigate('/cluster');
      return null;
  }
};

/** Does it, and says on the desk what there is to say. True when the text has done its work. */
export const runSlash = async (desk: MessageDesk, name: SlashName, rest: string): Promise<boolean> => {
  try {
    const notice = await run(desk, name, rest);
    desk.notice.set(notice);
    return notice?.tone !== 'problem';
  } catch (error) {
    desk.notice.set({ tone: 'problem', code: error instanceof EstafetError ? error.code : 'internal' });
    return false;
  }
};
