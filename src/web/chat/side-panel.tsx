/**
 * The panel beside the conversation; on a phone, instead of it. Each panel is loaded when it is first opened, and all of
 * them when the page is idle, because the server that has them may be gone by then. To add one: a line in `loaders`.
 */
import './side-panel.css';
import { type ComponentType, lazy, Suspense } from 'react';
import type { Room } from '../../client/index.ts';
import type { PanelProps } from './side-panel-frame.tsx';
import type { PanelKind } from './side-panel-state.ts';

type LoadPanel = () => Promise<ComponentType<PanelProps>>;

const loaders: Partial<Record<PanelKind, LoadPanel>> = {
  people: async () => (await import('./people-panel.tsx')).PeoplePanel,
  pins: async () => (await import('./pins-panel.tsx')).PinsPanel,
  files: async () => (await import('../files/files-panel.tsx')).FilesPanel,
  search: async () => (await import('./search-panel.tsx')).SearchPanel,
};

const panels = new Map(
  Object.entries(loaders).map(([kind, load]) => [kind, lazy(async () => ({ default: await load() }))]),
);

/** Whether there is such a panel: a button without one is not shown. */
export const hasPanel = (kind: PanelKind): boolean => panels.has(kind);

/** Fetches all panels, while a server that has them is up. */
export const loadPanels = async (): Promise<void> => {
  await Promise.allSettled(Object.values(loaders).map((load) => load()));
};

export const SidePanel = ({ kind, room }: { readonly kind: PanelKind; readonly room: Room }) => {
  const Panel = panels.get(kind);
  if (!Panel) return null;
  return (
    <Suspense fallback={<aside className="pane side-panel" />}>
      <Panel key={room.id} room={room} />
    </Suspense>
  );
};
