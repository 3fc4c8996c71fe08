/** The conditions that a search may have, offered to be pressed: each writes itself into what is typed. */
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { type Filter, filters, hasFilter, withFilter } from './search-query.ts';

/** A day as it is written in a search, `daysAgo` before today on this device's calendar. */
const dayText = (daysAgo: number): string => {
  const day = new Date();
  day.setDate(day.getDate() - daysAgo);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
};

interface SearchFiltersProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export const SearchFilters = ({ text, onChange }: SearchFiltersProps) => {
  const { t } = useTranslation();
  const you = useChat((state) => state.you?.name ?? 'me');
  const example: Readonly<Record<Filter, string>> = {
    from: you,
    in: 'general',
    has: 'file',
    before: dayText(0),
    after: dayText(7),
  };
  return (
    <fieldset className="search-filters" aria-label={t('search.filters')}>
      {filters.map((filter) => (
        <button
          key={filter}
          type="button"
          className="search-filter"
          aria-pressed={hasFilter(text, filter)}
          title={t(`search.filter.${filter}`)}
          aria-label={`${filter}: ${t(`search.filter.${filter}`)}`}
          onClick={() => onChange(withFilter(text, filter, example[filter]))}
        >
          {filter}:
        </button>
      ))}
    </fieldset>
  );
};
