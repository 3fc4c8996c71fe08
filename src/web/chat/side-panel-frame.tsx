/** The frame that every panel beside the conversation has. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { useNarrow } from '../app/media.ts';
import { IconButton } from '../ui/button.tsx';
import { closePanel } from './side-panel-state.ts';

/** What every panel is given. */
export interface PanelProps {
  readonly room: Room;
}

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
