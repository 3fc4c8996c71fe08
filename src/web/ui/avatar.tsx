import './avatar.css';
import { avatarColour, initials } from './identity.ts';

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  /** Side, in pixels. */
  readonly size?: number;
  /** Shows a dot: filled when online, a ring when not. Left out, there is none. */
  readonly online?: boolean;
}

/** A person's initials on their colour. Decoration: the name always stands beside it. */
export const Avatar = ({ id, name, size = 36, online }: AvatarProps) => (
  <span
    className="avatar"
    aria-hidden="true"
    style={{ '--avatar-size': `${size}px`, background: avatarColour(id) } as React.CSSProperties}
  >
    {initials(name)}
    {online === undefined ? null : <span className="avatar-presence" data-online={online || undefined} />}
  </span>
);
