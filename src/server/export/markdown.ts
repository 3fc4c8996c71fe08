/**
 * A room as Markdown, for people to read: a heading a day, who said what and when, quotes, files and reactions. What was
 * written as Markdown stays that, but cannot make headings of its own or run into what follows; HTML stays text.
 */
import type { FileView, Message } from '../../protocol/index.ts';
import { namesIn, titleOf, type Writing } from './written.ts';

const plain = (text: string): string => text.replace(/[\\`*_[\]<>#]/g, '\\$&').replace(/\s+/g, ' ');

const fence = /^\s{0,3}(```+|~~~+)/;

/** A line outside a block of code: no heading, and no HTML but in code. */
const tame = (line: string): string =>
  line
    .replace(/^(\s{0,3})(#|(?:=+|-+)\s*$)/, '$1\\$2')
    .replace(/(`+)[^`]+\1|<(?=[a-z/!?])/gi, (found) => (found === '<' ? '\\<' : found));

/** A text as somebody wrote it, with its blocks of code closed. */
const bodyOf = (text: string): string => {
  let open: string | null = null;
  const lines = text.split('\n').map((line) => {
    const marks = fence.exec(line)?.[1] ?? null;
    const inside = open;
    if (open === null) open = marks;
    else if (marks?.startsWith(open) === true) open = null;
    return inside === null && marks === null ? tame(line) : line;
  });
  if (open !== null) lines.push(open);
  return lines.join('\n');
};

const units = ['bytes', 'KB', 'MB', 'GB'] as const;

const sizeOf = (bytes: number): string => {
  let [size, unit] = [bytes, 0];
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
};

const fileLine = ({ name, type, size, id, sha256 }: FileView): string =>
  `- File: ${plain(name)} (${plain(type)}, ${sizeOf(size)}), id ${id}, SHA-256 ${sha256}`;

const reactionsLine = (reactions: NonNullable<Message['reactions']>, nameOf: (id: string) => string): string =>
  reactions
    .map(({ emoji, count, by }) => {
      const more = count - by.length;
      return `${emoji} ${by.map((id) => plain(nameOf(id))).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    })
    .join(' · ');

const messageText = (message: Message, time: string, nameOf: (id: string) => string): string => {
  const { name, text, deleted, editedAt, pinned, replyTo, files = [], reactions = [] } = message;
  const notes = [...(editedAt === undefined ? [] : ['edited']), ...(pinned === undefined ? [] : ['pinned'])];
  const blocks = [`**${plain(name)}** ${time}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`];
  if (replyTo !== undefined) {
    const quoted = replyTo.deleted === true ? '*deleted*' : plain(replyTo.text);
    blocks.push(`> **${plain(replyTo.name)}:** ${quoted}`);
  }
  if (deleted === true) blocks.push('*deleted*');
  else if (text !== '') blocks.push(bodyOf(text));
  if (files.length > 0) blocks.push(files.map(fileLine).join('\n'));
  if (reactions.length > 0) blocks.push(reactionsLine(reactions, nameOf));
  return `${blocks.join('\n\n')}\n\n`;
};

export async function* roomAsMarkdown({ edge, room, userId, upto, zone, messages }: Writing): AsyncGenerator<string> {
  const nameOf = namesIn(edge);
  const members = edge.chat.members(room.id).map(({ user }) => plain(user.name));
  yield `# ${plain(titleOf(room, userId, nameOf))}\n\n`;
  if (room.topic !== '') yield `${plain(room.topic)}\n\n`;
  yield `${plain(edge.workspace)}, up to entry ${upto}. Times are of ${zone.name}. Members: ${members.join(', ')}.\n\n`;
  let day = '';
  let count = 0;
  for await (const page of messages) {
    let text = '';
    for (const message of page) {
      const { date, time } = zone.at(message.at);
      if (date !== day) text += `## ${date}\n\n`;
      day = date;
      text += messageText(message, time, nameOf);
      count++;
    }
    yield text;
  }
  yield `---\n\n*${count} ${count === 1 ? 'message' : 'messages'}.*\n`;
}
