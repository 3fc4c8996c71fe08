/** What the shapes and colours of the map mean, and what share of the messages is shown. */
import { useTranslation } from 'react-i18next';
import { ConditionMark } from './condition-mark.tsx';
import { useNumber } from './hooks.ts';
import { flowShapes, shownFlows } from './map-shapes.ts';
import type { Traffic } from './map-traffic.ts';
import { conditions } from './model.ts';

interface MapLegendProps {
  readonly traffic: Traffic;
  readonly still: boolean;
}

export const MapLegend = ({ traffic, still }: MapLegendProps) => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const { oneOf, perSecond } = traffic;
  return (
    <div className="legend">
      <p className="legend-traffic">
        {t('map.perSecond', { count: perSecond, number: number(perSecond) })}
        {still || perSecond === 0 ? null : (
          <strong>{oneOf === 1 ? t('map.allShown') : t('map.oneOf', { number: number(oneOf) })}</strong>
        )}
      </p>
      <details className="legend-details">
        <summary>{t('map.legend')}</summary>
        <ul>
          {conditions.map((condition) => (
            <li key={condition}>
              <ConditionMark condition={condition} size={14} />
              {t(`conditions.${condition}`)}
            </li>
          ))}
        </ul>
        <ul>
          {shownFlows.map((what) => (
            <li key={what}>
              <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
                <path className={`mover mover-${what}`} d={flowShapes[what]} />
              </svg>
              {t(`map.flows.${what}`)}
            </li>
          ))}
        </ul>
        <ul>
          {(['applied', 'committed', 'stored', 'all'] as const).map((part) => (
            <li key={part}>
              <svg width="18" height="10" aria-hidden="true">
                <rect className={`strip-${part}`} width="18" height="10" rx="2" />
              </svg>
              {t(`map.strip.${part}`)}
            </li>
          ))}
        </ul>
        <p>{t('map.slowly')}</p>
      </details>
    </div>
  );
};
