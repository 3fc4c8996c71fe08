/**
 * A button as the page's parts ask for it: `onPress` for a click, a touch, Enter and the space bar alike, and `data-`
 * attributes that say how it is, the same as those of the parts that come later. Nothing of a library is in it, because
 * every page begins with buttons.
 */
import type { ComponentProps, MouseEvent, PointerEvent } from 'react';

export interface PressEvent {
  readonly target: HTMLElement;
}

export interface PressProps extends Omit<ComponentProps<'button'>, 'disabled' | 'onClick'> {
  readonly onPress?: ((event: PressEvent) => void) | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** A finger leaves nothing hovered behind. */
const hover = (event: PointerEvent<HTMLElement>, on: boolean): void => {
  if (event.pointerType !== 'touch' || !on) event.currentTarget.toggleAttribute('data-hovered', on);
};

const press = (event: PointerEvent<HTMLElement>, on: boolean): void => {
  event.currentTarget.toggleAttribute('data-pressed', on);
};

export const Press = ({ onPress, isDisabled = false, type = 'button', ...rest }: PressProps) => (
  <button
    {...rest}
    type={type}
    disabled={isDisabled}
    data-disabled={isDisabled || undefined}
    onClick={(event: MouseEvent<HTMLElement>) => onPress?.({ target: event.currentTarget })}
    onPointerEnter={(event) => {
      hover(event, true);
      rest.onPointerEnter?.(event);
    }}
    onPointerLeave={(event) => {
      hover(event, false);
      press(event, false);
      rest.onPointerLeave?.(event);
    }}
    onPointerDown={(event) => {
      press(event, true);
      rest.onPointerDown?.(event);
    }}
    onPointerUp={(event) => {
      press(event, false);
      rest.onPointerUp?.(event);
    }}
  />
);
