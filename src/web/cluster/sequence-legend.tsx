/** What the diagram's lines mean: each as it is drawn, with its name. */
import { useTranslation } from 'react-i18next';
import { arrowKinds } from './sequence-items.ts';
import { arrowLooks } from './sequence-look.ts';

export const SequenceLegend = () => {
  const { t } = useTranslation('cluster');
  return (
    <ul className="sequence-legend" aria-label={t('sequence.legend')}>
      {arrowKinds.map((what) => {
        const { tone, dash, head } = arrowLooks[what];
        return (
          <li key={what}>
            <svg className={`sequence-arrow sequence-${tone}`} width="40" height="12" aria-hidden="true">
              <path className="sequence-line" d="M1,6H36" strokeDasharray={dash || undefined} />
              <path
                className="sequence-head"
                d={head === 'full' ? 'M30,2L38,6L30,10Z' : 'M30,2L38,6L30,10'}
                data-filled={head === 'full' ? '' : undefined}
              />
            </svg>
            {t(`sequence.arrows.${what}`)}
          </li>
        );
      })}
      <li>
        <span className="sequence-legend-span" data-kind="primary" />
        {t('sequence.spans.primary')}
      </li>
      <li>
        <span className="sequence-legend-span" data-kind="down" />
        {t('sequence.spans.down')}
      </li>
    </ul>
  );
};
