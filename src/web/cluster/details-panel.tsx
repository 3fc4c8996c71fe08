/** Beside the map: the chosen server, or what can be done to the cluster as a whole. On a phone the server is a sheet. */
import './details-panel.css';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useNarrow } from '../app/media.ts';
import { ControlTiles } from './control-tiles.tsx';
import { clusterControls } from './controls.ts';
import { useActing, useCluster, useClusterStore, useDerived } from './hooks.ts';
import { ServerDetailsView } from './server-details.tsx';
import { useAct } from './use-act.ts';

const ClusterControls = () => {
  const { t } = useTranslation('cluster');
  const acting = useActing();
  const act = useAct();
  const controls = useDerived(({ shown }) => clusterControls(shown, acting));
  const doing = useCluster(({ shown }) => shown.supervisor?.doing ?? null);
  return (
    <div className="details">
      <h2 className="cluster-heading">{t('details.whole')}</h2>
      <p className="cluster-note">{t('details.choose')}</p>
      {doing === null ? null : <p className="details-doing">{t('details.doing', { what: doing })}</p>}
      <ControlTiles controls={controls} server={null} act={act} />
    </div>
  );
};

const Sheet = lazy(async () => ({ default: (await import('../ui/sheet.tsx')).Sheet }));

export const DetailsPanel = () => {
  const narrow = useNarrow();
  const selected = useCluster((state) => state.selected);
  return selected === null || narrow ? <ClusterControls /> : <ServerDetailsView key={selected} name={selected} />;
};

/** The chosen server, from below, where there is no room beside the map. */
export const DetailsSheet = () => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const selected = useCluster((state) => state.selected);
  return selected === null ? null : (
    <Suspense fallback={null}>
      <Sheet label={t('details.label', { name: selected })} onClose={() => store.select(null)}>
        <ServerDetailsView key={selected} name={selected} />
      </Sheet>
    </Suspense>
  );
};
