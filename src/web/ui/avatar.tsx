import './avatar.css';
import { useEffect, useState } from 'react';
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

/** The waits before a picture that could not be had is asked for again: a server may be behind, or just gone. */
const retryDelaysMs = [1_000, 4_000, 15_000, 60_000];

/** Over the initials, which stay for as long as there is no picture, and when it cannot be had. */
const Picture = ({ file }: { readonly file: string }) => {
  const [seen, setSeen] = useState(false);
  const [failures, setFailures] = useState({ count: 0, tries: 0 });
  const { count, tries } = failures;
  useEffect(() => {
    const delayMs = retryDelaysMs[tries];
    if (count <= tries || delayMs === undefined) return;
    const timer = setTimeout(() => setFailures({ count, tries: tries + 1 }), delayMs);
    return () => clearTimeout(timer);
  }, [count, tries]);
  return (
    <img
      // Only a new element asks again.
      key={tries}
      className="avatar-picture"
      src={`/api/v1/files/${file}`}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      data-seen={seen || undefined}
      onLoad={() => setSeen(true)}
      onError={() => setFailures({ count: tries + 1, tries })}
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
