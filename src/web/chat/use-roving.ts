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
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const target = event.target as HTMLElement;
    // Where the arrows have a meaning of their own, as in a text or on the button of a menu, they keep it.
    const leaves = target === scroller.current || target.matches('.message, .message a');
    if (!leaves || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const from = target.closest('.message');
    const current = from ? rows.findIndex((row) => `message-${row.key}` === from.id) : -1;
    const step = event.key === 'ArrowUp' ? -1 : 1;
    let next = current < 0 ? rows.length - 1 : current + step;
    while (rows[next] && !isMessage(rows[next]!)) next += step;
    const row = rows[next];
    if (!row) return;
    list.current?.scrollToIndex(next, { align: 'nearest' });
    setActive(row.key);
    document.getElementById(`message-${row.key}`)?.focus({ preventScroll: true });
  };
  return { kept, onKeyDown, activate: setActive };
};
