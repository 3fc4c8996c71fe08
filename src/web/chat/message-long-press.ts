import { type PointerEvent, useEffect, useRef } from 'react';

const pressMs = 450;
/** A finger that moves so far scrolls. */
const movedPx = 10;

/** A finger that rests on something: the phone's way to a menu. Links and buttons inside keep their own. */
export const useLongPress = (onLongPress: (target: HTMLElement) => void) => {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const end = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  useEffect(
    () => () => {
      if (press.current) clearTimeout(press.current.timer);
    },
    [],
  );
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      end();
      if (event.pointerType !== 'touch' || !event.isPrimary) return;
      if ((event.target as Element).closest('a, button, textarea, input')) return;
      const { currentTarget, clientX: x, clientY: y } = event;
      press.current = {
        x,
        y,
        timer: setTimeout(() => {
          press.current = null;
          getSelection()?.removeAllRanges();
          onLongPress(currentTarget);
        }, pressMs),
      };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const { current } = press;
      if (current && Math.hypot(event.clientX - current.x, event.clientY - current.y) > movedPx) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
};
