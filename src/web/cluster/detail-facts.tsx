/** The facts of one server, a line each: what it says of itself, else what the others last heard. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FaultsView, ServerDetails } from '../../protocol/index.ts';
import { localeOf } from '../i18n/index.ts';
import { sizeOf } from '../i18n/sizes.ts';
import { holdsEverything } from './headline.ts';
import { useNumber } from './hooks.ts';
import type { ShownServer } from './model.ts';
import { spanParts } from './span-of-time.ts';

interface FactsProps {
  readonly shown: ShownServer;
  readonly details: ServerDetails | null;
}

const useFaultWords = (): ((faults: FaultsView | null) => string) => {
  const { t, i18n } = useTranslation('cluster');
  const number = useNumber();
  const list = new Intl.ListFormat(localeOf(i18n.language), { type: 'conjunction' });
  return (faults) => {
    if (faults === null) return t('details.noFaults');
    const { cutFrom, slowLinkMs, slowDiskMs } = faults;
    const all = [
      ...(cutFrom.length > 0 ? [t('details.cutFrom', { names: list.format(cutFrom) })] : []),
      ...(slowLinkMs > 0 ? [t('map.slowLink', { number: number(slowLinkMs) })] : []),
      ...(slowDiskMs > 0 ? [t('map.slowDisk', { number: number(slowDiskMs) })] : []),
    ];
    return all.length === 0 ? t('details.noFaults') : list.format(all);
  };
};

const useUptime = (): ((ms: number) => string) => {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return (ms) =>
    spanParts(ms)
      .map(({ value, unit }) =>
        new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value),
      )
      .join(' ');
};

const Fact = ({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}) => (
  <div className="fact">
    <dt>{name}</dt>
    <dd title={title}>{children}</dd>
  </div>
);

export const DetailFacts = ({ shown, details }: FactsProps) => {
  const { t, i18n } = useTranslation('cluster');
  const number = useNumber();
  const faults = useFaultWords();
  const uptime = useUptime();
  const size = (bytes: number) => sizeOf(bytes, localeOf(i18n.language));
  const known = details ?? shown.server;
  const process = details?.process ?? shown.process;
  const alive = shown.condition !== 'down';
  const pid = process?.pid ?? (alive ? known?.pid : null);
  const { memory = null, disk = null, eventLoopDelayMs: delay = null } = details ?? {};
  const none = t('details.none');
  const processWords = process === null || process.state === 'running' ? null : t(`processes.${process.state}`);
  return (
    <dl className="facts">
      <Fact name={t('details.pid')}>
        {pid ? pid : none}
        {processWords === null ? null : ` (${processWords})`}
      </Fact>
      <Fact name={t('details.address')}>{known?.url ? new URL(known.url).host : none}</Fact>
      <Fact name={t('details.uptime')}>{alive && known ? uptime(known.uptimeMs) : none}</Fact>
      <Fact name={t('table.epoch')}>{known ? number(known.epoch) : none}</Fact>
      <Fact name={t('table.sync')}>{holdsEverything(shown) ? t('table.inSync') : t('table.notInSync')}</Fact>
      <Fact name={t('details.indices')}>
        {known
          ? t('details.indicesValue', {
              last: number(known.last),
              committed: number(known.committed),
              applied: number(known.applied),
            })
          : none}
      </Fact>
      <Fact name={t('details.fingerprint')} title={known?.fingerprint ?? ''}>
        {known?.fingerprint ? <code>{known.fingerprint.slice(0, 12)}</code> : none}
      </Fact>
      <Fact name={t('table.clients')}>{alive && known ? number(known.connections) : none}</Fact>
      {known?.fetching ? (
        <Fact name={t('details.copying')}>
          {t('details.copied', { done: size(known.fetching.done), of: size(known.fetching.of) })}
        </Fact>
      ) : null}
      {memory === null ? null : (
        <Fact name={t('details.memory')}>
          {t('details.memoryValue', { rss: size(memory.rssBytes), heap: size(memory.heapBytes) })}
        </Fact>
      )}
      {disk === null ? null : (
        <Fact name={t('details.disk')}>
          {t('details.diskValue', {
            log: size(disk.logBytes),
            chat: size(disk.chatBytes),
            files: size(disk.filesBytes),
            free: size(disk.freeBytes),
          })}
        </Fact>
      )}
      {delay === null ? null : (
        <Fact name={t('details.delay')}>
          {t('details.delayValue', {
            mean: number(delay.mean, 1),
            p99: number(delay.p99, 1),
            max: number(delay.max, 1),
          })}
        </Fact>
      )}
      <Fact name={t('details.faults')}>{faults(details?.faults ?? shown.faults)}</Fact>
    </dl>
  );
};
