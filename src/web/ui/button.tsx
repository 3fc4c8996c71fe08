import './button.css';
import type { ReactNode } from 'react';
import { Press, type PressProps } from './press.tsx';
import { useTip } from './tip.tsx';

interface ButtonProps extends Omit<PressProps, 'className' | 'children' | 'style'> {
  readonly look?: 'primary' | 'quiet' | 'danger' | 'bare';
  readonly small?: boolean;
  /** What it does is under way. It keeps the focus; who made it sees to it that it is not done twice. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

/** A button with words on it. */
export const Button = ({ look = 'primary', small = false, busy = false, ...rest }: ButtonProps) => (
  <Press {...rest} className={`button button-${look}${small ? ' button-small' : ''}`} data-busy={busy || undefined} />
);

interface IconButtonProps extends Omit<PressProps, 'className' | 'children' | 'style' | 'aria-label'> {
  /** What it does, in words: its name for screen readers, and its tooltip. */
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button that is only a picture, with its name in a tooltip. */
export const IconButton = ({ label, className = '', children, ...rest }: IconButtonProps) => {
  const { handlers, tip } = useTip(label);
  return (
    <>
      <Press {...rest} {...handlers} aria-label={label} className={`icon-button ${className}`}>
        {children}
      </Press>
      {tip}
    </>
  );
};
