/** What every write is answered with, and the pieces that requests share. */
import { Type } from 'typebox';
import { commandIdPattern } from '../../protocol/ids.ts';

export const Receipt = Type.Object(
  {
    id: Type.String({ description: 'The command’s id, and the id of what it created.' }),
    index: Type.Integer({ minimum: 0, description: 'Where it stands in the log; for a retry, the first time.' }),
  },
  { description: 'Committed, and applied on the server that answers.' },
);

const Ref = (what: string) => Type.String({ minLength: 1, maxLength: 64, description: what });

export const RoomParams = Type.Object({ room: Ref('A room’s id or name.') });
export const MessageParams = Type.Object({ message: Ref('A message’s id.') });
/** For writes that can be sent again without a second effect. */
export const CommandId = Type.String({
  pattern: commandIdPattern,
  description: 'A UUID of version 7 in lower case, born at the client; sent again it has no second effect.',
});
