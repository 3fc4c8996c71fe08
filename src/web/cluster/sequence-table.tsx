/** The diagram as a table: the same things in whole sentences, the newest first. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { endOf, isStep, type Sequence } from './sequence-items.ts';
import { toneOf } from './sequence-look.ts';
import type { SequenceWords } from './sequence-words.ts';

interface TableProps {
  readonly sequence: Sequence;
  readonly words: SequenceWords;
  readonly steps: boolean;
  readonly chosen: string | null;
  readonly onChoose: (request: string | null) => void;
}

const perPage = 100;

export const SequenceTable = ({ sequence, words, steps, chosen, onChoose }: TableProps) => {
  const { t } = useTranslation('cluster');
  const [most, setMost] = useState(perPage);
  const all = sequence.items.filter((item) => (steps || !isStep(item)) && (chosen === null || item.request === chosen));
  const shown = all.slice(-most).reverse();
  return (
    <section className="sequence-table-scroll" aria-label={t('sequence.table')} {...scrollable}>
      <table className="sequence-table">
        <thead>
          <tr>
            <th scope="col">{t('sequence.columns.time')}</th>
            <th scope="col">{t('sequence.columns.who')}</th>
            <th scope="col">{t('sequence.columns.what')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr key={item.id} data-what={item.what} className={`sequence-${toneOf(item)}`}>
              <td className="sequence-table-time">{words.time(endOf(item).at)}</td>
              <td className="sequence-table-where">{words.where(item)}</td>
              <td>
                {words.long(item)}
                {item.request === null || item.label === null ? null : (
                  <>
                    {' '}
                    <button
                      type="button"
                      className="sequence-pick"
                      aria-pressed={chosen === item.request}
                      onClick={() => onChoose(chosen === item.request ? null : item.request)}
                    >
                      {item.label}
                    </button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > most ? (
        <Button look="quiet" small onPress={() => setMost(most + perPage)}>
          {t('sequence.earlier')}
        </Button>
      ) : null}
    </section>
  );
};
