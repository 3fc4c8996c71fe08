/** The lab, live: who is here, the dials, this page’s nodes, and what becomes of the messages. */
import './live-view.css';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../app/media.ts';
import { scrollable } from '../ui/scrollable.ts';
import { Announcer } from './announcer.tsx';
import { DialsCard } from './dials-card.tsx';
import { EventLog } from './event-log.tsx';
import { useLab } from './hooks.ts';
import { Metrics } from './metrics.tsx';
import { NodePanel } from './node-panel.tsx';
import { NodesCard } from './nodes-card.tsx';
import { Refused } from './refused.tsx';
import { RunCard } from './run-card.tsx';
import { StoryDialog } from './story-dialog.tsx';
import { Switch } from './switch.tsx';
import { TotalsCard } from './totals-card.tsx';
import { Welcome } from './welcome.tsx';

/** Why nothing moves, when nothing does. */
const Condition = () => {
  const { t } = useTranslation('lab');
  const online = useLab((state) => state.online);
  const stopped = useLab(({ model }) => model.known && model.host === null);
  if (online && !stopped) return null;
  return <p className="lab-banner">{t(online ? 'page.noHost' : 'page.offline')}</p>;
};

const MyNodes = () => {
  const nodes = useLab((state) => state.model.nodes);
  const mine = useLab((state) => state.model.mine);
  const panels = mine.flatMap((id) => nodes.get(id) ?? []);
  return panels.length === 0 ? (
    <Welcome />
  ) : (
    <div className="lab-panels">
      {panels.map((node) => (
        <NodePanel key={node.id} node={node} />
      ))}
    </div>
  );
};

const Wide = () => (
  <div className="lab-columns">
    <div className="lab-side">
      <NodesCard />
      <DialsCard />
    </div>
    <div className="lab-main">
      <MyNodes />
      <Metrics />
      <div className="lab-pair">
        <TotalsCard />
        <RunCard />
      </div>
      <EventLog />
    </div>
  </div>
);

const parts = ['nodes', 'dials', 'charts', 'run', 'log'] as const;

const partsShown: Readonly<Record<(typeof parts)[number], ReactNode>> = {
  nodes: (
    <>
      <MyNodes />
      <NodesCard />
    </>
  ),
  dials: <DialsCard />,
  charts: <Metrics />,
  run: (
    <>
      <RunCard />
      <TotalsCard />
    </>
  ),
  log: <EventLog />,
};

/** On a phone, one part at a time. */
const Narrow = () => {
  const { t } = useTranslation('lab');
  const [part, setPart] = useState<(typeof parts)[number]>('nodes');
  const top = useRef<HTMLDivElement>(null);
  // Each part begins at its beginning, wherever the one before was left.
  const show = (next: (typeof parts)[number]) => {
    setPart(next);
    top.current?.closest('.lab-body')?.scrollTo(0, 0);
  };
  return (
    <div className="lab-main" ref={top}>
      <Switch
        title={t('parts.title')}
        value={part}
        options={parts.map((value) => ({ value, text: t(`parts.${value}`) }))}
        onChange={show}
      />
      {partsShown[part]}
    </div>
  );
};

export const LiveView = () => {
  const narrow = useNarrow();
  return (
    <div className="lab-body" {...scrollable}>
      <Condition />
      <Refused scope="page" />
      {narrow ? <Narrow /> : <Wide />}
      <StoryDialog />
      <Announcer />
    </div>
  );
};
