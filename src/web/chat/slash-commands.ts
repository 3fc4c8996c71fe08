/** Commands that are written as messages: which there are, and what a text asks for. Pure. */
import { actionOf } from '../store/rows.ts';

/** Whether a command needs words behind it: some, or none. */
export const slashCommands = {
  me: 'text',
  topic: 'text',
  invite: 'person',
  dm: 'person',
  leave: 'nothing',
  archive: 'nothing',
  shrug: 'optional',
  lab: 'nothing',
  cluster: 'nothing',
} as const;

export type SlashName = keyof typeof slashCommands;

export type Slash =
  /** Nothing special: to be sent as `text`. */
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'command'; readonly name: SlashName; readonly rest: string }
  | { readonly kind: 'unknown'; readonly name: string };

const isName = (name: string): name is SlashName => Object.hasOwn(slashCommands, name);

/** What a person meant by a text. Two slashes stand for one; a path is no command. */
export const parseSlash = (text: string): Slash => {
  if (text.startsWith('//')) {
    const meant = text.slice(1);
    // Whoever writes about `/me` does not do it.
    return { kind: 'message', text: actionOf(meant) === null ? meant : `\\${meant}` };
  }
  const found = /^\/(\p{L}+)(?:\s+([\s\S]*))?$/u.exec(text);
  if (!found) return { kind: 'message', text };
  const name = found[1]!.toLowerCase();
  const rest = (found[2] ?? '').trim();
  return isName(name) ? { kind: 'command', name, rest } : { kind: 'unknown', name };
};

/** The person whom `@name` names, whatever its case. */
export const personNamed = <T extends { readonly name: string }>(people: Iterable<T>, written: string): T | null => {
  const name = written.replace(/^@/, '').trim().toLowerCase();
  for (const one of people) if (one.name.toLowerCase() === name) return one;
  return null;
};
