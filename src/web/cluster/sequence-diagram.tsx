/**
 * The diagram itself: the lanes' names above, and below them what is in sight of a picture that may be very long. It
 * scrolls as everything else does, by wheel, finger and keys; whoever is at its end stays there as more comes.
 */
import { type CSSProperties, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { scrollable } from '../ui/scrollable.ts';
import { type Drawing, type SequencePicture, sequencePicture } from './sequence-draw.ts';
import type { Sequence } from './sequence-items.ts';
import { type Layout, layOut } from './sequence-layout.ts';
import type { SequenceWords } from './sequence-words.ts';

interface DiagramProps {
  readonly sequence: Sequence;
  readonly words: SequenceWords;
  readonly rowPx: number;
  readonly steps: boolean;
  readonly chosen: string | null;
  readonly onChoose: (request: string | null) => void;
  readonly follow: boolean;
  readonly onFollow: (follow: boolean) => void;
}

/** Whoever is this near to the end is at it. */
const endPx = 30;
const headPx = 34;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large an element is, and again when that changes. */
const useSize = (ref: { readonly current: HTMLElement | null }): Size => {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const read = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
};

/** How much lower something that was in sight lies now: what is older may have gone. */
const shiftOf = (before: Layout | null, now: Layout, top: number): number => {
  if (before === null) return 0;
  const seen = before.notes.find(({ y }) => y >= top);
  const again = seen && now.notes.find(({ item }) => item.id === seen.item.id);
  return seen !== undefined && again !== undefined ? again.y - seen.y : 0;
};

export const SequenceDiagram = (props: DiagramProps) => {
  const { sequence, words, rowPx, steps, chosen, onChoose, follow, onFollow } = props;
  const { t } = useTranslation('cluster');
  const scroller = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const picture = useRef<SequencePicture | null>(null);
  const drawn = useRef<Layout | null>(null);
  /** Scrolling draws what is newest: a frame may come between a change and the effects of it. */
  const newest = useRef<() => void>(() => undefined);
  const { width, height } = useSize(scroller);
  const layout = useMemo(() => {
    const narrow = width < 560;
    const frame = { width, rowPx, gutter: narrow ? 56 : 74, laneMin: narrow ? 70 : 120, steps };
    return layOut(sequence, frame);
  }, [sequence, width, rowPx, steps]);

  const draw = useCallback(() => {
    const { current: element } = scroller;
    if (element === null || height === 0) return;
    const top = element.scrollTop;
    const drawing: Drawing = { layout, words, rowPx, chosen, top, bottom: top + height - headPx };
    picture.current?.draw(drawing);
  }, [layout, words, rowPx, chosen, height]);

  useLayoutEffect(() => {
    if (svg.current === null) return;
    picture.current = sequencePicture(svg.current);
    return () => {
      picture.current?.end();
      picture.current = null;
    };
  }, []);

  useLayoutEffect(() => {
    const { current: element } = scroller;
    if (element === null) return;
    if (follow) element.scrollTop = element.scrollHeight;
    else element.scrollTop += shiftOf(drawn.current, layout, element.scrollTop);
    drawn.current = layout;
    newest.current = draw;
    draw();
  }, [draw, layout, follow]);

  useEffect(() => {
    const { current: element } = scroller;
    if (element === null) return;
    let frame = 0;
    const moved = (): void => {
      onFollow(element.scrollTop + element.clientHeight >= element.scrollHeight - endPx);
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => newest.current());
    };
    element.addEventListener('scroll', moved, { passive: true });
    return () => {
      element.removeEventListener('scroll', moved);
      cancelAnimationFrame(frame);
    };
  }, [onFollow]);

  // A click on a thing shows the way of its request alone. For keys, the table has the same choice as buttons.
  useEffect(() => {
    const { current: element } = svg;
    const choose = ({ target }: Event): void => {
      const found = target instanceof Element ? target.closest('[data-request]') : null;
      const request = found?.getAttribute('data-request') ?? null;
      onChoose(request === chosen ? null : request);
    };
    element?.addEventListener('click', choose);
    return () => element?.removeEventListener('click', choose);
  }, [chosen, onChoose]);

  const size: CSSProperties = { width: layout.width, height: Math.max(layout.height, height - headPx) };
  return (
    <section className="sequence-scroll" ref={scroller} aria-label={t('sequence.scroll')} {...scrollable}>
      <div className="sequence-heads" style={{ width: layout.width }} aria-hidden="true">
        {layout.lanes.map((lane) => (
          <span key={lane.id} className="sequence-head-name" style={{ left: lane.x }}>
            {words.lane(lane)}
          </span>
        ))}
      </div>
      <div className="sequence-canvas" style={size}>
        <svg
          ref={svg}
          className="sequence-svg"
          width={layout.width}
          height={Math.max(0, height - headPx)}
          role="img"
          aria-label={t('sequence.title')}
        />
      </div>
    </section>
  );
};
