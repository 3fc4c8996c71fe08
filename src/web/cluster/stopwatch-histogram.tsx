/** How long all takeovers so far took: a histogram by cause, and what can be said of so many. */
import { useTranslation } from 'react-i18next';
import { useNumber } from './hooks.ts';
import { useDuration } from './sequence-words.ts';
import { type Bin, binsOf, countedCauses, summaryOf, type Timed } from './stopwatch-phases.ts';

const Bins = ({ bins }: { readonly bins: readonly Bin[] }) => {
  const { t } = useTranslation('cluster');
  const duration = useDuration();
  const number = useNumber();
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const spoken = bins
    .filter(({ count }) => count > 0)
    .map(({ from, until, count }) =>
      t('stopwatch.bin', { count, number: number(count), from: duration(from), until: duration(until) }),
    );
  return (
    <div className="stopwatch-histogram" role="img" aria-label={t('stopwatch.histogram', { bins: spoken.join('; ') })}>
      <div className="stopwatch-bins">
        {bins.map(({ from, count, byCause }) => (
          <div key={from} className="stopwatch-bin">
            {count > 0 ? <span className="stopwatch-count">{number(count)}</span> : null}
            {countedCauses.map((cause) =>
              byCause[cause] === 0 ? null : (
                <span key={cause} data-cause={cause} style={{ height: `${(84 * byCause[cause]) / most}%` }} />
              ),
            )}
          </div>
        ))}
      </div>
      <div className="stopwatch-axis">
        <span>{duration(0)}</span>
        <span>{duration(bins.at(-1)?.until ?? 0)}</span>
      </div>
    </div>
  );
};

export const StopwatchHistogram = ({ all }: { readonly all: readonly Timed[] }) => {
  const { t } = useTranslation('cluster');
  const duration = useDuration();
  const number = useNumber();
  const counted = all.filter(({ totalMs }) => totalMs !== null);
  const summary = summaryOf(counted);
  const others = all.length - counted.length;
  const causes = countedCauses.filter((cause) => counted.some(({ takeover }) => takeover.cause === cause));
  return (
    <section className="stopwatch-all" aria-label={t('stopwatch.all')}>
      <h3 className="cluster-subheading">
        {t('stopwatch.count', { count: counted.length, number: number(counted.length) })}
      </h3>
      {summary === null ? null : (
        <>
          <dl className="stopwatch-figures">
            <div>
              <dt>{t('stopwatch.median')}</dt>
              <dd>{duration(summary.medianMs)}</dd>
            </div>
            {summary.p99Ms === null ? null : (
              <div>
                <dt>{t('stopwatch.p99')}</dt>
                <dd>{duration(summary.p99Ms)}</dd>
              </div>
            )}
            <div>
              <dt>{t('stopwatch.slowest')}</dt>
              <dd>{duration(summary.slowestMs)}</dd>
            </div>
          </dl>
          {summary.p99Ms === null ? <p className="cluster-note">{t('stopwatch.few')}</p> : null}
          <Bins bins={binsOf(counted)} />
          <ul className="stopwatch-causes">
            {causes.map((cause) => (
              <li key={cause}>
                <span className="stopwatch-swatch" data-cause={cause} aria-hidden="true" />
                {t(`stopwatch.causesShort.${cause}`)}
              </li>
            ))}
          </ul>
        </>
      )}
      {others > 0 ? (
        <p className="cluster-note">{t('stopwatch.notCounted', { count: others, number: number(others) })}</p>
      ) : null}
    </section>
  );
};
