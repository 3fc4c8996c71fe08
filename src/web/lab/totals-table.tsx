/** What was measured of both methods beside what theory expects, with intervals, and what may be concluded, in words. */
import { useTranslation } from 'react-i18next';
import { samplesForError } from '../../lab/index.ts';
import type { LabEstimate, LabMethod, LabTotals, LabVerdict } from '../../protocol/index.ts';
import { scrollable } from '../ui/scrollable.ts';
import { ChartMark } from './chart-mark.tsx';
import { type Formats, useFormats } from './formats.ts';
import { VerdictMark } from './verdict-mark.tsx';

type Both = Readonly<Record<LabMethod, LabTotals>>;

const rows = [
  { quantity: 'delivered', of: 'deliveryShare', unit: 'share' },
  { quantity: 'confirmed', of: 'confirmationShare', unit: 'share' },
  { quantity: 'latency', of: 'latencyMeanMs', unit: 'ms' },
  { quantity: 'attempts', of: 'attemptsMean', unit: 'mean' },
  { quantity: 'duplicates', of: 'duplicatesMean', unit: 'mean' },
] as const satisfies readonly {
  readonly quantity: string;
  readonly of: keyof LabTotals;
  readonly unit: keyof Formats;
}[];
const methods = ['direct', 'pubsub'] as const satisfies readonly LabMethod[];

/** What Direct has none of: nobody tells its sender anything. */
const isOf = (method: LabMethod, quantity: string): boolean =>
  method === 'pubsub' || quantity === 'delivered' || quantity === 'latency';

interface EstimateProps {
  readonly estimate: LabEstimate;
  readonly format: (value: number | null) => string;
}

/** A value, and below it where the truth should lie. */
const Estimate = ({ estimate: { value, interval }, format }: EstimateProps) => {
  const { t } = useTranslation('lab');
  return (
    <>
      <strong>{format(value)}</strong>
      {interval === null || value === null ? null : (
        <span className="lab-interval">
          {t('totals.interval', { low: format(interval.low), high: format(interval.high) })}
        </span>
      )}
    </>
  );
};

/** Enough messages for a share to be known to ± 5 points, whatever it is. */
const enough = samplesForError(0.05);

export const VerdictLine = ({ method, verdict, messages }: VerdictLineProps) => {
  const { t } = useTranslation('lab');
  return (
    <p className="lab-verdict" data-verdict={verdict}>
      <VerdictMark verdict={verdict} />
      <span>
        <strong>
          {t(`methods.${method}`)}: {t(`verdicts.${verdict}.word`)}
        </strong>{' '}
        {t(`verdicts.${verdict}.about`, { count: messages, enough })}
      </span>
    </p>
  );
};
interface VerdictLineProps {
  readonly method: LabMethod;
  readonly verdict: LabVerdict;
  readonly messages: number;
}

export const TotalsTable = ({ totals, caption }: { readonly totals: Both; readonly caption: string }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  return (
    <>
      <div className="lab-scroll-x" {...scrollable}>
        <table className="lab-totals">
          <caption className="hidden-visually">{caption}</caption>
          <thead>
            <tr>
              <td />
              {methods.map((method) => (
                <th key={method} scope="col" colSpan={2}>
                  <span className="lab-totals-method">
                    <ChartMark look={method} />
                    {t(`methods.${method}`)}
                  </span>
                </th>
              ))}
            </tr>
            <tr>
              <th scope="col">{t('totals.quantity')}</th>
              {methods.flatMap((method) => [
                <th key={`${method} measured`} scope="col">
                  {t('totals.measured')}
                </th>,
                <th key={`${method} theory`} scope="col">
                  {t('totals.theory')}
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('quantities.messages')}</th>
              {methods.map((method) => (
                <td key={method} colSpan={2}>
                  <strong>{formats.count(totals[method].messages)}</strong>
                </td>
              ))}
            </tr>
            {rows.map(({ quantity, of, unit }) => (
              <tr key={quantity}>
                <th scope="row">{t(`quantities.${quantity}`)}</th>
                {methods.flatMap((method) => [
                  <td key={`${method} measured`}>
                    {isOf(method, quantity) ? (
                      <Estimate estimate={totals[method][of]} format={formats[unit]} />
                    ) : (
                      formats[unit](null)
                    )}
                  </td>,
                  <td key={`${method} theory`} className="lab-totals-theory">
                    {formats[unit](isOf(method, quantity) ? totals[method][of].theory : null)}
                  </td>,
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {methods.map((method) => (
        <VerdictLine key={method} method={method} verdict={totals[method].verdict} messages={totals[method].messages} />
      ))}
    </>
  );
};
