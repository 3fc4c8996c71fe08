/**
 * A room as JSON: itself, its members, its messages as the API shows them (a line each), and the names of all people
 * that they name. Whoever reads a file whose writing broke off notices: it is no JSON then.
 */
import type { Message } from '../../protocol/index.ts';
import { namesIn, type Writing } from './written.ts';

/** Raised by one when what is written changes its meaning. */
const version = 1;

/** Ids of the people whom a message names. */
const peopleIn = ({ by, replyTo, mentions = [], reactions = [], pinned }: Message): string[] => [
  by,
  ...(replyTo === undefined ? [] : [replyTo.by]),
  ...mentions.filter((id) => id !== 'room'),
  ...reactions.flatMap((reaction) => reaction.by),
  ...(pinned === undefined ? [] : [pinned.by]),
];

export async function* roomAsJson({ edge, room, upto, messages }: Writing): AsyncGenerator<string> {
  const { id, name, topic, access, archived, createdBy, createdAt } = room;
  const about = { id, name, topic, access, ...(archived === undefined ? {} : { archived }), createdBy, createdAt };
  const members = edge.chat.members(id).map(({ user }) => ({ id: user.id, name: user.name, role: user.role }));
  const people = new Set(members.map((member) => member.id));
  const head = { format: 'estafet-room', version, workspace: edge.workspace, upto, room: about, members };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "messages": [`;
  let count = 0;
  for await (const page of messages) {
    let lines = '';
    for (const message of page) {
      for (const person of peopleIn(message)) people.add(person);
      const { room: _, ...rest } = message;
      lines += `${count++ === 0 ? '' : ','}\n    ${JSON.stringify(rest)}`;
    }
    yield lines;
  }
  const nameOf = namesIn(edge);
  const named = [...people].sort().map((person) => ({ id: person, name: nameOf(person) }));
  yield `\n  ],\n  "people": ${JSON.stringify(named)},\n  "count": ${count}\n}\n`;
}
