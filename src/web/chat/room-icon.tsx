import { Hash, Lock } from 'lucide-react';
import type { Room } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { PersonAvatar } from './person-avatar.tsx';
import { othersIn } from './room-title.ts';

interface RoomIconProps {
  readonly room: Pick<Room, 'access' | 'with'>;
  readonly size?: number;
}

/** What stands before a room's name: its kind, or who is in the conversation. Decoration. */
export const RoomIcon = ({ room, size = 18 }: RoomIconProps) => {
  const you = useChat((state) => state.you?.id ?? '');
  if (room.access === 'closed') return <Lock size={size} aria-hidden="true" />;
  if (room.access === 'open') return <Hash size={size} aria-hidden="true" />;
  const others = othersIn(room, you);
  if (others.length === 1) return <PersonAvatar id={others[0]!} size={size + 6} presence />;
  return (
    <span className="room-icon-many" aria-hidden="true" style={{ width: size + 6, height: size + 6 }}>
      {others.length}
    </span>
  );
};
