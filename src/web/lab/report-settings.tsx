/** Everything that a run was made with: enough to make it again by hand, on the page or on the command line. */
import { useTranslation } from 'react-i18next';
import { Link } from '../app/link.tsx';
import { formOf } from './experiment-form.ts';
import { sweepFields, sweepFormOf } from './experiment-grid.ts';
import { type Field, fieldsOf } from './experiment-kinds.ts';
import type { Report } from './report.ts';
import { commandOf, repeatLink } from './report-csv.ts';
import { useReportFormats } from './report-formats.ts';

export const useFieldWords = () => {
  const { t } = useTranslation('lab');
  const unit = (field: Field): string | undefined => {
    if (field === 'loss') return '%';
    if (field === 'perSecond') return '/s';
    if (field === 'seconds') return 's';
    return ['latencyMin', 'latencyMax', 'timeout', 'killAfter'].includes(field) ? 'ms' : undefined;
  };
  return { name: (field: Field): string => t(`guided.fields.${field}`), unit };
};

export const ReportSettings = ({ report }: { readonly report: Report }) => {
  const { t } = useTranslation('lab');
  const fields = useFieldWords();
  const formats = useReportFormats();
  const link = repeatLink(report);
  const command = commandOf(report);
  const pairs: (readonly [string, string])[] =
    report.kind === 'sweep'
      ? sweepFields.map((field) => [t(`guided.sweep.fields.${field}`), sweepFormOf(report.setup)[field]] as const)
      : fieldsOf(report.setup.experiment).map((field) => {
          const value = formOf(report.setup)[field] ?? '';
          const unit = fields.unit(field);
          return [fields.name(field), unit === undefined ? value : `${value} ${unit}`] as const;
        });
  return (
    <section className="report-part">
      <h4 className="report-part-title">{t('guided.report.settings')}</h4>
      <dl className="report-settings">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t('guided.report.version')}</dt>
          <dd>{report.result.version}</dd>
        </div>
        <div>
          <dt>{t('guided.report.took')}</dt>
          <dd>
            {report.result.endedAt === null ? '–' : formats.seconds(report.result.endedAt - report.result.startedAt)}
          </dd>
        </div>
      </dl>
      <p className="lab-note">
        {report.kind === 'links' || report.kind === 'sweep'
          ? t('guided.report.repeat')
          : t('guided.report.repeatOther')}{' '}
        <Link className="report-link" href={link}>
          {`${location.host}${link}`}
        </Link>
      </p>
      {command === null ? null : (
        <p className="lab-note">
          {t('guided.report.command')} <code className="report-command">{command}</code>
        </p>
      )}
    </section>
  );
};
