/** The lab: messages between real nodes over links that lose and delay, measured against theory. Its parts are tabs. */
import './lab-page.css';
import './parts.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../app/link.tsx';
import { type LabTab, labPath, labTabs } from '../app/router.ts';
import { useSdk } from '../store/hooks.ts';
import { LabContext } from './hooks.ts';
import { labStoreOf } from './lab-store.ts';
import type { ViewProps } from './view-props.ts';

/** What each tab shows, loaded when it is first opened. */
const views: Readonly<Record<LabTab, LazyExoticComponent<ComponentType<ViewProps>>>> = {
  live: lazy(async () => ({ default: (await import('./live-view.tsx')).LiveView })),
  experiments: lazy(async () => ({ default: (await import('./experiments-view.tsx')).ExperimentsView })),
  class: lazy(async () => ({ default: (await import('./class-view.tsx')).ClassView })),
};

const Tabs = ({ tab }: { readonly tab: LabTab }) => {
  const { t } = useTranslation('lab');
  return (
    <nav className="lab-tabs" aria-label={t('page.tabs')}>
      {labTabs.map((name) => (
        <Link key={name} className="lab-tab" href={labPath(name)} aria-current={name === tab ? 'page' : undefined}>
          {t(`tabs.${name}`)}
        </Link>
      ))}
    </nav>
  );
};

interface LabPageProps extends ViewProps {
  readonly tab: LabTab;
}

export const LabPage = ({ tab, item }: LabPageProps) => {
  const { t } = useTranslation('lab');
  const sdk = useSdk();
  const store = useMemo(() => labStoreOf(sdk), [sdk]);
  const title = t('page.title');
  useEffect(() => store.start(), [store]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const View = views[tab];
  return (
    <LabContext value={store}>
      <main className="shell-page lab" id="main">
        <header className="lab-head">
          <h1 className="lab-title">{title}</h1>
          <Tabs tab={tab} />
        </header>
        <Suspense fallback={<div className="lab-body" aria-busy="true" />}>
          <View item={item} />
        </Suspense>
      </main>
    </LabContext>
  );
};
