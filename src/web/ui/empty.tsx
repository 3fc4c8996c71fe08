import './empty.css';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly about: string;
  readonly picture?: ReactNode;
  /** What one can do about it. */
  readonly children?: ReactNode;
}

/** Said where there is nothing to show: what this is, and what to do next. */
export const Empty = ({ title, about, picture, children }: EmptyProps) => (
  <div className="empty">
    {picture ? <div className="empty-picture">{picture}</div> : null}
    <h1 className="empty-title">{title}</h1>
    <p className="empty-about">{about}</p>
    {children ? <div className="empty-actions">{children}</div> : null}
  </div>
);
