/** What could complete what stands at the caret: people of the room, emoji, commands. */
import type { TFunction } from 'i18next';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room, User } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { ranked, type Wanted } from './composer-completion.ts';
import type { Emoji } from './emoji-data.ts';
import { chosenTone } from './emoji-recent.ts';
import { slashCommands } from './slash-commands.ts';

export interface Suggestion {
  readonly key: string;
  /** Put in place of what is completed. */
  readonly insert: string;
  readonly name: string;
  readonly about: string;
  /** Shown before the name: an emoji, or a person. */
  readonly emoji?: string;
  readonly user?: User;
}

const shownMax = 8;
const none: readonly Suggestion[] = [];

const loadEmojiCode = () => import('./emoji-data.ts');

const commandsFor = (query: string, room: Room, t: TFunction): readonly Suggestion[] => {
  const allowed = (name: string) => room.access !== 'direct' || !['topic', 'invite', 'leave', 'archive'].includes(name);
  return Object.entries(slashCommands)
    .filter(([name]) => name.startsWith(query) && allowed(name))
    .map(([name, needs]) => ({
      key: name,
      insert: needs === 'nothing' ? `/${name}` : `/${name} `,
      name: needs === 'nothing' ? `/${name}` : `/${name} ${t(`slash.args.${needs}`)}`,
      about: t(`slash.about.${name as keyof typeof slashCommands}`),
    }));
};

/** The people whom a text in this room may mean: those in it, and for commands everybody. */
const usePeople = (room: Room, everybody: boolean, wanted: boolean): readonly User[] => {
  const store = useStore();
  const users = useChat((state) => state.directory.users);
  const members = useChat((state) => state.members.get(room.id));
  const you = useChat((state) => state.you?.id);
  useEffect(() => {
    if (wanted) store.loadMembers(room.id);
  }, [store, wanted, room.id]);
  return useMemo(() => {
    const ids = everybody ? null : (room.with ?? (members && [...members.keys()]));
    const people = ids ? ids.flatMap((id) => users.get(id) ?? []) : [...users.values()];
    return people.filter((user) => user.id !== you);
  }, [users, members, you, everybody, room.with]);
};

const useEmojiFound = (query: string | null, language: string): readonly Emoji[] => {
  const [found, setFound] = useState<readonly Emoji[]>([]);
  useEffect(() => {
    let isWanted = true;
    if (query === null) setFound([]);
    else {
      loadEmojiCode()
        .then(async ({ findEmoji, loadEmoji }) => findEmoji(await loadEmoji(language), query, shownMax))
        .then((emoji) => isWanted && setFound(emoji))
        // Without the list there is nothing to suggest; what is typed stays as it is.
        .catch(() => undefined);
    }
    return () => {
      isWanted = false;
    };
  }, [query, language]);
  return found;
};

/** Suggestions for what is wanted, the best one first. */
export const useSuggestions = (wanted: Wanted | null, text: string, room: Room): readonly Suggestion[] => {
  const { t, i18n } = useTranslation();
  const isCommand = /^\/(?:invite|dm)\s/.test(text);
  const people = usePeople(room, isCommand, wanted?.kind === 'mention');
  const emoji = useEmojiFound(wanted?.kind === 'emoji' ? wanted.query : null, i18n.language);
  return useMemo(() => {
    if (!wanted) return none;
    if (wanted.kind === 'command') return commandsFor(wanted.query, room, t);
    if (wanted.kind === 'emoji') {
      const tone = chosenTone();
      return emoji.map((one) => {
        const text = one.tones[tone - 1] ?? one.emoji;
        return { key: one.emoji, insert: `${text} `, name: `:${one.code}:`, about: one.name, emoji: text };
      });
    }
    const all = people.map((user) => ({ name: user.name, user }));
    const found: readonly Suggestion[] = ranked(all, wanted.query, shownMax).map(({ name, user }) => ({
      key: user.id,
      insert: `@${name} `,
      name,
      about: user.about ?? '',
      user,
    }));
    const toAll = !isCommand && room.access !== 'direct' && 'room'.startsWith(wanted.query.toLowerCase());
    if (!toAll) return found;
    const everybody: Suggestion = { key: 'room', insert: '@room ', name: '@room', about: t('mentions.room') };
    return [...found, everybody];
  }, [wanted, room, t, emoji, people, isCommand]);
};

/** Fetches the emoji while a server that has them is up. */
export const prefetchEmoji = (language: string): void => {
  loadEmojiCode()
    .then(({ loadEmoji }) => loadEmoji(language))
    .catch(() => undefined);
};
