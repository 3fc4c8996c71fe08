/** What is on the screen: the join page until one is known, then the shell with the page of the address in it. */
import { lazy, Suspense, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { loadDialogs } from '../chat/dialog-host.tsx';
import { loadAllLanguages, loadWords, localeOf } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { CrashGuard } from './crash-guard.tsx';
import { MissingPage } from './missing-page.tsx';
import { routeOf, usePath } from './router.ts';
import { Shell } from './shell.tsx';
import { StartPage } from './start-page.tsx';
import { loadSignOutDialog } from './you-menu.tsx';

// Each page is loaded when it is first needed, and the others right after, while a server that has them is up.
const pages = {
  chat: () => import('../chat/chat-page.tsx'),
  join: () => import('../join/join-page.tsx'),
  cluster: async () => {
    const [page] = await Promise.all([import('../cluster/cluster-page.tsx'), loadWords('cluster')]);
    return page;
  },
  lab: async () => {
    const [page] = await Promise.all([import('../lab/lab-page.tsx'), loadWords('lab')]);
    return page;
  },
};
const ChatPage = lazy(async () => ({ default: (await pages.chat()).ChatPage }));
const JoinPage = lazy(async () => ({ default: (await pages.join()).JoinPage }));
const ClusterPage = lazy(async () => ({ default: (await pages.cluster()).ClusterPage }));
const LabPage = lazy(async () => ({ default: (await pages.lab()).LabPage }));
void pages.chat();

/** This page outlives the server it came from: what it may need later is fetched while that server is there. */
const loadTheRest = async (): Promise<void> => {
  const rest = [...Object.values(pages), loadDialogs, loadSignOutDialog, loadAllLanguages];
  await Promise.allSettled(rest.map((load) => load()));
};

const Page = () => {
  const route = routeOf(usePath());
  if (route.page === 'chat') return <ChatPage roomName={route.room} message={route.message} />;
  if (route.page === 'cluster') return <ClusterPage />;
  if (route.page === 'lab') return <LabPage tab={route.tab} item={route.item} />;
  return <MissingPage />;
};

export const App = () => {
  const { i18n } = useTranslation();
  const phase = useChat((state) => state.phase);
  useEffect(() => {
    if (phase === 'ready') void loadTheRest();
  }, [phase]);
  return (
    <I18nProvider locale={localeOf(i18n.language)}>
      <CrashGuard>
        <Suspense fallback={<StartPage />}>
          {phase === 'signed-out' ? <JoinPage /> : null}
          {phase === 'starting' || phase === 'loading' ? <StartPage /> : null}
          {phase === 'ready' ? (
            <Shell>
              <Page />
            </Shell>
          ) : null}
        </Suspense>
      </CrashGuard>
    </I18nProvider>
  );
};
