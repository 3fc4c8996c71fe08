import './avatar.css';
import { useState } from 'react';
import { avatarColour, initials } from './identity.ts';

interface AvatarProps {
  readonly id: string;
  readonly name: string;
  /** Id of the file that is their picture. */
  readonly picture?: string | undefined;
  /** Side, in pixels. */
  readonly size?: number;
  /** Shows a dot: filled when online, a ring when not. Left out, there is none. */
  readonly online?: boolean | undefined;
}

/** Over the initials, which stay for as long as there is no picture, and when it cannot be had. */
const Picture = ({ file }: { readonly file: string }) => {
  const [seen, setSeen] = useState(false);
  return (
    <img
      className="avatar-picture"
      src={`/api/v1/files/${file}`}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      data-seen={seen || undefined}
      onLoad={() => setSeen(true)}
    />
  );
};

/** A person's picture, or their initials on their colour. Decoration: the name always stands beside it. */
export const Avatar = ({ id, name, picture, size = 36, online }: AvatarProps) => (
  <span
    className="avatar"
    aria-hidden="true"
    style={{ '--avatar-size': `${size}px`, background: avatarColour(id) } as React.CSSProperties}
  >
    {initials(name)}
    {picture ? <Picture key={picture} file={picture} /> : null}
    {online === undefined ? null : <span className="avatar-presence" data-online={online || undefined} />}
  </span>
);
