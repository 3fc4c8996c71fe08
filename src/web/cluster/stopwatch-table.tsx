/** Every takeover in numbers, the newest first; each can be chosen to be shown as a bar. */
import { useTranslation } from 'react-i18next';
import { scrollable } from '../ui/scrollable.ts';
import { useDuration } from './sequence-words.ts';
import { phaseNames, type Timed } from './stopwatch-phases.ts';

interface TableProps {
  /** The newest first. */
  readonly all: readonly Timed[];
  readonly shown: number;
  readonly onShow: (epoch: number) => void;
}

export const StopwatchTable = ({ all, shown, onShow }: TableProps) => {
  const { t } = useTranslation('cluster');
  const duration = useDuration();
  const time = (ms: number | null): string => (ms === null ? '–' : duration(ms));
  return (
    <section className="stopwatch-scroll" aria-label={t('stopwatch.table')} {...scrollable}>
      <table className="stopwatch-table">
        <thead>
          <tr>
            <th scope="col">{t('stopwatch.columns.epoch')}</th>
            <th scope="col">{t('stopwatch.columns.primary')}</th>
            <th scope="col">{t('stopwatch.columns.previous')}</th>
            {phaseNames.map((name) => (
              <th key={name} scope="col" className="stopwatch-number">
                {t(`stopwatch.phases.${name}`)}
              </th>
            ))}
            <th scope="col" className="stopwatch-number">
              {t('stopwatch.total')}
            </th>
            <th scope="col">{t('stopwatch.columns.cause')}</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ takeover, phases, totalMs }) => (
            <tr key={takeover.epoch} data-shown={takeover.epoch === shown || undefined}>
              <th scope="row">
                <button
                  type="button"
                  className="stopwatch-pick"
                  aria-label={t('stopwatch.show', { epoch: takeover.epoch })}
                  aria-pressed={takeover.epoch === shown}
                  onClick={() => onShow(takeover.epoch)}
                >
                  {takeover.epoch}
                </button>
              </th>
              <td>{takeover.primary}</td>
              <td>{takeover.previous ?? '–'}</td>
              {phases.map(({ name, ms }) => (
                <td key={name} className="stopwatch-number">
                  {time(ms)}
                </td>
              ))}
              <td className="stopwatch-number stopwatch-sum">{time(totalMs)}</td>
              <td>{t(`stopwatch.causes.${takeover.cause}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
