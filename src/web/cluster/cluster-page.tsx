/** The page of the cluster: the map of the servers, and around it what can be done to them and what comes of it. */
import './cluster-page.css';
import { Network, Table } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../app/media.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { useSdk } from '../store/hooks.ts';
import { scrollable } from '../ui/scrollable.ts';
import { ClusterHeadline } from './cluster-headline.tsx';
import { ClusterStore } from './cluster-store.ts';
import { ClusterContext } from './hooks.ts';
import type { PlacesCell } from './map-view.ts';
import { type Panel, type PanelPlace, panels } from './panels.ts';
import { RewindBanner } from './rewind-banner.tsx';
import { RoleAnnouncer } from './role-announcer.tsx';
import { ServersTable } from './servers-table.tsx';

const Card = ({ panel: { id, View } }: { readonly panel: Panel }) => {
  const { t } = useTranslation('cluster');
  return (
    <section className={`cluster-card cluster-${id}`} aria-label={t(`panels.${id}`)}>
      <Suspense fallback={null}>
        <View />
      </Suspense>
    </section>
  );
};

const Cards = ({ place }: { readonly place: PanelPlace }) => {
  const here = panels.filter((panel) => panel.place === place);
  return here.length === 0 ? null : (
    <div className={`cluster-${place}`}>
      {here.map((panel) => (
        <Card key={panel.id} panel={panel} />
      ))}
    </div>
  );
};

/** Drawing comes in a chunk of its own. */
const ClusterMap = lazy(async () => ({ default: (await import('./map.tsx')).ClusterMap }));

/** The servers, as a picture or as a table: the same facts. */
const Servers = () => {
  const { t } = useTranslation('cluster');
  const [view, setView] = useState<'map' | 'table'>(readSetting('cluster-view') === 'table' ? 'table' : 'map');
  const [places] = useState<PlacesCell>({ places: {} });
  const change = (to: 'map' | 'table') => {
    writeSetting('cluster-view', to);
    setView(to);
  };
  return (
    <section className="cluster-servers" aria-label={t('page.servers')}>
      <fieldset className="cluster-switch" aria-label={t('page.view')}>
        <button type="button" aria-pressed={view === 'map'} onClick={() => change('map')}>
          <Network size={16} aria-hidden="true" />
          {t('page.map')}
        </button>
        <button type="button" aria-pressed={view === 'table'} onClick={() => change('table')}>
          <Table size={16} aria-hidden="true" />
          {t('page.table')}
        </button>
      </fieldset>
      {view === 'map' ? (
        <Suspense fallback={<div className="map-waiting" />}>
          <ClusterMap places={places} />
        </Suspense>
      ) : (
        <ServersTable />
      )}
    </section>
  );
};

const Wide = () => (
  <>
    <div className="cluster-hero">
      <Cards place="left" />
      <div className="cluster-middle">
        <Servers />
        <Cards place="under" />
      </div>
      <Cards place="right" />
    </div>
    <Cards place="below-wide" />
    <Cards place="below" />
  </>
);

const DetailsSheet = lazy(async () => ({ default: (await import('./details-panel.tsx')).DetailsSheet }));

/** On a phone the map stays, and under it one part at a time. */
const Narrow = () => {
  const { t } = useTranslation('cluster');
  const [chosen, setChosen] = useState<Panel['id']>('requests');
  const shown = panels.find((panel) => panel.id === chosen);
  return (
    <>
      <Servers />
      <fieldset className="cluster-tabs" aria-label={t('page.parts')}>
        {panels.map(({ id }) => (
          <button key={id} type="button" aria-pressed={id === shown?.id} onClick={() => setChosen(id)}>
            {t(`panels.${id}`)}
          </button>
        ))}
      </fieldset>
      {shown ? <Card key={shown.id} panel={shown} /> : null}
      <Suspense fallback={null}>
        <DetailsSheet />
      </Suspense>
    </>
  );
};

export const ClusterPage = () => {
  const { t } = useTranslation('cluster');
  const sdk = useSdk();
  const [store] = useState(() => new ClusterStore(sdk));
  const narrow = useNarrow();
  const title = t('page.title');
  useEffect(() => store.start(), [store]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <ClusterContext value={store}>
      <main className="shell-page cluster" id="main" {...scrollable}>
        <div className="cluster-inner">
          <RewindBanner />
          <ClusterHeadline />
          {narrow ? <Narrow /> : <Wide />}
        </div>
        <RoleAnnouncer />
      </main>
    </ClusterContext>
  );
};
