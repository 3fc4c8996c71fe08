/** The servers of the cluster as they are now. */
import './cluster-page.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerBrief } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { RoleMark } from '../ui/role-mark.tsx';
import { scrollable } from '../ui/scrollable.ts';

const ServerRow = ({ server, here }: { readonly server: ServerBrief; readonly here: boolean }) => {
  const { t, i18n } = useTranslation('cluster');
  return (
    <tr>
      <th scope="row">
        {server.name} {here ? <span className="cluster-here">{t('table.here')}</span> : null}
      </th>
      <td>
        <span className="cluster-role">
          <RoleMark role={server.role} />
          {t(`roles.${server.role}`)}
        </span>
      </td>
      <td>{server.inSync ? t('table.inSync') : t('table.notInSync')}</td>
      <td className="cluster-number">{new Intl.NumberFormat(i18n.language).format(server.last)}</td>
    </tr>
  );
};

export const ClusterPage = () => {
  const { t } = useTranslation('cluster');
  const cluster = useChat((state) => state.cluster);
  const here = useChat((state) => (state.link.where.kind === 'on' ? state.link.where.server : null));
  const title = t('page.title');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className="shell-page cluster" id="main" {...scrollable}>
      <div className="cluster-inner">
        <h1 className="cluster-title">{title}</h1>
        <p className="cluster-about">{t('page.about')}</p>
        <table className="cluster-table">
          <thead>
            <tr>
              <th scope="col">{t('table.server')}</th>
              <th scope="col">{t('table.role')}</th>
              <th scope="col">{t('table.sync')}</th>
              <th scope="col" className="cluster-number">
                {t('table.last')}
              </th>
            </tr>
          </thead>
          <tbody>
            {cluster?.servers.map((server) => (
              <ServerRow key={server.name} server={server} here={server.name === here} />
            ))}
          </tbody>
        </table>
        {cluster ? <p className="cluster-epoch">{t('table.epoch', { epoch: cluster.epoch })}</p> : null}
      </div>
    </main>
  );
};
