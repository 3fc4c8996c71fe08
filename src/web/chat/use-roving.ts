import { type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from '../store/rows.ts';

const isMessage = (row: Row): boolean => row.kind === 'message' || row.kind === 'pending';

/**
 * The arrow keys in the list: it is one stop of the Tab key, and inside it the arrows go from message to message, from
 * the newest up. The one with the focus stays in the page even when it is scrolled away.
 */
export const useRoving = (
  rows: readonly Row[],
  list: RefObject<VirtualizerHandle | null>,
  scroller: RefObject<HTMLElement | null>,
) => {
  const [active, setActive] = useState<string | null>(null);
  const at = active === null ? -1 : rows.findIndex((row) => row.key === active);
  const kept = useMemo(() => (at < 0 ? [] : [at]), [at]);

  useEffect(() => {
    if (active !== null) document.getElementById(`message-${active}`)?.focus({ preventScroll: true });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const own = event.target === scroller.current || (event.target as HTMLElement).id === `message-${active}`;
    if (!own || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const step = event.key === 'ArrowUp' ? -1 : 1;
    let next = event.target === scroller.current || at < 0 ? (step < 0 ? rows.length - 1 : at + 1) : at + step;
    while (rows[next] && !isMessage(rows[next]!)) next += step;
    const row = rows[next];
    if (!row) return;
    list.current?.scrollToIndex(next, { align: 'nearest' });
    setActive(row.key);
    document.getElementById(`message-${row.key}`)?.focus({ preventScroll: true });
  };
  return { kept, onKeyDown };
};
