/**
 * What stands on the page around the map, and where. A part is one line here and one word in `panels` of the page's
 * words; the page lays them out: on a wide screen each in its place, on a phone one at a time behind a tab.
 */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** `left` and `right` of the map, right `under` it, or `below`, where `wide` ones have a row alone. */
export type PanelPlace = 'left' | 'right' | 'under' | 'below' | 'below-wide';

export interface Panel {
  readonly id: 'requests' | 'story' | 'rewind' | 'details' | 'audit' | 'sequence' | 'stopwatch';
  readonly place: PanelPlace;
  readonly View: ComponentType | LazyExoticComponent<ComponentType>;
}

export const panels: readonly Panel[] = [
  {
    id: 'requests',
    place: 'left',
    View: lazy(async () => ({ default: (await import('./requests-panel.tsx')).RequestsPanel })),
  },
  {
    id: 'story',
    place: 'under',
    View: lazy(async () => ({ default: (await import('./story-panel.tsx')).StoryPanel })),
  },
  {
    id: 'details',
    place: 'right',
    View: lazy(async () => ({ default: (await import('./details-panel.tsx')).DetailsPanel })),
  },
  {
    id: 'rewind',
    place: 'under',
    View: lazy(async () => ({ default: (await import('./rewind-panel.tsx')).RewindPanel })),
  },
  {
    id: 'audit',
    place: 'right',
    View: lazy(async () => ({ default: (await import('./audit-panel.tsx')).AuditPanel })),
  },
  {
    id: 'sequence',
    place: 'below-wide',
    View: lazy(async () => ({ default: (await import('./sequence-panel.tsx')).SequencePanel })),
  },
  {
    id: 'stopwatch',
    place: 'below',
    View: lazy(async () => ({ default: (await import('./stopwatch-panel.tsx')).StopwatchPanel })),
  },
];
