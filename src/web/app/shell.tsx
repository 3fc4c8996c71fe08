import './shell.css';
import { MessageCircle, Network } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogHost } from '../chat/dialog-host.tsx';
import { Logo } from '../ui/logo.tsx';
import { Link } from './link.tsx';
import { routeOf, usePath } from './router.ts';
import { YouMenu } from './you-menu.tsx';

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
        <span className="rail-space" />
        <YouMenu />
      </nav>
      {children}
      <DialogHost />
    </div>
  );
};
