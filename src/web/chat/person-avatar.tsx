import { useChat } from '../store/hooks.ts';
import { Avatar } from '../ui/avatar.tsx';

interface PersonAvatarProps {
  /** The person's id. */
  readonly id: string;
  /** What they were called, should they not be known any more. */
  readonly name?: string;
  readonly size?: number;
  /** Shows whether they are here now. */
  readonly presence?: boolean;
}

/** A person of the workspace, as they look now. */
export const PersonAvatar = ({ id, name, size = 36, presence = false }: PersonAvatarProps) => {
  const user = useChat((state) => state.directory.users.get(id));
  const online = useChat((state) =>
    state.you?.id === id ? state.link.where.kind === 'on' : (state.online?.has(id) ?? false),
  );
  return (
    <Avatar
      id={id}
      name={user?.name ?? name ?? '?'}
      picture={user?.avatar}
      size={size}
      online={presence ? online : undefined}
    />
  );
};
