/** What theory expects of the settings as they stand, before anything is run: computed here, in the page. */
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { expected, expectedRate, variantsOf } from '../../lab/index.ts';
import { ChartTable } from './chart-table.tsx';
import { expectedFigures } from './experiment-figures.ts';
import type { Setup } from './experiment-form.ts';
import { HeatMaps } from './heat-maps.tsx';
import { useReportFormats } from './report-formats.ts';

type LinkSetup = Setup & { readonly kind: 'links' };

const TheoryTable = ({ setup }: { readonly setup: LinkSetup }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const rows = variantsOf(setup.experiment, setup.change).map(({ method, settings, offeredPerSecond }) => {
    const theory = expected(method, settings);
    const links = t('guided.rows.latency', { from: settings.latencyMinMs, to: settings.latencyMaxMs });
    const name = setup.experiment === 3 ? `${t(`methods.${method}`)}, ${links}` : t(`methods.${method}`);
    const rate = offeredPerSecond === null ? null : expectedRate(method, settings, offeredPerSecond).sentPerSecond;
    return [
      name,
      formats.of('delivered', theory.delivered),
      method === 'direct' ? '–' : formats.of('confirmed', theory.confirmed),
      formats.of('latency', theory.latencyMs),
      formats.of('attempts', theory.attempts),
      formats.of('duplicates', theory.duplicates),
      ...(rate === null ? [] : [formats.of('throughput', rate)]),
    ];
  });
  const quantities = ['delivered', 'confirmed', 'latency', 'attempts', 'duplicates'] as const;
  const columns = [t('guided.bars.what'), ...quantities.map((quantity) => t(`guided.quantities.${quantity}`))];
  if (setup.experiment === 3) columns.push(t('guided.quantities.throughput'));
  return <ChartTable caption={t('guided.theory.title')} columns={columns} rows={rows} />;
};

interface TheoryProps {
  readonly setup: LinkSetup;
  /** Whether the prediction is locked, or there is none to be made: then nothing is given away. */
  readonly open: boolean;
  /** Looked at before the prediction was locked. */
  readonly onPeek: () => void;
}

export const TheoryPanel = ({ setup, open, onPeek }: TheoryProps) => {
  const { t } = useTranslation('lab');
  const [wished, setWished] = useState(false);
  const isOpen = open || wished;
  return (
    <section className="lab-card theory">
      <h3 className="lab-card-title">
        {open ? (
          t('guided.theory.title')
        ) : (
          <button
            type="button"
            className="theory-toggle"
            aria-expanded={isOpen}
            onClick={() => {
              if (!isOpen) onPeek();
              setWished(!wished);
            }}
          >
            <ChevronDown size={18} aria-hidden="true" />
            {t('guided.theory.title')}
          </button>
        )}
      </h3>
      {isOpen ? (
        <>
          <p className="lab-note">{t('guided.theory.about')}</p>
          {setup.experiment === 4 ? (
            <HeatMaps rows={expectedFigures(4, setup.change)} down="retries" across="timeout" />
          ) : (
            <div className="report-scroll scroll">
              <TheoryTable setup={setup} />
            </div>
          )}
        </>
      ) : (
        <p className="lab-note">{t('guided.theory.closed')}</p>
      )}
    </section>
  );
};
