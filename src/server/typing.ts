/** Who types where: passed to the room's other members on this server, and cast to the other servers for theirs. */
import { Type } from 'typebox';
import type { Chat } from '../chat/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import { castOf } from './checks.ts';
import type { Hub } from './socket/hub.ts';
import { encodeFrame } from './socket/text-frame.ts';

const topic = 'typing';

const readCast = castOf(Type.Object({ room: Type.String(), user: Type.String() }));

export class Typing {
  readonly #log: ReplicatedLog;
  readonly #chat: Chat;
  readonly #hub: Hub;
  readonly #unsubscribe: () => void;

  constructor(log: ReplicatedLog, chat: Chat, hub: Hub) {
    this.#log = log;
    this.#chat = chat;
    this.#hub = hub;
    this.#unsubscribe = log.onCast((of, body) => {
      const typed = of === topic ? readCast(body) : null;
      if (typed !== null) this.#tell(typed.room, typed.user);
    });
  }

  /** A person types in the room of this id or name. Nothing happens when they are not in it, or it is archived. */
  typed(ref: string, userId: string): void {
    const room = this.#chat.room(ref, userId);
    if (room?.joined !== true || room.archived === true) return;
    this.#tell(room.id, userId);
    this.#log.cast(topic, Buffer.from(JSON.stringify({ room: room.id, user: userId })));
  }

  stop(): void {
    this.#unsubscribe();
  }

  #tell(room: string, user: string): void {
    this.#hub.toRoom(room, encodeFrame({ type: 'cast', topic, room, user }), user);
  }
}
