/** What every write is answered with, and the pieces that requests share. */
import { Type } from 'typebox';
import { clientFrames } from '../../protocol/schemas.ts';

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
/** For writes that can be sent again: born at the client, it has one effect however often it is sent. */
export const CommandId = clientFrames.do.properties.id;
