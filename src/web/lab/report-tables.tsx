/** The figures of a run on links as tables: a few rows one below the other in full, many rows as one line each. */
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Judged, Quantity } from '../../lab/index.ts';
import { scrollable } from '../ui/scrollable.ts';
import type { AssessedRow } from './report-verdict.ts';
import { VerdictMark } from './report-verdict-mark.tsx';
import { useReportWords } from './report-words.ts';

/** More rows than this are one line each. */
const rowsInFull = 4;

interface TableProps {
  readonly rows: readonly AssessedRow[];
}

const InFull = ({ rows }: TableProps) => {
  const { t } = useTranslation('lab');
  const words = useReportWords();
  const all = rows.map(({ row }) => row);
  return (
    <table className="report-table">
      <caption className="hidden-visually">{t('guided.figures.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('guided.figures.quantity')}</th>
          <th scope="col">{t('guided.figures.measured')}</th>
          <th scope="col">{t('guided.figures.interval')}</th>
          <th scope="col">{t('guided.figures.theory')}</th>
          <th scope="col">{t('guided.figures.verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, judgement }) => {
          const name = words.row(row, all);
          return (
            <Fragment key={name}>
              <tr className="report-table-group">
                <th scope="colgroup" colSpan={5}>
                  {name} <span className="lab-faint">{t('guided.figures.sent', { count: row.sent })}</span>
                </th>
              </tr>
              {judgement.quantities.map(({ quantity, measured, interval, theory, verdict }) => (
                <tr key={quantity}>
                  <th scope="row">{words.quantity(quantity)}</th>
                  <td>{words.formats.of(quantity, measured)}</td>
                  <td>{words.formats.range(quantity, interval)}</td>
                  <td>{words.formats.of(quantity, theory)}</td>
                  <td>
                    <VerdictMark verdict={verdict} small />
                  </td>
                </tr>
              ))}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
};

const InLines = ({ rows }: TableProps) => {
  const { t } = useTranslation('lab');
  const words = useReportWords();
  const all = rows.map(({ row }) => row);
  const quantities = [
    ...new Set(rows.flatMap(({ judgement }) => judgement.quantities.map(({ quantity }) => quantity))),
  ];
  const cell = (one: Judged | undefined, quantity: Quantity) =>
    one === undefined ? null : (
      <>
        {words.formats.of(quantity, one.measured)}
        <span className="report-table-below">{words.formats.range(quantity, one.interval)}</span>
        <span className="report-table-below" data-wrong={one.verdict === 'not-consistent' || undefined}>
          {t('guided.maps.theory', { value: words.formats.of(quantity, one.theory) })}
        </span>
      </>
    );
  return (
    <table className="report-table">
      <caption className="hidden-visually">{t('guided.figures.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('guided.bars.what')}</th>
          {quantities.map((quantity) => (
            <th scope="col" key={quantity}>
              {words.quantity(quantity)}
            </th>
          ))}
          <th scope="col">{t('guided.figures.verdict')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, judgement }) => {
          const name = words.row(row, all);
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              {quantities.map((quantity) => (
                <td key={quantity}>
                  {cell(
                    judgement.quantities.find((one) => one.quantity === quantity),
                    quantity,
                  )}
                </td>
              ))}
              <td>
                <VerdictMark verdict={judgement.verdict} small />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

export const LinksTable = ({ rows }: TableProps) => (
  <div className="report-scroll scroll" {...scrollable}>
    {rows.length > rowsInFull ? <InLines rows={rows} /> : <InFull rows={rows} />}
  </div>
);
