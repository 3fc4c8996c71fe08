/** What can be done with a report: print it, take its figures along, give its link to others. */
import { Check, Download, Link2, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../text/copy-text.ts';
import { Button } from '../ui/button.tsx';
import { fileNameOf, type Report } from './report.ts';
import { repeatLink, reportCsv, reportJson } from './report-csv.ts';
import { saveText } from './report-save.ts';

export const ReportActions = ({ report }: { readonly report: Report }) => {
  const { t } = useTranslation('lab');
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const link = `${location.origin}${repeatLink(report)}`;
  const copy = async (): Promise<void> => setCopied((await copyText(link)) ? 'yes' : 'failed');
  return (
    <div className="report-actions">
      <Button small look="quiet" onPress={() => print()}>
        <Printer size={15} aria-hidden="true" />
        {t('guided.report.print')}
      </Button>
      <Button small look="quiet" onPress={() => saveText(fileNameOf(report, 'csv'), reportCsv(report), 'text/csv')}>
        <Download size={15} aria-hidden="true" />
        {t('guided.report.csv')}
      </Button>
      <Button
        small
        look="quiet"
        onPress={() => saveText(fileNameOf(report, 'json'), reportJson(report, location.origin), 'application/json')}
      >
        <Download size={15} aria-hidden="true" />
        {t('guided.report.json')}
      </Button>
      <Button small look="quiet" onPress={() => void copy()}>
        {copied === 'yes' ? <Check size={15} aria-hidden="true" /> : <Link2 size={15} aria-hidden="true" />}
        {copied === 'yes' ? t('guided.report.copied') : t('guided.report.copy')}
      </Button>
      <span className="hidden-visually" role="status">
        {copied === 'yes' ? t('guided.report.copied') : null}
      </span>
      {copied === 'failed' ? <p className="report-link">{link}</p> : null}
    </div>
  );
};
