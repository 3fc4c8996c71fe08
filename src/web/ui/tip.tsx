/**
 * Tooltips: words beside what the pointer rests on or the keyboard has come to. They say again what the thing's own
 * label says, so they are no part of what screen readers hear.
 */
import './tip.css';
import {
  type FocusEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';

const delayMs = 500;
/** Whoever has just read one wants the next one at once. */
const warmMs = 300;
const gapPx = 6;
const edgePx = 8;
let goneAt = Number.NEGATIVE_INFINITY;

interface TipProps {
  readonly anchor: HTMLElement;
  readonly onGone: () => void;
  readonly children: ReactNode;
}

/** The box: above its anchor, below it where there is no room, and never outside the window. */
const Tip = ({ anchor, onGone, children }: TipProps) => {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const around = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = current;
    const middle = around.left + around.width / 2 - width / 2;
    const above = around.top - gapPx - height;
    current.style.left = `${Math.max(edgePx, Math.min(middle, innerWidth - width - edgePx))}px`;
    current.style.top = `${above < edgePx ? around.bottom + gapPx : above}px`;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onGone();
    addEventListener('keydown', onKey);
    addEventListener('scroll', onGone, true);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('scroll', onGone, true);
      goneAt = performance.now();
    };
  }, [onGone]);
  return createPortal(
    <div ref={box} className="tip" aria-hidden="true">
      {children}
    </div>,
    document.body,
  );
};

/** Gives what has a tooltip its handlers, and the tooltip while it is shown. */
export const useTip = (words: ReactNode) => {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [hide] = useState(() => () => {
    clearTimeout(timer.current);
    setAnchor(null);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = (target: HTMLElement, wait: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(target), wait);
  };
  const handlers = {
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType !== 'touch') show(event.currentTarget, performance.now() - goneAt < warmMs ? 0 : delayMs);
    },
    onPointerLeave: hide,
    onPointerDown: hide,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget, 0);
    },
    onBlur: hide,
  };
  const tip = anchor ? (
    <Tip anchor={anchor} onGone={hide}>
      {words}
    </Tip>
  ) : null;
  return { handlers, tip };
};
