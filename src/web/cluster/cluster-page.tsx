/** The servers of the cluster as they are now. */
import './cluster-page.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerBrief } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { RoleMark } from '../ui/role-mark.tsx';
import { scrollable } from '../ui/scrollable.ts';

const ServerRow = ({ server, here }: { readonly server: ServerBrief; readonly here: boolean }) => {
  const { t, i18n } = useTranslation();
  return (
    <tr>
      <th scope="row">
        {server.name} {here ? <span className="cluster-here">{t('cluster.here')}</span> : null}
      </th>
      <td>
        <span className="cluster-role">
          <RoleMark role={server.role} />
          {t(`cluster.roles.${server.role}`)}
        </span>
      </td>
      <td>{server.inSync ? t('cluster.inSync') : t('cluster.notInSync')}</td>
      <td className="cluster-number">{new Intl.NumberFormat(i18n.language).format(server.last)}</td>
    </tr>
  );
};

export const ClusterPage = () => {
  const { t } = useTranslation();
  const cluster = useChat((state) => state.cluster);
  const here = useChat((state) => (state.link.where.kind === 'on' ? state.link.where.server : null));
  const title = t('cluster.title');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className="shell-page cluster" id="main" {...scrollable}>
      <div className="cluster-inner">
        <h1 className="cluster-title">{title}</h1>
        <p className="cluster-about">{t('cluster.about')}</p>
        <table className="cluster-table">
          <thead>
            <tr>
              <th scope="col">{t('cluster.server')}</th>
              <th scope="col">{t('cluster.role')}</th>
              <th scope="col">{t('cluster.sync')}</th>
              <th scope="col" className="cluster-number">
                {t('cluster.last')}
              </th>
            </tr>
          </thead>
          <tbody>
            {cluster?.servers.map((server) => (
              <ServerRow key={server.name} server={server} here={server.name === here} />
            ))}
          </tbody>
        </table>
        {cluster ? <p className="cluster-epoch">{t('cluster.epoch', { epoch: cluster.epoch })}</p> : null}
      </div>
    </main>
  );
};
