/** What is around every page: the way between the systems, one’s own menu, the dialog that is open, and the keys. */
import './shell.css';
import { FlaskConical, MessageCircle, Network } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogHost } from '../chat/dialog-host.tsx';
import { openDialog } from '../chat/dialog-kind.ts';
import { openSearch } from '../chat/search-state.ts';
import { togglePanel } from '../chat/side-panel-state.ts';
import { roomBeside, sectionsOf } from '../chat/sidebar-sections.ts';
import { useStore } from '../store/hooks.ts';
import { roomNamed } from '../store/state.ts';
import { Logo } from '../ui/logo.tsx';
import { Link } from './link.tsx';
import { navigate, roomHref, routeOf, usePath } from './router.ts';
import { readSetting } from './settings.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { YouMenu } from './you-menu.tsx';

/** What the keys of the whole page do. */
const Keys = () => {
  const { i18n } = useTranslation();
  const store = useStore();
  const beside = (step: 1 | -1, waiting: boolean) => () => {
    const { directory, you } = store.state;
    const route = routeOf(location.pathname);
    const current = route.page === 'chat' && route.room !== null ? roomNamed(store.state, route.room) : null;
    const sections = sectionsOf({ ...directory, you: you?.id ?? '', language: i18n.language });
    const room = roomBeside(sections, current?.id ?? readSetting('room'), step, waiting);
    if (room) navigate(roomHref(room));
  };
  const inChat = (act: () => void) => () => {
    if (routeOf(location.pathname).page !== 'chat') navigate('/');
    act();
  };
  useShortcuts({
    switch: () => openDialog({ kind: 'switch' }),
    search: inChat(() => openSearch('everywhere')),
    roomBelow: beside(1, false),
    roomAbove: beside(-1, false),
    unreadBelow: beside(1, true),
    unreadAbove: beside(-1, true),
    people: inChat(() => togglePanel('people')),
    settings: () => openDialog({ kind: 'settings' }),
    shortcuts: () => openDialog({ kind: 'shortcuts' }),
  });
  return null;
};

/** The frame around every page: the way between the systems, and the person's own menu. */
export const Shell = ({ children }: { readonly children: ReactNode }) => {
  const { t } = useTranslation();
  const { page } = routeOf(usePath());
  const current = (name: string) => (page === name ? ('page' as const) : undefined);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <nav className="rail" aria-label={t('shell.systems')}>
        <span className="rail-logo">
          <Logo size={40} />
        </span>
        <Link className="rail-link" href="/" aria-current={current('chat')}>
          <MessageCircle size={22} aria-hidden="true" />
          {t('shell.chat')}
        </Link>
        <Link className="rail-link" href="/cluster" aria-current={current('cluster')}>
          <Network size={22} aria-hidden="true" />
          {t('shell.cluster')}
        </Link>
        <Link className="rail-link" href="/lab" aria-current={current('lab')}>
          <FlaskConical size={22} aria-hidden="true" />
          {t('shell.lab')}
        </Link>
        <span className="rail-space" />
        <YouMenu />
      </nav>
      {children}
      <DialogHost />
      <Keys />
    </div>
  );
};
