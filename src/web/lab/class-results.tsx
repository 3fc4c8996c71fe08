/** After the run: what was predicted, what all phones together measured, and what each of them did. */
import { useTranslation } from 'react-i18next';
import type { LabClass, LabDevice } from '../../protocol/index.ts';
import { scrollable } from '../ui/scrollable.ts';
import { ClassHistogram } from './class-histogram.tsx';
import { useFormats } from './formats.ts';
import { useLab } from './hooks.ts';
import { isUnderWay, RunResult } from './run-progress.tsx';

/** Each phone’s own figures: small samples scatter, and that is what there is to see. */
const Devices = ({ devices }: { readonly devices: readonly LabDevice[] }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const ordered = devices.toSorted((a, b) => a.name.localeCompare(b.name) || a.method.localeCompare(b.method));
  return (
    <div className="lab-scroll-x" {...scrollable}>
      <table className="lab-totals">
        <caption className="lab-caption">{t('class.devices')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('class.device')}</th>
            <th scope="col">{t('send.by')}</th>
            <th scope="col">{t('quantities.messages')}</th>
            <th scope="col">{t('quantities.delivered')}</th>
            <th scope="col">{t('quantities.confirmed')}</th>
            <th scope="col">{t('quantities.attempts')}</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map(({ node, name, method, messages, delivered, confirmed, attempts }) => {
            const of = (count: number): string => formats.share(messages === 0 ? null : count / messages);
            return (
              <tr key={`${node} ${method}`}>
                <th scope="row">{name}</th>
                <td>{t(`methods.${method}`)}</td>
                <td>{formats.count(messages)}</td>
                <td>{of(delivered)}</td>
                <td>{method === 'direct' ? formats.share(null) : of(confirmed)}</td>
                <td>{formats.mean(messages === 0 ? null : attempts / messages)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};

export const ClassResults = ({ open }: { readonly open: LabClass }) => {
  const { t } = useTranslation('lab');
  const run = useLab((state) => state.model.run);
  const own = run?.ofClass && !isUnderWay(run) ? run : null;
  const histogram = open.question?.histogram ?? null;
  if (own === null && histogram === null) return null;
  return (
    <section className="lab-class-results" aria-label={t('class.results')}>
      {histogram === null ? null : <ClassHistogram histogram={histogram} run={own} />}
      {own === null ? null : (
        <div className="lab-card">
          <RunResult run={own} />
          {own.devices.length === 0 ? null : <Devices devices={own.devices} />}
        </div>
      )}
    </section>
  );
};
