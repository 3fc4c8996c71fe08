/**
 * The panel beside the conversation; on a phone, instead of it. Each panel is loaded when it is first opened, and all of
 * them when the page is idle, because the server that has them may be gone by then. To add one: a line in `loaders`.
 */
import './side-panel.css';
import { X } from 'lucide-react';
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { useNarrow } from '../app/media.ts';
import { IconButton } from '../ui/button.tsx';
import { closePanel, type PanelKind } from './side-panel-state.ts';

/** What every panel is given. */
export interface PanelProps {
  readonly room: Room;
}

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

interface PanelFrameProps {
  readonly title: string;
  /** Said of the panel's cross. */
  readonly hide?: string;
  /** Beside the title: a button or two. */
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a panel: its head with the title and the cross, and below it whatever the panel shows. */
export const PanelFrame = ({ title, hide, tools, children }: PanelFrameProps) => {
  const narrow = useNarrow();
  const { t } = useTranslation();
  return (
    <aside
      className="pane side-panel"
      id={narrow ? 'main' : undefined}
      aria-label={title}
      onKeyDown={(event) => {
        // Dialogs and menus that open from here are children to React, though not to the page.
        if (event.key !== 'Escape' || !event.currentTarget.contains(event.target as Node)) return;
        event.stopPropagation();
        closePanel();
      }}
    >
      <div className="pane-head">
        <h2 className="pane-title">{title}</h2>
        {tools}
        <IconButton label={hide || t('common.close')} onPress={closePanel} autoFocus={narrow}>
          <X size={20} aria-hidden="true" />
        </IconButton>
      </div>
      {children}
    </aside>
  );
};
