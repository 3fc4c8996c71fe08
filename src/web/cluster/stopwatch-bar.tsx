/** One takeover’s stopwatch: a bar with a segment for each stretch, and the same in numbers below it. */
import { useTranslation } from 'react-i18next';
import { useDuration } from './sequence-words.ts';
import type { Timed } from './stopwatch-phases.ts';

/** A segment is never thinner: what took a tenth of a millisecond is there as well. */
const leastPercent = 1.5;

/** How wide each stretch is, in percent: true to time, but for what would be too thin to see. */
export const widthsOf = (parts: readonly (number | null)[]): readonly number[] => {
  const known = parts.map((ms) => ms ?? 0);
  const sum = known.reduce((total, ms) => total + ms, 0) || 1;
  const wide = parts.map((ms, place) => (ms === null ? 0 : Math.max(leastPercent, (100 * known[place]!) / sum)));
  const all = wide.reduce((total, width) => total + width, 0) || 1;
  return wide.map((width) => (100 * width) / all);
};

export const StopwatchBar = ({ timed, title }: { readonly timed: Timed; readonly title: string }) => {
  const { t } = useTranslation('cluster');
  const duration = useDuration();
  const { phases, ms } = timed;
  const widths = widthsOf(phases.map((phase) => phase.ms));
  const parts = phases
    .filter((phase) => phase.until !== null)
    .map(({ name, until }) => t('stopwatch.part', { phase: t(`stopwatch.phases.${name}`), time: duration(until!) }));
  return (
    <div className="stopwatch-one">
      <div
        className="stopwatch-bar"
        role="img"
        aria-label={t('stopwatch.bar', { title, total: duration(ms), parts: parts.join(', ') })}
      >
        {phases.map(({ name, ms: part }, place) =>
          part === null ? null : <span key={name} data-phase={name} style={{ width: `${widths[place]}%` }} />,
        )}
      </div>
      <ol className="stopwatch-parts">
        {phases.map(({ name, ms: part }) => (
          <li key={name}>
            <span className="stopwatch-swatch" data-phase={name} aria-hidden="true" />
            <span className="stopwatch-part-name">{t(`stopwatch.phases.${name}`)}</span>
            <strong>{part === null ? t('stopwatch.notMeasured') : `+${duration(part)}`}</strong>
          </li>
        ))}
        <li className="stopwatch-total">
          <span className="stopwatch-part-name">{t('stopwatch.total')}</span>
          <strong>{duration(ms)}</strong>
        </li>
      </ol>
    </div>
  );
};
