/** What was predicted before the run, beside what came out. */

import { Check, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { scrollable } from '../ui/scrollable.ts';
import { type Compared, compare } from './experiment-predict.ts';
import { numberOf, type Report } from './report.ts';
import { type ReportFormats, useReportFormats } from './report-formats.ts';

/** An answer as it is written. */
export const answerText = (
  formats: ReportFormats,
  { question }: Pick<Compared, 'question'>,
  value: number | string,
  option: (id: string, option: string) => string,
): string => {
  if (question.kind === 'choice') return option(question.id, String(value));
  const number = Number(value);
  if (question.unit === 'share') return formats.exact(number);
  if (question.unit === 'ms') return formats.ms(number);
  return question.unit === 'times' ? `× ${formats.mean(number)}` : formats.count(number);
};

const worded = [
  'retries.none',
  'timeout.more',
  'timeout.sooner',
  'timeout.both',
  'timeout.neither',
  'lostUpdates.none',
  'lostUpdates.few',
  'lostUpdates.many',
] as const;

/** The words of a choice: those that are numbers are written as they are. */
export const useOption = (): ((id: string, option: string) => string) => {
  const { t } = useTranslation('lab');
  return (id, option) => {
    const key = worded.find((one) => one === `${id}.${option}`);
    return key === undefined ? option : t(`guided.options.${key}`);
  };
};

const offText = (formats: ReportFormats, { question, off }: Compared, points: (value: string) => string): string => {
  if (off === null || question.kind === 'choice') return '';
  const sign = off > 0 ? '+' : '−';
  // A difference of two percentages is in points, not in percent.
  if (question.unit === 'share') return points(`${sign}${formats.mean(100 * Math.abs(off))}`);
  if (question.unit === 'ms') return `${sign}${formats.ms(Math.abs(off))}`;
  return `${sign}${formats.mean(Math.abs(off))}`;
};

const rangeText = (formats: ReportFormats, { question, outcome }: Compared): string => {
  if (outcome.kind === 'choice' || outcome.interval === null || question.kind === 'choice') return '';
  const { low, high } = outcome.interval;
  const text = (value: number): string => (question.unit === 'share' ? formats.exact(value) : formats.mean(value));
  return `${text(low)} – ${text(high)}`;
};

export const PredictionResult = ({ report }: { readonly report: Report }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const option = useOption();
  const number = numberOf(report);
  if (number === 0) return null;
  if (report.prediction === null) return <p className="lab-note">{t('guided.prediction.without')}</p>;
  const compared = compare(report);
  const right = compared.filter((one) => one.right).length;
  return (
    <>
      <p className="lab-note">
        {t('guided.prediction.lockedAt', { at: formats.moment(report.prediction.lockedAt) })}{' '}
        {report.prediction.sawTheory ? t('guided.prediction.sawTheory') : t('guided.prediction.blind')}
      </p>
      <div className="report-scroll scroll" {...scrollable}>
        <table className="report-table">
          <caption className="hidden-visually">{t('guided.prediction.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('guided.prediction.question')}</th>
              <th scope="col">{t('guided.prediction.predicted')}</th>
              <th scope="col">{t('guided.figures.measured')}</th>
              <th scope="col">{t('guided.prediction.off')}</th>
            </tr>
          </thead>
          <tbody>
            {compared.map((one) => (
              <tr key={one.question.id}>
                <th scope="row">{t(`guided.questions.${one.question.id}`)}</th>
                <td>{answerText(formats, one, one.predicted, option)}</td>
                <td>
                  {answerText(formats, one, one.outcome.value, option)}
                  <span className="report-table-below">{rangeText(formats, one)}</span>
                </td>
                <td>
                  <span className="prediction-mark" data-right={one.right || undefined}>
                    {one.right ? <Check size={14} aria-hidden="true" /> : <X size={14} aria-hidden="true" />}
                    {one.right
                      ? t('guided.prediction.right')
                      : one.off === null
                        ? t('guided.prediction.wrong')
                        : offText(formats, one, (value) => t('guided.prediction.points', { value }))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lab-note">{t('guided.prediction.score', { count: compared.length, right })}</p>
    </>
  );
};
