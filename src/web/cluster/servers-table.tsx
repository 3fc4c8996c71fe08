/** The servers as a table: the same facts as the map, for reading row by row. */
import './servers-table.css';
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { scrollable } from '../ui/scrollable.ts';
import { ConditionMark } from './condition-mark.tsx';
import { holdsEverything } from './headline.ts';
import { useCluster, useClusterStore, useDerived, useNumber } from './hooks.ts';
import { newestIndex, type ShownServer, serversOf } from './model.ts';

const Row = ({ shown, newest }: { readonly shown: ShownServer; readonly newest: number }) => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const { name, server, process, condition } = shown;
  const selected = useCluster((state) => state.selected === name);
  const here = useChat((state) => state.link.where.kind === 'on' && state.link.where.server === name);
  const number = useNumber();
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '–' : number(value));
  const pid = process === null ? (server?.pid ?? null) : process.pid;
  return (
    <tr data-selected={selected || undefined}>
      <th scope="row">
        <button type="button" className="servers-name" aria-pressed={selected} onClick={() => store.select(name)}>
          {name}
        </button>{' '}
        {here ? <span className="servers-here">{t('table.here')}</span> : null}
      </th>
      <td>
        <span className="servers-role">
          <ConditionMark condition={condition} />
          {t(`conditions.${condition}`)}
        </span>
      </td>
      <td>{holdsEverything(shown) ? t('table.inSync') : t('table.notInSync')}</td>
      <td className="servers-number">{cell(server?.epoch)}</td>
      <td className="servers-number">{cell(server?.last)}</td>
      <td className="servers-number">{cell(server?.committed)}</td>
      <td className="servers-number">{cell(server?.applied)}</td>
      <td className="servers-number">{cell(server === null ? null : Math.max(0, newest - server.last))}</td>
      <td className="servers-number">{cell(server?.connections)}</td>
      <td className="servers-number">{condition === 'down' || pid === null || pid === 0 ? '–' : pid}</td>
    </tr>
  );
};

export const ServersTable = () => {
  const { t } = useTranslation('cluster');
  const servers = useDerived((state) => serversOf(state.shown));
  const newest = useCluster((state) => newestIndex(state.shown));
  if (servers.length === 0) return <p className="servers-none">{t('headline.listening')}</p>;
  return (
    <div className="servers-scroll" {...scrollable}>
      <table className="servers-table">
        <thead>
          <tr>
            <th scope="col">{t('table.server')}</th>
            <th scope="col">{t('table.role')}</th>
            <th scope="col">{t('table.sync')}</th>
            <th scope="col" className="servers-number">
              {t('table.epoch')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.last')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.committed')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.applied')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.lag')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.clients')}
            </th>
            <th scope="col" className="servers-number">
              {t('table.pid')}
            </th>
          </tr>
        </thead>
        <tbody>
          {servers.map((shown) => (
            <Row key={shown.name} shown={shown} newest={newest} />
          ))}
        </tbody>
      </table>
    </div>
  );
};
